// How samples are drawn: as a caller says it, and as the engine is told. By a solver of the flow's ODE, or by a sampler
// that knows the path.
import type { SolverConfig, SolverKind } from "../experiment/experiment";
import { absent, count } from "./arguments";
import type { SamplerConfig, SamplerKind, Sampling, TimeGrid } from "./protocol";

/** What is left out comes from the experiment. */
export interface SolverOptions {
  solver?: SolverKind;
  steps?: number;
  /** error allowed in a solver step, 1e-9 to 0.1, for "bosh3", "dopri5" and "tsit5": steps are then as long as it allows */
  tolerance?: number;
}

/** For a method that knows its score; `Run.samplers` says which. */
export interface SamplerOptions {
  sampler: SamplerKind;
  /** steps from noise to data, 200 unless given */
  steps?: number;
  /** how much noise "euler-maruyama" adds, g² = 2 epsilon; that of the diffusion, or 1 for other paths, unless given */
  epsilon?: number;
  /** how much noise "karras-heun" adds before its steps, shared among them; none unless given */
  churn?: number;
  /** what the steps are equal in: what suits the sampler unless given */
  grid?: TimeGrid;
}

/** One or the other. */
export type SamplingOptions =
  | (SolverOptions & { sampler?: undefined })
  | (SamplerOptions & { solver?: undefined; tolerance?: undefined });

/** Some of a solver; the rest is the experiment's. */
export function solving({ solver, steps, tolerance }: SolverOptions): Partial<SolverConfig> {
  return {
    ...(solver !== undefined && { kind: solver }),
    ...(steps !== undefined && { steps: count("steps", steps) }),
    ...(tolerance !== undefined && { tolerance }),
  };
}

export function sampling(options: SamplingOptions): Sampling {
  if (options.sampler !== undefined) return samplerOf(options);
  for (const field of ["epsilon", "churn", "grid"]) {
    absent(field, (options as Record<string, unknown>)[field], "without a sampler");
  }
  return solving(options);
}

function samplerOf(options: SamplerOptions & SolverOptions): SamplerConfig {
  const { sampler: kind, steps, epsilon, churn, grid, solver, tolerance } = options;
  absent("solver", solver, "beside a sampler");
  absent("tolerance", tolerance, "beside a sampler");
  return {
    kind,
    ...(steps !== undefined && { steps: count("steps", steps) }),
    ...(epsilon !== undefined && { epsilon }),
    ...(churn !== undefined && { churn }),
    ...(grid !== undefined && { grid }),
  };
}

/** Without a tolerance of its own, a solver that names its kind or its steps means equal steps. */
export function completed(options: SolverOptions, usual: SolverConfig): SolverConfig {
  const chosen = solving(options);
  const { kind, steps } = { ...usual, ...chosen };
  return Object.keys(chosen).length === 0 ? usual : { ...chosen, kind, steps };
}
