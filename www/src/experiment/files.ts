// From a file or pasted text to points. Pure; every refusal is one sentence with row and column.
import { tableFromText } from "./delimited";
import { isNpy, tableFromNpy } from "./npy";
import { roundedPoints } from "./origins";
import { FileError, type Table } from "./table";

export { FileError } from "./table";

export const FEWEST_POINTS = 16;
export const MOST_POINTS = 100_000;
/** As many coordinates as the engine models. */
export const MOST_COLUMNS = 128;
/** A million rows of two columns are about 40 MB. */
const MOST_BYTES = 256 * 2 ** 20;

/** Which columns are coordinates: their indices from 0, at least two, or all of them. */
export type Columns = "all" | readonly number[];

export interface FilePoints {
  kind: "points";
  /** flat [x0, y0, x1, y1, ..], `columns.length` coordinates a point */
  points: Float64Array;
  /** the name of each coordinate */
  columns: readonly string[];
  /** what was done to the rows, if anything, as a sentence */
  note: string | null;
}

/** More than two columns: which two is the reader's choice. */
export interface ColumnChoice {
  kind: "choose";
  columns: readonly { index: number; name: string; numeric: boolean }[];
}

export interface FileOptions {
  /** "all", the default, or the indices of at least two */
  columns?: Columns;
}

/** The points in the bytes of a CSV, TSV or .npy file, or a `FileError` that says in one sentence why there are none. */
export function pointsFromFile(bytes: Uint8Array | ArrayBuffer, { columns = "all" }: FileOptions = {}): FilePoints {
  return pointsFromTable(tableFromBytes(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)), columns);
}

export function pointsFromText(text: string, columns: Columns = "all"): FilePoints {
  return pointsFromTable(tableFromText(text), columns);
}

/** For a picture: two columns give points; more give a choice, unless it has been made. */
export function planarPoints(source: Uint8Array | string, chosen?: readonly number[]): FilePoints | ColumnChoice {
  const table = typeof source === "string" ? tableFromText(source) : tableFromBytes(source);
  const { names, numRows } = table;
  if (chosen !== undefined || names.length <= 2 || numRows === 0) return pointsFromTable(table, chosen ?? "all");
  return { kind: "choose", columns: names.map((name, index) => ({ index, name, numeric: table.isNumeric(index) })) };
}

function tableFromBytes(bytes: Uint8Array): Table {
  if (bytes.length > MOST_BYTES) {
    throw new FileError(
      `The file has ${Math.round(bytes.length / 2 ** 20)} MB; up to ${MOST_BYTES / 2 ** 20} MB can be read.`,
    );
  }
  return isNpy(bytes) ? tableFromNpy(bytes) : tableFromText(textFromBytes(bytes));
}

export function textFromBytes(bytes: Uint8Array): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(bytes);
  const sample = text.slice(0, 4096);
  // Text has no control characters but tab and line ends, and decodes; an image or an archive does neither.
  const strange = [...sample].filter((c) => c === "\ufffd" || (c < " " && !"\t\n\r".includes(c))).length;
  if (strange > 0.01 * sample.length) {
    throw new FileError(
      "This is not a text file (it looks like an image or an archive): a CSV, TSV or .npy file is needed.",
    );
  }
  return text;
}

function pointsFromTable(table: Table, asked: Columns): FilePoints {
  const { names, numRows } = table;
  if (numRows === 0) throw new FileError("The file is empty: at least 16 rows of two numbers are needed.");
  const columns = checkedColumns(names.length, asked);
  const dim = columns.length;
  const points = new Float64Array(dim * numRows);
  for (let row = 0; row < numRows; row++) {
    for (let j = 0; j < dim; j++) points[dim * row + j] = table.read(row, columns[j] ?? 0);
  }
  if (numRows < FEWEST_POINTS) {
    const found = numRows === 1 ? "1 point" : `${numRows} points`;
    throw new FileError(`The file has ${found}; at least ${FEWEST_POINTS} are needed.`);
  }
  columns.forEach((column, j) => {
    if (isConstant(points, j, dim)) throw constantColumn(column, names[column] ?? "", points[j] ?? 0);
  });
  const kept = subsample(points, dim);
  const counts = [numRows, MOST_POINTS].map((count) => count.toLocaleString("en-US"));
  const note = kept === points ? null : `${counts[0]} rows were thinned evenly to ${counts[1]}.`;
  return {
    kind: "points",
    points: roundedPoints(kept, dim),
    columns: columns.map((column) => names[column] ?? ""),
    note,
  };
}

function checkedColumns(numColumns: number, asked: Columns): readonly number[] {
  if (numColumns < 2) {
    const found = numColumns === 1 ? "one column" : "no column";
    throw new FileError(`The file has ${found}; a point needs two, separated by a comma, semicolon, tab or space.`);
  }
  const columns = asked === "all" ? Array.from({ length: numColumns }, (_, i) => i) : asked;
  const missing = columns.find((column) => !(Number.isInteger(column) && column >= 0 && column < numColumns));
  if (missing !== undefined) {
    throw new FileError(`There is no column ${missing}; the file has the columns 0 to ${numColumns - 1}.`);
  }
  if (columns.length < 2 || columns.length > MOST_COLUMNS) {
    throw new FileError(`${columns.length} columns are to be read; a point has 2 to ${MOST_COLUMNS} coordinates.`);
  }
  return columns;
}

function isConstant(points: Float64Array, coordinate: number, dim: number): boolean {
  for (let i = coordinate + dim; i < points.length; i += dim) {
    if (points[i] !== points[coordinate]) return false;
  }
  return true;
}

function constantColumn(column: number, name: string, value: number): FileError {
  return new FileError(
    `Column ${column + 1} (${name}) is ${value} in every row: a constant can't be scaled or learned.`,
  );
}

/** Every k-th point, k not whole: the same points of the same file each time, from all of it. */
function subsample(points: Float64Array, dim: number): Float64Array {
  const numPoints = points.length / dim;
  if (numPoints <= MOST_POINTS) return points;
  const kept = new Float64Array(dim * MOST_POINTS);
  for (let i = 0; i < MOST_POINTS; i++) {
    const from = dim * Math.floor((i * numPoints) / MOST_POINTS);
    kept.set(points.subarray(from, from + dim), dim * i);
  }
  return kept;
}
