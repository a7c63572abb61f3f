// Delimited text as a table. Pure; every refusal is one sentence with row and column.
import { msg } from "../language";
import { type Sheet, type SheetRow, sheetFromText } from "./delimited";
import { type Body, bodyOf } from "./header";
import { decimalOf } from "./marks";
import { type DecimalMark, isNotFinite, parseNumber } from "./numbers";
import { type Dialect, DoubtError, FileError, type Reading, shown, type Table } from "./table";

const SHOWN_ROWS = 3;

export function tableFromText(text: string, dialect: Dialect = {}): Table {
  const sheet = sheetFromText(text, dialect.decimal);
  if (dialect.decimal === undefined && isOneColumn(sheet, text))
    return tableFromText(text, { ...dialect, decimal: "," });
  const read = (answer: Dialect) => readingOf(sheet, { ...dialect, ...answer }, answer);
  const decimal = dialect.decimal ?? decimalOf(sheet, read);
  const known = { ...dialect, decimal };
  return tableOf(
    bodyOf(sheet, known, (answer) => readingOf(sheet, { ...known, ...answer }, answer)),
    decimal,
  );
}

/** Commas may be decimal in `1,5` and `0,25`: they are where a second number is 05, and may be under one name. */
function isOneColumn({ rows, delimiter, width }: Sheet, text: string): boolean {
  const [head, second] = rows;
  const isNamed = head?.cells.length === 1;
  const numbers = isNamed ? rows.slice(1) : rows;
  const isPair = ({ cells }: SheetRow) => cells.length === 2 && cells.every((cell) => /^-?\d+$/.test(cell));
  if (delimiter !== "," || width !== 2 || text.includes('"') || !numbers.every(isPair)) return false;
  if (numbers.some(({ cells }) => /^0\d/.test(cells[1] ?? ""))) return true;
  if (!isNamed || second === undefined) return false;
  const readings = ([".", ","] as const).map((decimal) => {
    const dialect = { decimal };
    return readingOf(sheetFromText(text, decimal), dialect, dialect);
  });
  throw new DoubtError(
    msg(`“${second.cells.join(",")}” (row ${second.line}) may be two numbers or one`),
    "decimal",
    readings,
  );
}

function readingOf(sheet: Sheet, dialect: Dialect, answer: Dialect): Reading {
  const { names, rows, skipped } = bodyOf(sheet, dialect);
  const first = rows.slice(0, SHOWN_ROWS).map(({ cells }) =>
    names.map((_, j) => {
      const value = parseNumber(cells[j + skipped] ?? "", dialect.decimal ?? ".");
      return Number.isNaN(value) ? null : value;
    }),
  );
  return { dialect: answer, columns: names, rows: first };
}

function tableOf({ names, rows, skipped, notes }: Body, decimal: DecimalMark): Table {
  const width = names.length + skipped;
  const read = (row: number, column: number) => {
    const { cells, line } = rows[row] ?? { cells: [], line: 0 };
    if (cells.length !== width) throw raggedRow(line, cells.length, width);
    const cell = cells[column + skipped] ?? "";
    const value = parseNumber(cell, decimal);
    if (Number.isFinite(Math.fround(value))) return value;
    const isTooLarge = !Number.isNaN(value) || isNotFinite(cell);
    throw badCell(cell, msg(`Row ${line}, column ${column + skipped + 1} (${shown(names[column] ?? "")})`), isTooLarge);
  };
  const isNumeric = (column: number) => Number.isFinite(parseNumber(rows[0]?.cells[column + skipped] ?? "", decimal));
  const cell = (row: number, column: number) => rows[row]?.cells[column + skipped] ?? "";
  return { names, numRows: rows.length, isNumeric, read, cell, notes };
}

function raggedRow(line: number, found: number, expected: number): FileError {
  return new FileError(
    found === 1
      ? msg(`Row ${line} has 1 column; most rows have ${expected}.`)
      : msg(`Row ${line} has ${found} columns; most rows have ${expected}.`),
  );
}

function badCell(cell: string, where: string, isTooLarge: boolean): FileError {
  if (cell === "") return new FileError(msg(`${where} is empty; a number is needed there.`));
  return new FileError(
    isTooLarge
      ? msg(`${where} is “${shown(cell)}”, which is not a finite number.`)
      : msg(`${where} is “${shown(cell)}”, which is not a number.`),
  );
}
