// Delimited text as rows of cells: which character delimits, whether there is a header, how numbers are written.

export interface Row {
  cells: string[];
  /** the line in the file, from 1 */
  line: number;
}

export interface Table {
  names: string[];
  rows: Row[];
  /** `1,5` means 1.5: only where semicolons or tabs separate the cells */
  decimalComma: boolean;
}

type Delimiter = "\t" | ";" | "," | "space";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/** NaN for what is not a number. */
export function parseNumber(cell: string, decimalComma: boolean): number {
  const written = decimalComma ? cell.replace(",", ".") : cell;
  return NUMBER.test(written) ? Number(written) : Number.NaN;
}

/** A number, or something such as `nan` that stands where a number should. */
export function isNumberLike(cell: string): boolean {
  return NUMBER.test(cell) || DECIMAL_COMMA.test(cell) || NOT_FINITE.test(cell);
}

export function tableFromText(text: string): Table {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  const first = lines.find((line) => line.trim() !== "");
  if (first === undefined) return { names: [], rows: [], decimalComma: false };
  const delimiter = delimiterOf(first);
  const rows: Row[] = [];
  lines.forEach((line, i) => {
    if (line.trim() !== "") rows.push({ cells: cellsOf(line, delimiter), line: i + 1 });
  });
  const header = rows[0]?.cells ?? [];
  const hasHeader = !header.some(isNumberLike);
  const names = hasHeader ? header : header.map((_, i) => `column ${i + 1}`);
  if (hasHeader) rows.shift();
  const decimalComma = delimiter !== "," && (rows[0]?.cells.some((cell) => DECIMAL_COMMA.test(cell)) ?? false);
  return { names, rows, decimalComma };
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
