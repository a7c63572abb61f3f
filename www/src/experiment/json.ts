// JSON as a table: rows of numbers, records, or columns, as programs write them.
import { msg } from "../language";
import { columnNames, FileError, shown, type Table } from "./table";

type Json = Readonly<Record<string, unknown>>;

interface FoundRows {
  names: readonly string[];
  rows: readonly unknown[];
  /** what stands in a row under a name */
  at(row: unknown, column: number): unknown;
}

const SHAPES = msg("rows of numbers, records or columns, such as [[0.5, 1.25], ..]");

/** Whether text begins as such JSON does. */
export function isJson(text: string): boolean {
  return /^\ufeff?\s*(?:\[\s*[[{\]\-\d"]|\{\s*["}])/.test(text);
}

export function tableFromJson(text: string): Table {
  const { names, rows, at } = found(parsed(text.replace(/^\ufeff/, "")));
  return {
    names,
    numRows: rows.length,
    notes: [],
    isNumeric: (column) => typeof at(rows[0], column) === "number",
    cell: (row, column) => String(at(rows[row], column) ?? ""),
    read: (row, column) => {
      const value = at(rows[row], column);
      if (typeof value === "number" && Number.isFinite(Math.fround(value))) return value;
      const where = msg(`Row ${row + 1}, column ${column + 1} (${shown(names[column] ?? "")})`);
      if (value === undefined || value === null)
        throw new FileError(msg(`${where} is empty; a number is needed there.`));
      const found = shown(JSON.stringify(value));
      throw new FileError(
        typeof value === "number"
          ? msg(`${where} is ${found}, which is not a finite number.`)
          : msg(`${where} is ${found}, which is not a number.`),
      );
    },
  };
}

/** One value, or one a line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
    try {
      return lines.map((line) => JSON.parse(line));
    } catch {
      throw new FileError(msg(`The text begins as JSON and is none; ${SHAPES}, can be read.`));
    }
  }
}

function found(value: unknown): FoundRows {
  if (Array.isArray(value)) return value.length === 0 || isList(value[0]) ? ofRows(value) : ofRecords(value);
  if (!isObject(value)) throw wrongShape();
  // As pandas splits a table.
  if (isList(value.columns) && isList(value.data)) return { ...ofRows(value.data), names: value.columns.map(String) };
  return ofColumns(value);
}

function ofRows(rows: readonly unknown[]): FoundRows {
  const width = isList(rows[0]) ? rows[0].length : 0;
  const at = (row: unknown, column: number) => {
    if (!isList(row)) throw wrongShape();
    if (row.length !== width)
      throw new FileError(msg(`Row ${rows.indexOf(row) + 1} has ${row.length} numbers; the first has ${width}.`));
    return row[column];
  };
  return { names: columnNames(width), rows, at };
}

function ofRecords(rows: readonly unknown[]): FoundRows {
  if (typeof rows[0] === "number") return { names: ["column 1"], rows, at: (row) => row };
  if (!isObject(rows[0])) throw wrongShape();
  const names = Object.keys(rows[0]);
  return { names, rows, at: (row, column) => (isObject(row) ? ownValue(row, names[column] ?? "") : undefined) };
}

/** Lists under names, or, as pandas writes them, records by row. */
function ofColumns(columns: Json): FoundRows {
  const names = Object.keys(columns);
  const lists = names.map((name) => listOf(columns[name]));
  const most = Math.max(0, ...lists.map((list) => list.length));
  const rows = Array.from({ length: most }, (_, i) => i);
  return { names, rows, at: (row, column) => lists[column]?.[row as number] };
}

function listOf(value: unknown): readonly unknown[] {
  if (isList(value)) return value;
  if (isObject(value)) return Object.values(value);
  throw wrongShape();
}

function ownValue(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongShape(): FileError {
  return new FileError(msg(`This JSON holds no points; ${SHAPES}, can be read.`));
}
