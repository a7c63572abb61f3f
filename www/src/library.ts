/**
 * Flow Playground as a library: train a velocity field in the browser, then sample, trace and measure it.
 *
 * ```ts
 * const engine = await createEngine();
 * const run = await engine.run({ method: { kind: "flow-matching" } }, { points });
 * await run.train(2000);
 * const generated = await run.sample(1000);
 * ```
 */
export { type Capability, type Gpu, probeWebGpu } from "./engine/capability";
export { createEngine, type Engine, type EngineOptions } from "./engine/engine";
export { FlowError } from "./engine/error";
export type { Placement } from "./engine/keeper";
export { latestWins } from "./engine/latest";
export type {
  AskedClass,
  AskedLaw,
  AskedNumbers,
  Checkpoint,
  CostPoint,
  DeviceKind,
  Distances,
  Inspection,
  LabelledPoints,
  LogDensities,
  LossFloor,
  Measurement,
  Metric,
  RoundReport,
  SamplerKind,
  SnapshotReport,
  TimeGrid,
  TrainingProgress,
  TrainingResult,
  TrainingState,
  Trajectories,
  TrajectoryStart,
} from "./engine/protocol";
export type * from "./engine/readings";
export type { Run, RunInput, TrainOptions } from "./engine/run";
export type { SamplerOptions, SamplingOptions, SolverOptions } from "./engine/sampling";
export type * from "./experiment/experiment";
export type { Columns, FileOptions, FilePoints } from "./experiment/files";
export type { Along, Tiling } from "./experiment/sheets";
export { type Dialect, FileError } from "./experiment/table";
export { pointsFromFile, pointsFromText } from "./opened-files";
