// What each chart is drawn from: plain data. The drawing itself is loaded when the first chart has something to show.
import type { Losses } from "../experiment/losses";

/** Where a panel stands: what it is known by while everything in it changes. It decides its color, dash and symbol. */
export type Slot = "a" | "b" | "c" | "d";

export type Chart = LossChart | QualityCostChart | QualityNfeChart;

/** The losses of one panel. */
export interface LossChart {
  kind: "loss";
  slot: Slot;
  title: string;
  losses: Losses;
  /** the last training step that there will be; null where training ends otherwise */
  budget: number | null;
  /** what no network gets below; in words with its error: "3.902 ± 0.017" */
  floor: { value: number; shown: string } | null;
  /** whether it is trained in rounds, each with a loss of its own */
  hasRounds: boolean;
  /** of an earlier run of the panel, kept to be compared with */
  ghost?: Losses;
  /** the loss minus its floor on a logarithmic axis, where the floor is known */
  above: boolean;
}

/** How good the samples were when training had cost so much. */
export interface QualityCostChart {
  kind: "quality-cost";
  cost: "seconds" | "networkEvaluations";
  /** what the values are: "sliced W₂²" */
  quality: string;
  series: readonly CostSeries[];
  /** the values below which nothing is told from perfect */
  floor: Floor | null;
}

export interface CostSeries {
  slot: Slot;
  title: string;
  points: readonly { cost: number; value: number }[];
}

/** A line at `value`, said to be `meaning`. */
export interface Floor {
  value: number;
  /** how far single ones scatter about it; null where that is unknown */
  spread: number | null;
  meaning: string;
}

/** How good the samples are for the evaluations that they take. */
export interface QualityNfeChart {
  kind: "quality-nfe";
  quality: string;
  series: readonly NfeSeries[];
  floor: Floor | null;
  /** the quality that all panels are held to */
  line: number | null;
}

export interface NfeSeries {
  slot: Slot;
  title: string;
  /** the points of one solver, each */
  solvers: readonly SolverPoints[];
  /** the first point at the quality line or below; null where there is none */
  reached: NfePoint | null;
}

export interface SolverPoints {
  /** chooses its own steps: points apart, where equal steps make a line */
  adaptive: boolean;
  points: readonly NfePoint[];
}

export interface NfePoint {
  nfe: number;
  value: number;
  /** its standard error; null where that is unknown */
  error: number | null;
}
