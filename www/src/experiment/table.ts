// What every kind of file is read as: rows of numbers under names.

/** Why a file can't be used, in one sentence. */
export class FileError extends Error {
  override name = "FileError";
}

export interface Table {
  /** one a column */
  names: readonly string[];
  numRows: number;
  /** whether the column begins with a number */
  isNumeric(column: number): boolean;
  /** a finite number, or a `FileError` that says what stands there instead */
  read(row: number, column: number): number;
}

/** Names where a file has none. */
export function columnNames(numColumns: number): string[] {
  return Array.from({ length: numColumns }, (_, i) => `column ${i + 1}`);
}
