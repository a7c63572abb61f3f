// From a file or pasted text to points. Pure; every refusal is one sentence with row and column.
import { isNumberLike, parseNumber, type Table, tableFromText } from "./table";

export const FEWEST_POINTS = 16;
export const MOST_POINTS = 100_000;
/** A million rows of two columns are about 40 MB. */
const MOST_BYTES = 256 * 2 ** 20;

export class FileError extends Error {
  override name = "FileError";
}

export interface UserPoints {
  kind: "points";
  /** flat [x0, y0, x1, y1, ..] */
  points: Float32Array;
  columns: readonly [string, string];
  /** what was done to the rows, if anything, as a sentence */
  note: string | null;
}

/** More than two columns: which two is the reader's choice. */
export interface ColumnChoice {
  kind: "choose";
  columns: readonly { index: number; name: string; numeric: boolean }[];
}

export type FileResult = UserPoints | ColumnChoice;

/** Two columns give points; more give a choice, unless it has been made: `chosen` are two column indices. */
export function pointsFromText(text: string, chosen?: readonly [number, number]): FileResult {
  const table = tableFromText(text);
  if (table.rows.length === 0) throw new FileError("The file is empty: at least 16 rows of two numbers are needed.");
  const numColumns = table.names.length;
  if (numColumns < 2) {
    throw new FileError("The file has one column; a point needs two, separated by a comma, semicolon, tab or space.");
  }
  if (chosen === undefined && numColumns > 2) return choiceOf(table);
  return pointsFromTable(table, chosen ?? [0, 1]);
}

export function textFromBytes(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) {
    throw new FileError(
      `The file has ${Math.round(bytes.length / 2 ** 20)} MB; up to ${MOST_BYTES / 2 ** 20} MB can be read.`,
    );
  }
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(bytes);
  const sample = text.slice(0, 4096);
  // Text has no control characters but tab and line ends, and decodes; an image or an archive does neither.
  const strange = [...sample].filter((c) => c === "\ufffd" || (c < " " && !"\t\n\r".includes(c))).length;
  if (strange > 0.01 * sample.length) {
    throw new FileError("This is not a text file (it looks like an image or an archive): a CSV or TSV file is needed.");
  }
  return text;
}

function choiceOf({ names, rows, decimalComma }: Table): ColumnChoice {
  const firstRow = rows[0]?.cells ?? [];
  const columns = names.map((name, index) => ({
    index,
    name,
    numeric: Number.isFinite(parseNumber(firstRow[index] ?? "", decimalComma)),
  }));
  return { kind: "choose", columns };
}

function pointsFromTable(table: Table, chosen: readonly [number, number]): UserPoints {
  const { names, rows, decimalComma } = table;
  const points = new Float32Array(2 * rows.length);
  rows.forEach(({ cells, line }, i) => {
    if (cells.length !== names.length) throw raggedRow(line, cells.length, names.length);
    chosen.forEach((column, j) => {
      const cell = cells[column] ?? "";
      const value = parseNumber(cell, decimalComma);
      if (!Number.isFinite(Math.fround(value))) throw badCell(cell, line, column, names);
      points[2 * i + j] = value;
    });
  });
  if (rows.length < FEWEST_POINTS) {
    const found = rows.length === 1 ? "1 point" : `${rows.length} points`;
    throw new FileError(`The file has ${found}; at least ${FEWEST_POINTS} are needed.`);
  }
  for (const j of [0, 1] as const) refuseConstant(points, j, names[chosen[j]] ?? "", chosen[j]);
  const columns = [names[chosen[0]] ?? "", names[chosen[1]] ?? ""] as const;
  const kept = subsample(points);
  const note =
    kept === points
      ? null
      : `${rows.length.toLocaleString("en-US")} rows were thinned evenly to ${MOST_POINTS.toLocaleString("en-US")}.`;
  return { kind: "points", points: kept, columns, note };
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

function refuseConstant(points: Float32Array, coordinate: 0 | 1, name: string, column: number): void {
  for (let i = 2; i < points.length; i += 2) {
    if (points[i + coordinate] !== points[coordinate]) return;
  }
  throw new FileError(
    `Column ${column + 1} (${name}) is ${points[coordinate]} in every row: a constant can't be scaled or learned.`,
  );
}

/** Every k-th point, k not whole: the same points of the same file each time, from all of it. */
function subsample(points: Float32Array): Float32Array {
  const numPoints = points.length / 2;
  if (numPoints <= MOST_POINTS) return points;
  const kept = new Float32Array(2 * MOST_POINTS);
  for (let i = 0; i < MOST_POINTS; i++) {
    const from = Math.floor((i * numPoints) / MOST_POINTS);
    kept[2 * i] = points[2 * from] ?? 0;
    kept[2 * i + 1] = points[2 * from + 1] ?? 0;
  }
  return kept;
}
