// The experiment's type is generated from Rust (crate/src/experiment.rs), where what has a default may be left out.
import type * as Generated from "../../generated/cpu/flow_playground";

export type {
  DistributionConfig,
  DistributionKind,
  SamplerConfig,
  SamplerKind,
  Scaling,
  SolverKind,
  TimeGrid,
} from "../../generated/cpu/flow_playground";

/** `T` with nothing left out but `Optional`, which has no default: its absence means something. */
type Filled<T, Optional extends keyof T = never> = Required<Omit<T, Optional>> & Pick<T, Optional>;
/** Every method, filled in. */
type FilledMethod<T> = T extends unknown ? { [K in keyof T]-?: Exclude<T[K], undefined> } : never;

/** What a user writes: any part of an experiment. The engine fills in the defaults and checks the whole. */
export type ExperimentInput = Generated.Experiment;

export type MethodConfig = FilledMethod<Generated.MethodConfig>;
/** A perceptron goes without its kind, and has no patches. */
export type NetworkConfig = Filled<Generated.NetworkConfig, "kind" | "patch">;
/** A number that is known of every data point, and between which values it can be asked for. */
export type KnownNumber = Generated.KnownNumber;
export type OptimizerConfig = Required<Generated.OptimizerConfig>;
export type SolverConfig = Filled<Generated.SolverConfig, "tolerance">;
export type BudgetConfig = Filled<Generated.BudgetConfig, "seconds" | "networkEvaluations">;

/** What a run has: every field, defaults filled in. */
export interface Experiment extends Required<Generated.Experiment> {
  method: MethodConfig;
  network: NetworkConfig;
  optimizer: OptimizerConfig;
  solver: SolverConfig;
  budget: BudgetConfig;
}
