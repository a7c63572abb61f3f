// A column of a file as the number that is observed of each point. Which column, if any, is the reader's to say.
import { msg } from "../language";
import { roundedPoints } from "./origins";
import { FileError, shown, type Table } from "./table";

export interface Observed {
  /** the column that it was read from */
  column: string;
  /** the number of each point, as a link can carry it */
  of: Float64Array;
}

export function observedOf(table: Table, column: number): Observed {
  const name = table.names[column];
  if (name === undefined) throw new FileError(msg(`There is no column ${column} to be observed.`));
  const of = Float64Array.from({ length: table.numRows }, (_, row) => table.read(row, column));
  if (of.every((number) => number === of[0])) {
    throw new FileError(
      msg(`Column ${column + 1} (${shown(name)}) is the same in every row: it tells nothing of a point.`),
    );
  }
  return { column: name, of: roundedPoints(of, 1) };
}
