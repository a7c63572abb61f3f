// What the page keeps of a measurement.
import type { Measurement, Run } from "../library";
import type { Details, Measured } from "../state/state";

/** What an engine may leave out. */
type Optional = Partial<
  Pick<
    Measured,
    | "slicedW2StandardError"
    | "slicedW2FloorSpread"
    | "trainingNll"
    | "nearestDistance"
    | "nearestDistanceHeldout"
    | "standardized"
    | "heldOut"
  > &
    Pick<Details, "mmdBandwidth" | "w2Floor" | "normalizedPathEnergyFloor">
>;
type Wire = Measurement & Optional;

/** Samples and likelihood are measured apart: each with the solver that it wants, and on as many points. */
export function measuredFrom(
  samples: Wire,
  likelihood: Wire,
  cost: Pick<Measured, "step" | "seconds" | "networkEvaluations">,
): Measured {
  const { n, nfe, solver, slicedW2, slicedW2Floor } = samples;
  const { nll, nllStandardError, kl, klStandardError, converged, reason } = likelihood;
  return {
    nll,
    nllStandardError,
    kl,
    klStandardError,
    trainingNll: likelihood.trainingNll ?? null,
    converged,
    reason,
    slicedW2,
    slicedW2StandardError: samples.slicedW2StandardError ?? null,
    slicedW2Floor,
    slicedW2FloorSpread: samples.slicedW2FloorSpread ?? null,
    nearestDistance: samples.nearestDistance ?? null,
    nearestDistanceHeldout: samples.nearestDistanceHeldout ?? null,
    standardized: samples.standardized ?? false,
    heldOut: samples.heldOut ?? true,
    nfe,
    n,
    likelihoodN: likelihood.n,
    solver: `${solver.kind} × ${solver.steps}`,
    ...cost,
  };
}

export function detailsFrom(found: Wire): Details {
  const { mmdBiased, mmdNullBand, w2, straightness, transportCost, normalizedPathEnergy } = found;
  return {
    mmdBiased,
    mmdNullBand,
    mmdBandwidth: found.mmdBandwidth ?? null,
    w2,
    w2Floor: found.w2Floor ?? null,
    straightness,
    transportCost,
    normalizedPathEnergy,
    normalizedPathEnergyFloor: found.normalizedPathEnergyFloor ?? null,
  };
}

/** KL(P ‖ N(0, I)) of data as they are, in nats: what there is to descend. Null where the data's entropy is unknown. */
export function freeEnergyOf(
  points: Float32Array,
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
