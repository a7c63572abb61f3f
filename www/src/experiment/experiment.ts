// The experiment's type is generated from Rust (crate/src/experiment.rs), where what has a default may be left out.
import type * as Generated from "../../generated/cpu/flow_playground";

export type { DistributionConfig, DistributionKind, SolverKind } from "../../generated/cpu/flow_playground";

/** `T` with nothing left out, at any depth. */
type Complete<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]-?: Complete<Exclude<T[K], undefined>> }
    : T;

/** What a user writes: any part of an experiment. The engine fills in the defaults and checks the whole. */
export type ExperimentInput = Generated.Experiment;

/** What a run has: every field, defaults filled in. */
export type Experiment = Complete<Generated.Experiment>;
export type MethodConfig = Experiment["method"];
export type NetworkConfig = Experiment["network"];
export type OptimizerConfig = Experiment["optimizer"];
export type SolverConfig = Experiment["solver"];
