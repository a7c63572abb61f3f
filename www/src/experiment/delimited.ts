// Delimited text: which character delimits, whether there is a header, how numbers are written.
import { columnNames, FileError, type Table } from "./table";

interface Row {
  cells: string[];
  /** the line in the file, from 1 */
  line: number;
}

type Delimiter = "\t" | ";" | "," | "space";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/** NaN for what is not a number. */
function parseNumber(cell: string, decimalComma: boolean): number {
  const written = decimalComma ? cell.replace(",", ".") : cell;
  return NUMBER.test(written) ? Number(written) : Number.NaN;
}

/** A number, or something such as `nan` that stands where a number should. */
function isNumberLike(cell: string): boolean {
  return NUMBER.test(cell) || DECIMAL_COMMA.test(cell) || NOT_FINITE.test(cell);
}

export function tableFromText(text: string): Table {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  const first = lines.find((line) => line.trim() !== "");
  if (first === undefined) return { names: [], numRows: 0, isNumeric: () => false, read: () => Number.NaN };
  const delimiter = delimiterOf(first);
  const rows: Row[] = [];
  lines.forEach((line, i) => {
    if (line.trim() !== "") rows.push({ cells: cellsOf(line, delimiter), line: i + 1 });
  });
  const header = rows[0]?.cells ?? [];
  const hasHeader = !header.some(isNumberLike);
  const names = hasHeader ? header : columnNames(header.length);
  if (hasHeader) rows.shift();
  // `1,5` means 1.5 only where semicolons or tabs separate the cells.
  const decimalComma = delimiter !== "," && (rows[0]?.cells.some((cell) => DECIMAL_COMMA.test(cell)) ?? false);
  return {
    names,
    numRows: rows.length,
    isNumeric: (column) => Number.isFinite(parseNumber(rows[0]?.cells[column] ?? "", decimalComma)),
    read: (row, column) => readCell(rows[row], column, names, decimalComma),
  };
}

function readCell(row: Row | undefined, column: number, names: readonly string[], decimalComma: boolean): number {
  const { cells, line } = row ?? { cells: [], line: 0 };
  if (cells.length !== names.length) throw raggedRow(line, cells.length, names.length);
  const cell = cells[column] ?? "";
  const value = parseNumber(cell, decimalComma);
  if (!Number.isFinite(Math.fround(value))) throw badCell(cell, line, column, names);
  return value;
}

function raggedRow(line: number, found: number, expected: number): FileError {
  const cells = found === 1 ? "1 column" : `${found} columns`;
  return new FileError(`Row ${line} has ${cells}; the rows above have ${expected}.`);
}

function badCell(cell: string, line: number, column: number, names: readonly string[]): FileError {
  const where = `Row ${line}, column ${column + 1} (${names[column]})`;
  if (cell === "") return new FileError(`${where} is empty; a number is needed there.`);
  const shown = cell.length > 24 ? `${cell.slice(0, 24)}…` : cell;
  if (isNumberLike(cell)) return new FileError(`${where} is “${shown}”, which is not a finite number.`);
  return new FileError(`${where} is “${shown}”, which is not a number.`);
}

function delimiterOf(line: string): Delimiter {
  if (line.includes("\t")) return "\t";
  if (line.includes(";")) return ";";
  if (line.includes(",")) return ",";
  return "space";
}

function cellsOf(line: string, delimiter: Delimiter): string[] {
  if (delimiter === "space") return line.trim().split(/\s+/);
  if (line.includes('"')) return quotedCellsOf(line, delimiter);
  return line.split(delimiter).map((cell) => cell.trim());
}

/** In quotes a delimiter is text and "" is a quotation mark. */
function quotedCellsOf(line: string, delimiter: Delimiter): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? "";
    if (quoted && character === '"' && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  return [...cells, cell.trim()];
}
