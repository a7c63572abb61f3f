// What was found, as tables for other programs.
import { csvFrom } from "../experiment/csv";
import type { Trajectories } from "../library";
import type { PanelState } from "../state/state";

/** A row for each point of each solution curve. */
export function trajectoriesTable({ times, positions }: Trajectories, columns: readonly string[]): string {
  const dim = columns.length;
  const numPoints = positions.length / (times.length * dim);
  const rows: number[][] = [];
  for (let point = 0; point < numPoints; point++) {
    for (const [k, t] of times.entries()) {
      const at = (k * numPoints + point) * dim;
      rows.push([point, t, ...positions.subarray(at, at + dim)]);
    }
  }
  return csvFrom(["point", "t", ...columns], rows);
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
  "slicedW2StandardError",
  "slicedW2Floor",
  "slicedW2FloorSpread",
  "trainingNll",
  "nearestDistance",
  "nearestDistanceHeldout",
  "heldOut",
  "nfe",
  "converged",
  "n",
  "likelihoodN",
  "solver",
] as const;

/** A row for each time that this training was measured. */
export function metricsTable({ history, measured }: PanelState): string {
  const all = history.length === 0 && measured !== null ? [measured] : history;
  return csvFrom(
    MEASURED,
    all.map((one) => MEASURED.map((name) => one[name])),
  );
}

/** A row for each step; of a very long training's earlier ones a row for as many as a mean is kept of. */
export function lossesTable({ losses: { stride, means, newest }, firstStep }: PanelState): string {
  const first = firstStep + means.length * stride;
  const later = newest.map((loss, i) => [first + i + 1, loss]);
  if (means.length === 0) return csvFrom(["step", "loss"], later);
  const earlier = means.map((mean, i) => [firstStep + (i + 1) * stride, mean, stride]);
  return csvFrom(["step", "loss", "mean over steps"], [...earlier, ...later.map((row) => [...row, 1])]);
}
