// What was found, as tables for other programs.
import { type CsvValue, csvFrom } from "../experiment/csv";
import { lossRows } from "../experiment/losses";
import type { Trajectories } from "../library";
import type { Detailed, Measured, PanelState } from "../state/state";

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

type Unit = "nats" | "bits a pixel" | "distance" | "squared distance" | "squared features" | "share";
type Heads<T> = readonly (readonly [name: Extract<keyof T, string>, unit?: Unit])[];

const MEASURED: Heads<Measured> = [
  ["step"],
  ["seconds"],
  ["networkEvaluations"],
  ["nll", "nats"],
  ["nllStandardError", "nats"],
  ["bitsPerDim", "bits a pixel"],
  ["bitsPerDimStandardError", "bits a pixel"],
  ["kl", "nats"],
  ["klStandardError", "nats"],
  ["slicedW2", "squared distance"],
  ["slicedW2StandardError", "squared distance"],
  ["slicedW2Floor", "squared distance"],
  ["slicedW2FloorSpread", "squared distance"],
  ["trainingNll", "nats"],
  ["nearestDistance", "distance"],
  ["nearestDistanceHeldout", "distance"],
  ["heldOut"],
  ["nfe"],
  ["converged"],
  ["n"],
  ["likelihoodN"],
  ["solver"],
];

/** Of the columns that can be switched on: what is measured of pictures. */
const DETAILED: Heads<Detailed> = [
  ["frechet", "squared features"],
  ["frechetFloor", "squared features"],
  ["frechetFloorSpread", "squared features"],
  ["accuracy", "share"],
];

/** A row for each time that this training was measured; in that of its step, what was measured for the columns that are on. */
export function metricsTable({ history, measured, details }: PanelState): string {
  const all = history.length === 0 && measured !== null ? [measured] : history;
  const distance = all[0]?.standardized ? "standard deviations" : "data units";
  const heads = [...MEASURED, ...DETAILED].map(([name, unit]) => headOf(name, unit, distance));
  const rows = all.map((one) => {
    const detailed = details !== null && details.step === one.step ? details : null;
    const own = MEASURED.map(([name]) => one[name] as CsvValue);
    return [...own, ...DETAILED.map(([name]) => (detailed?.[name] ?? null) as CsvValue), detailed?.n ?? null];
  });
  return csvFrom([...heads, "detailedN"], rows);
}

function headOf(name: string, unit: Unit | undefined, distance: string): string {
  return unit === undefined ? name : `${name} (${unit.replace("distance", distance)})`;
}

/** A row for each step; of a very long training's earlier ones a row for as many as a mean is kept of. */
export function lossesTable({ losses, firstStep }: PanelState): string {
  const rows = lossRows(losses, firstStep);
  const { stride, means } = losses;
  if (means.length === 0) return csvFrom(["step", "loss"], rows);
  const told = rows.map(([step, loss], i) => [step, loss, i < means.length ? stride : 1]);
  return csvFrom(["step", "loss", "mean over steps"], told);
}
