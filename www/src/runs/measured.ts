// What the page keeps of a measurement.
import type { SolverConfig } from "../experiment/experiment";
import { nameOf } from "../experiment/samplers";
import type { Measurement, Run } from "../library";
import type { Measured } from "../state/state";

/** Samples and likelihood are measured apart: each with the solver that it wants, and on as many points. */
export function measuredFrom(
  samples: Measurement,
  likelihood: Measurement,
  cost: Pick<Measured, "step" | "seconds" | "networkEvaluations">,
  asked = "",
): Measured {
  const { nll, nllStandardError, kl, klStandardError, trainingNll, converged, reason, n: likelihoodN } = likelihood;
  const ofLikelihood = { nll, nllStandardError, kl, klStandardError, trainingNll, converged, reason, likelihoodN };
  return { ...samples, ...ofLikelihood, solver: `${samplerOf(samples)}${asked}`, ...cost };
}

function samplerOf({ solver, sampler }: Pick<Measurement, "solver" | "sampler">): string {
  const { kind, steps } = solver as SolverConfig;
  if (sampler === null) return nameOf({ solver: kind, steps });
  const { kind: sampled = "euler-maruyama", steps: taken = steps, ...rest } = sampler;
  return nameOf({ ...rest, sampler: sampled, steps: taken });
}

/** KL(P ‖ N(0, I)) of data as they are, in nats: what there is to descend. Null where the data's entropy is unknown. */
export function freeEnergyOf(
  points: Float64Array,
  { dim, scaling }: Pick<Run, "dim" | "scaling">,
  entropy: number | null,
): number | null {
  if (entropy === null || points.length === 0) return null;
  let squares = 0;
  let volume = 0;
  for (const scale of scaling.scale) volume += Math.log(scale);
  for (const [i, x] of points.entries()) {
    squares += ((x - (scaling.center[i % dim] ?? 0)) / (scaling.scale[i % dim] ?? 1)) ** 2;
  }
  const crossEntropy = squares / (2 * (points.length / dim)) + (dim / 2) * Math.log(2 * Math.PI);
  return crossEntropy + volume - entropy;
}
