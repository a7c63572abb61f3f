// A column of a file as the class of each point. Which column, if any, is the reader's to say.
import { msg } from "../language";
import { FileError, shown, type Table } from "./table";

export interface Labels {
  /** the column that they were read from */
  column: string;
  /** the classes' names, in the order of their numbers */
  classes: readonly string[];
  /** the number of each point's class */
  of: Uint32Array;
}

/** As many as the engine tells apart. */
export const MOST_CLASSES = 64;
/** With fewer points of a class none of them can be held out. */
export const FEWEST_OF_CLASS = 5;

/** How many classes a column would make; null where it has too many values, or too few points of one, to be a label. */
export function numClassesOf(table: Table, column: number): number | null {
  const counts = countsOf(table, column);
  if (counts === null || counts.size < 2) return null;
  return Math.min(...counts.values()) < FEWEST_OF_CLASS ? null : counts.size;
}

/** The classes are numbered in the order of their names: numbers by size. */
export function labelsOf(table: Table, column: number): Labels {
  const name = table.names[column];
  if (name === undefined) throw new FileError(msg(`There is no column ${column} to be the label.`));
  const where = msg(`Column ${column + 1} (${shown(name)})`);
  const counts = countsOf(table, column);
  if (counts === null) throw new FileError(msg(`${where} has more than ${MOST_CLASSES} values, too many for a label.`));
  if (counts.size < 2)
    throw new FileError(msg(`${where} is the same in every row: a label has 2 to ${MOST_CLASSES} values.`));
  // What is no number has no difference.
  const inOrder = (a: string, b: string) => Number(a) - Number(b) || a.localeCompare(b, "en", { numeric: true });
  const classes = [...counts.keys()].sort(inOrder);
  const rare = classes.find((one) => (counts.get(one) ?? 0) < FEWEST_OF_CLASS);
  if (rare !== undefined) {
    const found = counts.get(rare);
    throw new FileError(
      msg(`${where} has “${shown(rare)}” in ${found} rows; at least ${FEWEST_OF_CLASS} of every class are needed.`),
    );
  }
  const numbers = new Map(classes.map((one, number) => [one, number]));
  const of = Uint32Array.from({ length: table.numRows }, (_, row) => numbers.get(labelAt(table, row, column)) ?? 0);
  return { column: name, classes: classes.map(shown), of };
}

/** Null where there are more than any label has. */
function countsOf(table: Table, column: number): Map<string, number> | null {
  const counts = new Map<string, number>();
  for (let row = 0; row < table.numRows; row++) {
    const cell = labelAt(table, row, column);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
    if (counts.size > MOST_CLASSES) return null;
  }
  return counts;
}

/** An empty cell is a value as well: what is not known is a class of its own. */
function labelAt(table: Table, row: number, column: number): string {
  return table.cell(row, column).trim() || "(empty)";
}
