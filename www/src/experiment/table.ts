// What every kind of file is read as: rows of numbers under names.
import { msg } from "../language";
import type { DecimalMark } from "./numbers";

const MOST_SHOWN = 24;

/** Why a file can't be used, in one sentence. */
export class FileError extends Error {
  override name = "FileError";
}

/** What a file does not say of itself. */
export interface Dialect {
  /** the decimal mark; the other one then groups thousands */
  decimal?: DecimalMark;
  /** whether the first row names the columns */
  header?: boolean;
}

/** A file as it would be understood with this dialect. */
export interface Reading {
  dialect: Dialect;
  columns: readonly string[];
  /** the first rows; null where there is no number */
  rows: readonly (readonly (number | null)[])[];
}

/** A file that can be understood in more than one way, or in one that is likely to be wrong. */
export class DoubtError extends FileError {
  readonly question: string;
  readonly readings: readonly Reading[];

  constructor(question: string, about: keyof Dialect, readings: readonly Reading[]) {
    super(
      about === "decimal"
        ? msg(`${question}: the option decimal, "." or ",", says which.`)
        : msg(`${question}: the option ${about}, true or false, says which.`),
    );
    this.question = question;
    this.readings = readings;
  }
}

export interface Table {
  /** one a column */
  names: readonly string[];
  numRows: number;
  /** whether the column begins with a number */
  isNumeric(column: number): boolean;
  /** a finite number, or a `FileError` that says what stands there instead */
  read(row: number, column: number): number;
  /** what stands there, as text; empty where nothing does */
  cell(row: number, column: number): string;
  /** what was left out or understood, in sentences */
  notes: readonly string[];
}

/** Names where a file has none. */
export function columnNames(numColumns: number): string[] {
  return Array.from({ length: numColumns }, (_, i) => `column ${i + 1}`);
}

/** A cell or a name as a sentence shows it: on one line, and not all of a long one. */
export function shown(cell: string): string {
  const begin = Array.from(cell.slice(0, 2 * MOST_SHOWN))
    .slice(0, MOST_SHOWN)
    .join("");
  return `${begin.replace(/\s/g, " ")}${begin.length < cell.length ? "…" : ""}`;
}
