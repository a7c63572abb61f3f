// What is measured for the columns that can be switched on.
import type { ColumnId } from "../experiment/measures";
import type { Metric } from "../library";

const METRIC_OF_COLUMN: Readonly<Record<ColumnId, Metric>> = {
  mmd: "mmd",
  w2: "w2",
  straightness: "straightness",
  "transport-cost": "straightness",
  "path-energy": "straightness",
  ess: "reweighting",
  "log-z": "reweighting",
  "delta-f": "reweighting",
  frechet: "frechet",
  accuracy: "frechet",
  "left-out-w1": "snapshots",
  "left-out-w2": "snapshots",
  "left-out-mmd": "snapshots",
};

export function metricsFor(columns: readonly ColumnId[]): Metric[] {
  return [...new Set(columns.map((id) => METRIC_OF_COLUMN[id]))];
}
