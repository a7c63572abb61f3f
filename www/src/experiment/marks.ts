// Which mark is the decimal one in a whole file, from what its numbers prove.
import { msg } from "../language";
import type { Sheet } from "./delimited";
import { type DecimalMark, evidenceOf, parseNumber } from "./numbers";
import { type Dialect, DoubtError, type Reading } from "./table";

interface Doubtful {
  cell: string;
  line: number;
  column: number;
}

interface Tally {
  proofs: Record<DecimalMark, number>;
  /** of thousands, by the decimal mark beside */
  groups: Record<DecimalMark, number>;
  /** the first number of each mark that may mean two things */
  doubtful: Record<DecimalMark, Doubtful | null>;
}

/** The decimal mark; a `DoubtError` where no number proves it. `read` shows the first rows with one. */
export function decimalOf(sheet: Sheet, read: (dialect: Dialect) => Reading): DecimalMark {
  const { proofs, groups, doubtful } = tallyOf(sheet);
  const isProven = proofs["."] + proofs[","] > 0;
  const decimal: DecimalMark = proofs[","] > proofs["."] ? "," : ".";
  // Commas that delimit leave no doubt of the point, unless there are others.
  const unsure = isProven ? groups[decimal] === 0 && doubtful[otherOf(decimal)] : doubtful[","] || doubtful["."];
  const isPlain = !isProven && sheet.delimiter === "," && doubtful[","] === null;
  if (!unsure || isPlain) return decimal;
  const marks: readonly DecimalMark[] = isProven ? [decimal] : [".", ","];
  const { cell, line, column } = unsure;
  const [point, comma] = [parseNumber(cell, "."), parseNumber(cell, ",")];
  const question = msg(`“${cell}” (row ${line}, column ${column + 1}) may mean ${point} or ${comma}`);
  throw new DoubtError(
    question,
    "decimal",
    marks.map((mark) => read({ decimal: mark })),
  );
}

function otherOf(mark: DecimalMark): DecimalMark {
  return mark === "." ? "," : ".";
}

/** Of as many cells as it takes: where there is but one mark, one proof is enough. */
function tallyOf({ rows, marks }: Sheet): Tally {
  const tally: Tally = { proofs: { ".": 0, ",": 0 }, groups: { ".": 0, ",": 0 }, doubtful: { ".": null, ",": null } };
  for (const { cells, line } of rows) {
    for (const [column, cell] of cells.entries()) {
      const found = evidenceOf(cell);
      if (found.kind === "proof") {
        tally.proofs[found.decimal] += 1;
        if (found.groups) tally.groups[found.decimal] += 1;
        if (marks.length === 1 && !found.groups) return tally;
      }
      if (found.kind === "doubt") tally.doubtful[found.mark] ??= { cell, line, column };
    }
  }
  return tally;
}
