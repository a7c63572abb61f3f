// What the page keeps of a measurement.
import type { SolverConfig } from "../experiment/experiment";
import { type MethodId, methodOf } from "../experiment/methods";
import { nameOf } from "../experiment/names";
import { type Sampler, triedOf } from "../experiment/samplers";
import type { Measurement, Run, SamplingOptions } from "../library";
import type { Measured } from "../state/state";

/** for what needs no points, or is not looked at */
const FEWEST_MEASURED = 2;
const NUM_START = 4096;

/** Samples and likelihood are measured apart: each with the solver that it wants, and on as many points. */
export function measuredFrom(
  samples: Measurement,
  likelihood: Measurement,
  cost: Pick<Measured, "step" | "seconds" | "networkEvaluations">,
  asked = "",
): Measured {
  return {
    ...samples,
    ...likelihoodIn(likelihood),
    solver: `${samplerOf(samples)}${asked}`,
    ...cost,
  };
}

/** What there is of a likelihood in a measurement. */
export function likelihoodIn(likelihood: Measurement) {
  const { nll, nllStandardError, kl, klStandardError, trainingNll, converged, reason, n: likelihoodN } = likelihood;
  const { bitsPerDim, bitsPerDimStandardError } = likelihood;
  const inBits = { bitsPerDim, bitsPerDimStandardError };
  return { nll, nllStandardError, kl, klStandardError, ...inBits, trainingNll, converged, reason, likelihoodN };
}

function samplerOf({ solver, sampler }: Pick<Measurement, "solver" | "sampler">): string {
  const { kind, steps } = solver as SolverConfig;
  if (sampler === null) return nameOf({ solver: kind, steps });
  const { kind: sampled = "euler-maruyama", steps: taken = steps, ...rest } = sampler;
  return nameOf({ ...rest, sampler: sampled, steps: taken });
}

/** The chosen sampler in few steps and in many, or the solvers that the engine has for it. */
export async function toTry(run: Pick<Run, "qualityAgainstCost">, by: Sampler): Promise<readonly SamplingOptions[]> {
  if (by.sampler !== undefined) return triedOf(by);
  const usual = await run.qualityAgainstCost({ n: FEWEST_MEASURED, metrics: [] });
  return usual.map(({ solver: { kind, ...rest } }) => ({ solver: kind, ...rest }));
}

/** What the first round begins with, where rounds descend a free energy. */
export async function startEnergyOf(run: Run, method: MethodId): Promise<number | null> {
  if (methodOf(method).rounds?.measure?.quantity !== "freeEnergy") return null;
  const { entropy } = await run.measure({ n: FEWEST_MEASURED, metrics: [] });
  return freeEnergyOf(await run.data(NUM_START), run, entropy);
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
