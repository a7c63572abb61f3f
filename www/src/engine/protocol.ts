// What the page and a run's worker say to each other.
//
// Bulk data is one flat array, row-major, and is transferred from the worker, never copied. Where points are is a Float64Array,
// since their own units may have their 0 far away; all else is a Float32Array:
//   points, noise, samples, velocities   n*d          value of coordinate j of point i at i*d + j
//   divergences                          n            per unit of time
//   log-densities                        n            nats
//   log-densities' standard errors       n            nats
//   trajectories' positions              times*n*d    coordinate j of point i at time k at (k*n + i)*d + j
// Everything is in the data's own units. What the page sends is copied, so the caller keeps its arrays.
import type * as Generated from "../../generated/cpu/flow_playground";
import type {
  DistributionKind,
  Experiment,
  ExperimentInput,
  KnownNumber,
  SolverConfig,
} from "../experiment/experiment";

export type {
  CostPoint,
  Distances,
  ErrorReport,
  Inspection,
  LogDensities,
  LossFloor,
  Measurement,
  Metric,
  RoundReport,
  SamplerConfig,
  SamplerKind,
  Scaling,
  SnapshotReport,
  TimeGrid,
  Trajectories,
} from "../../generated/cpu/flow_playground";

/** The two builds of the one crate. */
export type Bundle = "cpu" | "gpu";
/** What computes. */
export type DeviceKind = "cpu" | "webgpu";
/** Where a trajectory starts: "noise" generates (t from 1 to 0), "data" encodes (t from 0 to 1). */
export type TrajectoryStart = "noise" | "data";

/** Everything a session is made from; the worker keeps it, so that a reset needs nothing more. */
export interface SessionInput {
  experiment: ExperimentInput;
  device: DeviceKind;
  points?: Float64Array;
  dim?: number;
  /** the number of each point's class, and the classes' names */
  labels?: Uint32Array;
  classes?: readonly string[];
  /** the numbers of each point, flat, and their names */
  numbers?: Float64Array;
  names?: readonly string[];
  /** safetensors bytes to start from instead of the seed's initial weights */
  weights?: Uint8Array;
}

export interface Started {
  experiment: Experiment;
  scaling: Generated.Scaling;
  /** why the model, or the caller's points, have no density, in one sentence; null where there is one */
  whyNoDensity: string | null;
  dim: number;
  numParameters: number;
  /** the names of the data's classes, in the order of their numbers; none where it has none */
  classes: string[];
  /** the numbers that are known of every data point; none where there are none */
  numbers: KnownNumber[];
  training: TrainingState;
}

/** What samples are asked to be. */
export interface AskedClass {
  /** its number among `Run.classes` */
  class: number;
  /** the guidance weight w of w f(x, t, class) + (1 - w) f(x, t, none), 0 to 10; 1 unless given */
  guidance?: number;
}

/** What was observed of samples. */
export interface AskedNumbers {
  /** a value for each of `Run.numbers` */
  numbers: readonly number[];
  /** the guidance weight w of w f(x, t, numbers) + (1 - w) f(x, t, none), 0 to 10; 1 unless given */
  guidance?: number;
}

/** Data points whatever is asked for, with the number of each one's class and its numbers; none where there are none. */
export interface LabelledPoints {
  points: Float64Array;
  labels: Uint32Array;
  numbers: Float64Array;
}

/** What there is to know of what is asked for. */
export interface AskedLaw {
  /** why there is nothing to compare its samples with, in one sentence; null where there is */
  whyNoTruth: string | null;
  /** network passes of one evaluation: 2 under guidance */
  passesPerEvaluation: number;
}

/** Where training stands, counted since the session started. */
export interface TrainingState {
  step: number;
  /** the round in training, from 0: a reflow, or a block */
  round: number;
  /** the share of the budget that is spent, 1 or more at its end; 1 from the start where there is nothing to train */
  spent: number;
  /** mean over the last 100 training steps, or fewer early on; null before the first, and after a rewind */
  loss: number | null;
  /** time spent on training alone: on its steps, and on what its rounds prepared */
  seconds: number;
  networkEvaluations: number;
}

export interface TrainingProgress extends TrainingState {
  /** one loss a training step, for the steps since the last report */
  losses: number[];
}

export interface TrainingResult extends TrainingState {
  /** true when `pause`, `reset` or `dispose` ended the training before its last step */
  paused: boolean;
}

/** What training goes on from after its engine is lost, or on another. */
export interface Checkpoint {
  bytes: Uint8Array;
  step: number;
}

interface Call<Input, Output> {
  input: Input;
  output: Output;
}

type Solver = Partial<SolverConfig>;
/** A sampler is told from a solver by its kind. */
export type Sampling = Solver | Generated.SamplerConfig;

/** Without `metrics` all of them. */
export interface Measuring {
  n: number;
  seed: number;
  metrics?: Generated.Metric[];
}

/** Every request by its kind: what it carries and what it is answered with. */
export interface Calls {
  /**
   * `restUrl`: where the rest of an engine is that comes in two parts (rest.ts); `life`: the lock that the worker holds (life.ts);
   * `lock`: whose turns to train are shared with other runs (turns.ts)
   */
  load: Call<{ module: WebAssembly.Module; restUrl?: string; life: string; lock?: string }, null>;
  /** the rest, before it is needed */
  rest: Call<{ module: WebAssembly.Module }, null>;
  /** computes what is known, and fails where the answer is another */
  checkEngine: Call<{ device: DeviceKind }, null>;
  checkExperiment: Call<{ experiment: ExperimentInput }, Experiment>;
  samplePoints: Call<{ distribution: DistributionKind; n: number; seed: number }, Float64Array>;
  start: Call<SessionInput, Started>;
  reset: Call<object, Started>;
  /** without `steps` until the budget is spent */
  train: Call<{ steps?: number }, TrainingResult>;
  pause: Call<object, null>;
  snapshots: Call<object, number[]>;
  rewind: Call<{ step: number }, TrainingState>;
  ask: Call<{ asked: AskedClass | AskedNumbers | null }, AskedLaw>;
  data: Call<{ n: number; seed: number }, Float64Array>;
  labelled: Call<{ n: number; seed: number }, LabelledPoints>;
  noise: Call<{ n: number; seed: number }, Float64Array>;
  samplers: Call<object, Generated.SamplerKind[]>;
  sample: Call<{ n: number; sampling: Sampling; seed?: number }, Float64Array>;
  trajectories: Call<{ n: number; sampling: Sampling; seed?: number; from: TrajectoryStart }, Generated.Trajectories>;
  transport: Call<{ points: Float64Array; sampling: Sampling; from: TrajectoryStart }, Generated.Trajectories>;
  conditionalPaths: Call<{ n: number; numTimes: number; seed: number }, Generated.Trajectories | null>;
  velocity: Call<{ points: Float64Array; t: number }, Float32Array>;
  divergence: Call<{ points: Float64Array; t: number }, Float32Array>;
  inspect: Call<{ point: Float64Array; t: number; config: Generated.InspectionConfig }, Generated.Inspection>;
  logDensity: Call<{ points: Float64Array; t: number; solver: Solver }, Float32Array>;
  logDensityEstimate: Call<{ points: Float64Array; t: number; solver: Solver }, Generated.LogDensities>;
  /** safetensors bytes of what judges pictures from now on */
  judge: Call<{ classifier: Uint8Array }, null>;
  measure: Call<Measuring & { sampling: Sampling }, Generated.Measurement>;
  qualityAgainstCost: Call<Measuring & { samplings: Sampling[] }, Generated.CostPoint[]>;
  lossFloor: Call<{ n: number; seed: number }, Generated.LossFloor | null>;
  rounds: Call<{ n: number; seed: number }, Generated.RoundReport[]>;
  addRound: Call<object, Started>;
  weights: Call<object, Uint8Array>;
  /** all that training goes on from, and where it stands */
  checkpoint: Call<object, Checkpoint>;
  restore: Call<{ checkpoint: Uint8Array }, TrainingState>;
}

export type CallKind = keyof Calls;
export type Input<K extends CallKind> = Calls[K]["input"];
export type Output<K extends CallKind> = Calls[K]["output"];

/** Page to worker. */
export type Request = { [K in CallKind]: { id: number; kind: K } & Input<K> }[CallKind];

/** Worker to page. `fatal` ends the worker: its memory can no longer be trusted. */
export type Reply =
  | { kind: "done"; id: number; value: Output<CallKind> }
  | { kind: "failed"; id: number; error: Generated.ErrorReport }
  | { kind: "progress"; id: number; progress: TrainingProgress }
  | { kind: "checkpoint"; checkpoint: Checkpoint }
  | { kind: "fatal"; message: string };

/** The buffers of a reply that move to the page instead of being copied. */
export function transferables(value: Output<CallKind> | Checkpoint): Transferable[] {
  const parts: unknown[] = value === null || ArrayBuffer.isView(value) ? [value] : Object.values(value);
  return parts.filter((part) => ArrayBuffer.isView(part)).map(({ buffer }) => buffer as ArrayBuffer);
}
