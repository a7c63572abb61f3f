// Which rows of a sheet are points: what stands above them, and what names them.
import { msg } from "../language";
import type { Sheet, SheetRow } from "./delimited";
import { isNumber, isNumberLike } from "./numbers";
import { columnNames, type Dialect, DoubtError, type Reading, shown } from "./table";

export interface Body {
  names: readonly string[];
  rows: readonly SheetRow[];
  /** columns that stand before those of the names */
  skipped: number;
  notes: readonly string[];
}

/** What pandas, too, calls a column that has no name. */
const NO_NAME = /^(?:Unnamed: 0)?$/;
const MOST_NAME_ROWS = 3;
/** Rows that tell which columns are numbers. */
const MOST_LOOKED_AT = 1000;
/** Some programs write 3.0 as 3. */
const MOST_WHOLE = 0.1;
const WHOLE = /^\d+$/;

/** `read` shows the first rows with a header or without one; without it no doubt is raised. */
export function bodyOf(sheet: Sheet, { header }: Dialect, read?: (dialect: Dialect) => Reading): Body {
  const { rows, remark } = sheet;
  if (header === false) return labelled([], sheet, firstWide(sheet), firstWide(sheet));
  const first = firstPoint(sheet);
  const names = nameRowAbove(sheet, first);
  if (names !== null) return labelled(rows[names]?.cells ?? [], sheet, first, first - 1);
  const point = rows[first];
  const isName = point !== undefined && isNameRow(point, rows[first + 1]);
  if (header === true || (isName && remark === null)) return labelled(point?.cells ?? [], sheet, first + 1, first);
  if (remark === null && read !== undefined && point !== undefined && mayName(point, rows.slice(first + 1))) {
    throw nameDoubt(point, read);
  }
  return labelled(remark ?? [], sheet, first, first);
}

/**
 * The first row of numbers where most of the first rows have some: names above them, units and what an instrument says of itself have
 * none there, or not the width. One with some numbers is a row of points as well, if names stand right above it.
 */
function firstPoint({ rows, width }: Sheet): number {
  const wide = rows.slice(0, MOST_LOOKED_AT).filter(({ cells }) => cells.length === width);
  const columns = Array.from({ length: width }, (_, i) => i).filter(
    (i) => 2 * wide.filter(({ cells }) => isNumberLike(cells[i] ?? "")).length > wide.length,
  );
  const numbers = (row: SheetRow | undefined) =>
    row?.cells.length === width ? columns.filter((i) => isNumberLike(row.cells[i] ?? "")).length : 0;
  const first = rows.findIndex((row) => columns.length > 0 && numbers(row) === columns.length);
  const isMixed = numbers(rows[first - 1]) > 0;
  if (first < 1 || !isMixed) return Math.max(0, first);
  return first - 1;
}

function firstWide({ rows, width }: Sheet): number {
  return rows.findIndex(({ cells }) => cells.length === width);
}

/** Names, units and a remark at the most, in adjacent lines: of more, only the last belongs to the table. */
function nameRowAbove({ rows, width }: Sheet, first: number): number | null {
  const points = rows.slice(first);
  const canNameAt = (i: number) => i >= 0 && canName(rows[i], points, width);
  if (!canNameAt(first - 1)) return null;
  let top = first - 1;
  while (canNameAt(top - 1) && rows[top - 1]?.line === (rows[top]?.line ?? 0) - 1) top -= 1;
  return first - top > MOST_NAME_ROWS ? first - 1 : top;
}

/** Without a number, or with a first cell that only this row leaves empty. */
function isNameRow({ cells }: SheetRow, below: SheetRow | undefined): boolean {
  return !cells.some(isNumberLike) || (cells[0] === "" && below !== undefined && below.cells[0] !== "");
}

/** Whether a row in which there are numbers may be names: text above a number, or numbers that count. */
function mayName({ cells }: SheetRow, below: readonly SheetRow[]): boolean {
  const isText = (cell: string, i: number) => cell !== "" && !isNumberLike(cell) && isNumber(below[0]?.cells[i] ?? "");
  return cells.some(isText) || namesNumbers(cells, below);
}

/** Without a number; as wide as the table, or without a name for a column of row names. */
function canName(row: SheetRow | undefined, points: readonly SheetRow[], width: number): boolean {
  const length = row?.cells.length ?? 0;
  if (row?.cells.some(isNumberLike)) return false;
  return length === width || (width > 2 && length === width - 1 && areRowNames(points));
}

/** Text, or whole numbers that count. */
function areRowNames(rows: readonly SheetRow[]): boolean {
  return (
    rows.every(({ cells }) => !isNumberLike(cells[0] ?? "")) || rows.every(({ cells }) => WHOLE.test(cells[0] ?? ""))
  );
}

/** Whether a row of whole numbers may be names: 0, 1, .. as pandas counts, or above numbers that are not whole. */
function namesNumbers(cells: readonly string[], below: readonly SheetRow[]): boolean {
  const numbers = cells.filter((_, i) => isNumber(below[0]?.cells[i] ?? ""));
  if (numbers.length < 2 || !numbers.every((cell) => WHOLE.test(cell))) return false;
  const isCount = numbers.every((cell, i) => cell === String(i));
  const areDifferent = new Set(numbers).size === numbers.length;
  return isCount || (areDifferent && shareOfWhole(below) < MOST_WHOLE);
}

function shareOfWhole(rows: readonly SheetRow[]): number {
  let [whole, all] = [0, 0];
  for (const { cells } of rows) {
    const numbers = cells.filter(isNumber);
    all += numbers.length;
    whole += numbers.filter((cell) => /^[+-]?\d+$/.test(cell)).length;
  }
  return all === 0 ? 1 : whole / all;
}

function nameDoubt({ cells, line }: SheetRow, read: (dialect: Dialect) => Reading): DoubtError {
  const first = cells.slice(0, 4).map(shown).join(", ") + (cells.length > 4 ? ", …" : "");
  const readings = [true, false].map((header) => read({ header }));
  return new DoubtError(msg(`Row ${line} (${first}) may name the columns or be a point`), "header", readings);
}

/** `numAbove` rows, the one with the names not counted, stand above the points. */
function labelled(cells: readonly string[], { rows, width }: Sheet, begin: number, numAbove: number): Body {
  const points = rows.slice(begin);
  const given = width > 1 && cells.length === width - 1 ? ["", ...cells] : cells;
  const names = given.length === width ? given : columnNames(width);
  // One column is the points themselves.
  const hasRowNames = width > 1 && given.length === width && NO_NAME.test(names[0] ?? "") && areRowNames(points);
  const leftOut =
    numAbove === 1
      ? msg("1 line above the points was left out.")
      : msg(`${numAbove} lines above the points were left out.`);
  const notes = [
    ...(numAbove > 0 ? [leftOut] : []),
    ...(hasRowNames ? [msg("The first column, which has no name, names or counts the rows and was left out.")] : []),
  ];
  const skipped = hasRowNames ? 1 : 0;
  return { names: names.slice(skipped), rows: points, skipped, notes };
}
