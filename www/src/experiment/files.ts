// From a file or pasted text to points. Pure; every refusal is one sentence with row and column.
import { msg, num } from "../language";
import { textFromBytes } from "./encoding";
import { isJson, tableFromJson } from "./json";
import { type Labels, labelsOf, numClassesOf } from "./labels";
import { FEWEST_POINTS, MOST_COLUMNS, MOST_POINTS } from "./limits";
import { isNpy, tableFromNpy } from "./npy";
import { isZip, npyFromNpz } from "./npz";
import { type Observed, observedOf } from "./observed";
import { roundedPoints } from "./origins";
import type { Tiling } from "./sheets";
import { type Dialect, DoubtError, FileError, type Reading, shown, type Table } from "./table";
import { tableFromText } from "./text";

export { FileError } from "./table";

/** A million rows of two columns are about 40 MB. */
const MOST_BYTES = 256 * 2 ** 20;

/** Which columns are coordinates: their indices from 0, or all of them. */
export type Columns = "all" | readonly number[];

export interface FilePoints {
  kind: "points";
  /** flat [x0, y0, x1, y1, ..], `columns.length` coordinates a point */
  points: Float64Array;
  /** the name of each coordinate */
  columns: readonly string[];
  /** what class each point is of, where a column was said to tell */
  labels?: Labels;
  /** the number that is observed of each, where a column was said to be it */
  observed?: Observed;
  /** what was done to the rows, if anything, as a sentence */
  note: string | null;
}

/** More than two columns: which two is the reader's choice. */
export interface ColumnChoice {
  kind: "choose";
  columns: readonly {
    index: number;
    name: string;
    numeric: boolean;
    /** how many classes it would make as the label; null where it can't be one */
    classes: number | null;
  }[];
}

/** A file that can be understood in more than one way: which is the reader's to say. */
export interface Doubt {
  kind: "doubt";
  /** without its mark */
  question: string;
  readings: readonly Reading[];
}

/** What a file does not say of itself: without it, a file that could mean two things is refused in a sentence. */
export interface FileOptions extends Dialect {
  /** "all", the default, or the indices of some */
  columns?: Columns;
  /** the index of the column that tells the class of each point; without it none does */
  label?: number;
  /** the index of the column that is observed of each point, a number; without it none is */
  observed?: number;
  /** how the pictures lie in the one that the file is; without it, it is one */
  sheet?: Tiling;
}

/** The points in the bytes of a text, JSON, .npy or .npz file, or a `FileError` that says in one sentence why there are none. */
export function pointsInFile(bytes: Uint8Array | ArrayBuffer, options: FileOptions = {}): FilePoints {
  const table = tableFromBytes(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes), options);
  return pointsFromTable(table, options);
}

export function pointsInText(text: string, options: FileOptions = {}): FilePoints {
  return pointsFromTable(tableOf(text, options), options);
}

/** For a picture: one or two columns give points; more give a choice, unless it has been made; so does a doubt. */
export function planarPoints(
  source: Uint8Array | string,
  options: FileOptions = {},
): FilePoints | ColumnChoice | Doubt {
  try {
    const table = typeof source === "string" ? tableOf(source, options) : tableFromBytes(source, options);
    const { names, numRows } = table;
    if (options.columns !== undefined || numRows === 0) return pointsFromTable(table, options);
    const columns = names.map((name, index) => ({
      index,
      name,
      numeric: table.isNumeric(index),
      classes: numClassesOf(table, index),
    }));
    const isPlain = columns.length <= 2 && columns.every(({ numeric, classes }) => numeric || classes === null);
    return isPlain ? pointsFromTable(table, options) : { kind: "choose", columns };
  } catch (error) {
    if (!(error instanceof DoubtError)) throw error;
    return { kind: "doubt", question: error.question, readings: error.readings };
  }
}

function tableFromBytes(bytes: Uint8Array, dialect: Dialect): Table {
  if (bytes.length > MOST_BYTES) {
    throw new FileError(
      msg(`The file has ${Math.round(bytes.length / 2 ** 20)} MB; up to ${MOST_BYTES / 2 ** 20} MB can be read.`),
    );
  }
  if (isZip(bytes)) return tableFromNpy(npyFromNpz(bytes, MOST_BYTES));
  return isNpy(bytes) ? tableFromNpy(bytes) : tableOf(textFromBytes(bytes), dialect);
}

function tableOf(text: string, dialect: Dialect): Table {
  return isJson(text) ? tableFromJson(text) : tableFromText(text, dialect);
}

function pointsFromTable(table: Table, { columns: asked = "all", label, observed }: FileOptions): FilePoints {
  const { names, numRows } = table;
  if (numRows === 0) throw new FileError(msg("The file is empty: at least 16 rows of numbers are needed."));
  const columns = checkedColumns(names.length, asked, [label, observed]);
  const dim = columns.length;
  const points = new Float64Array(dim * numRows);
  for (let row = 0; row < numRows; row++) {
    for (let j = 0; j < dim; j++) points[dim * row + j] = table.read(row, columns[j] ?? 0);
  }
  if (numRows < FEWEST_POINTS) {
    throw new FileError(
      numRows === 1
        ? msg(`The file has 1 point; at least ${FEWEST_POINTS} are needed.`)
        : msg(`The file has ${numRows} points; at least ${FEWEST_POINTS} are needed.`),
    );
  }
  columns.forEach((column, j) => {
    if (isConstant(points, j, dim)) throw constantColumn(column, names[column] ?? "", points[j] ?? 0);
  });
  const labels = label === undefined ? null : labelsOf(table, label);
  const numbers = observed === undefined ? null : observedOf(table, observed);
  const kept = subsample(points, dim);
  const counts = [numRows, MOST_POINTS].map((count) => num(count.toLocaleString("en-US")));
  const notes = [
    ...table.notes,
    ...(kept === points ? [] : [msg(`${counts[0]} rows were thinned evenly to ${counts[1]}.`)]),
  ];
  return {
    kind: "points",
    points: roundedPoints(kept, dim),
    columns: columns.map((column) => names[column] ?? ""),
    ...(labels && { labels: { ...labels, of: subsample(labels.of, 1) } }),
    ...(numbers && { observed: { ...numbers, of: subsample(numbers.of, 1) } }),
    note: notes.length === 0 ? null : notes.join(" "),
  };
}

function checkedColumns(numColumns: number, asked: Columns, others: readonly unknown[]): readonly number[] {
  const all = Array.from({ length: numColumns }, (_, i) => i);
  const columns = asked === "all" ? all.filter((column) => !others.includes(column)) : asked;
  const missing = columns.find((column) => !(Number.isInteger(column) && column >= 0 && column < numColumns));
  if (missing !== undefined) {
    throw new FileError(msg(`There is no column ${missing}; the file has the columns 0 to ${numColumns - 1}.`));
  }
  if (columns.length === 0 || columns.length > MOST_COLUMNS) {
    throw new FileError(msg(`${columns.length} columns are to be read; a point has 1 to ${MOST_COLUMNS} coordinates.`));
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
    msg(
      `Column ${column + 1} (${shown(name)}) is ${num(String(value))} in every row: a constant can't be scaled or learned.`,
    ),
  );
}

/** Every k-th point, k not whole: the same points of the same file each time, from all of it. */
function subsample<T extends Float64Array | Uint32Array>(points: T, dim: number): T {
  const numPoints = points.length / dim;
  if (numPoints <= MOST_POINTS) return points;
  const kept = points.slice(0, dim * MOST_POINTS) as T;
  for (let i = 0; i < MOST_POINTS; i++) {
    const from = dim * Math.floor((i * numPoints) / MOST_POINTS);
    kept.set(points.subarray(from, from + dim), dim * i);
  }
  return kept;
}
