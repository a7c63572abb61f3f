// What was found, as tables for other programs: CSV with a name over every column.
import type { Trajectories } from "../library";
import type { PanelState } from "../state/state";

type Cell = string | number | boolean | null;

/** A row for each point of each solution curve. */
export function trajectoriesTable({ times, positions }: Trajectories, columns: readonly string[]): string {
  const dim = columns.length;
  const numPoints = positions.length / (times.length * dim);
  const rows: Cell[][] = [];
  for (let point = 0; point < numPoints; point++) {
    for (const [k, t] of times.entries()) {
      const at = (k * numPoints + point) * dim;
      rows.push([point, t, ...positions.subarray(at, at + dim)]);
    }
  }
  return table(["point", "t", ...columns], rows);
}

const MEASURED = [
  "step",
  "seconds",
  "networkEvaluations",
  "nll",
  "nllStandardError",
  "kl",
  "klStandardError",
  "slicedW2",
  "slicedW2Floor",
  "nfe",
  "converged",
  "n",
  "solver",
] as const;

/** A row for each time that this training was measured. */
export function metricsTable({ history, measured }: PanelState): string {
  const all = history.length === 0 && measured !== null ? [measured] : history;
  return table(
    MEASURED,
    all.map((one) => MEASURED.map((name) => one[name])),
  );
}

export function lossesTable({ losses }: PanelState): string {
  return table(
    ["step", "loss"],
    losses.map((loss, i) => [i + 1, loss]),
  );
}

/** What is not known is left empty. */
function table(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [names, ...rows].map((cells) => `${cells.map(text).join(",")}\n`).join("");
}

function text(cell: Cell): string {
  const shown = String(cell ?? "");
  return /[",\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
