import { expect, test } from "vitest";
import type { Measurement } from "../library";
import { freeEnergyOf, measuredFrom } from "./measured";

/** A measurement each of whose numbers is another's by `from`, so that none is taken for another. */
function measurement(from: number, change: Partial<Measurement> = {}): Measurement {
  const names = [
    "nll nllStandardError kl klStandardError trainingNll slicedW2 slicedW2StandardError slicedW2Floor",
    "bitsPerDim bitsPerDimStandardError",
    "slicedW2FloorSpread nearestDistance nearestDistanceHeldout nfe n w2 w2Floor mmd mmdBiased mmdNullBand mmdBandwidth",
    "straightness transportCost pathEnergy normalizedPathEnergy normalizedPathEnergyFloor",
  ];
  const numbers = Object.fromEntries(names.flatMap((line) => line.split(" ")).map((name, i) => [name, from + i]));
  const rest = { converged: true, reason: null, standardized: false, heldOut: true, sampler: null };
  return { ...numbers, ...rest, solver: { kind: "rk4", steps: 10 }, ...change } as unknown as Measurement;
}

const COST = { step: 7, seconds: 1.5, networkEvaluations: 14 };

test("samples and likelihood are each of their own measurement, on as many points, with whichever solver", () => {
  const samples = measurement(100, { converged: false, reason: "not asked for", nearestDistance: 0.5 });
  const likelihood = measurement(200, { solver: { kind: "dopri5", steps: 40 } } as Partial<Measurement>);
  const found = measuredFrom(samples, likelihood, COST);
  const ofSamples =
    "slicedW2 slicedW2StandardError slicedW2Floor slicedW2FloorSpread nearestDistance nearestDistanceHeldout";
  const ofLikelihood =
    "nll nllStandardError bitsPerDim bitsPerDimStandardError kl klStandardError trainingNll converged reason";
  for (const [names, source] of [
    [`${ofSamples} nfe n standardized heldOut`, samples],
    [ofLikelihood, likelihood],
  ] as const) {
    for (const name of names.split(" ") as (keyof typeof found & keyof Measurement)[]) {
      expect(found[name], name).toBe(source[name]);
    }
  }
  expect(found).toMatchObject({ ...COST, likelihoodN: likelihood.n });
  expect(found.solver).toContain("10");
  expect(found.solver).not.toContain("40");
  const sampler = { kind: "ddim", steps: 9 } as Measurement["sampler"];
  expect(measuredFrom(measurement(100, { sampler }), likelihood, COST).solver).toMatch(/9/);
});

test("a likelihood that did not converge says why, whatever its samples say", () => {
  const likelihood = measurement(200, { converged: false, reason: "Not converged: too few steps." });
  expect(measuredFrom(measurement(100), likelihood, COST)).toMatchObject({
    converged: false,
    reason: "Not converged: too few steps.",
  });
});

/** Standard normal numbers, the same each time. */
function normals(count: number): number[] {
  let state = 1;
  const uniform = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

test("the free energy of a Gaussian is its KL from N(0, I), in whichever units its points are", () => {
  const [mean, deviation] = [0.5, 1.5];
  // Of N(m, s²) in each of two coordinates.
  const entropy = Math.log(2 * Math.PI * Math.E * deviation ** 2);
  const kl = 2 * (0.5 * (deviation ** 2 + mean ** 2 - 1) - Math.log(deviation));
  const model = normals(40_000).map((z) => mean + deviation * z);
  for (const scaling of [
    { center: [0, 0], scale: [1, 1] },
    { center: [1000, -2], scale: [30, 0.01] },
  ]) {
    const points = Float64Array.from(model, (x, i) => (scaling.center[i % 2] ?? 0) + (scaling.scale[i % 2] ?? 1) * x);
    // The entropy of data in their own units.
    const own = entropy + scaling.scale.reduce((sum, scale) => sum + Math.log(scale), 0);
    const found = freeEnergyOf(points, { dim: 2, scaling } as Parameters<typeof freeEnergyOf>[1], own);
    expect(Math.abs((found ?? Number.NaN) - kl)).toBeLessThan(0.05);
  }
});

test("nothing is said of data whose entropy is unknown, and of no data", () => {
  const run = { dim: 2, scaling: { center: [0, 0], scale: [1, 1] } } as Parameters<typeof freeEnergyOf>[1];
  expect(freeEnergyOf(Float64Array.of(1, 2), run, null)).toBeNull();
  expect(freeEnergyOf(new Float64Array(), run, 1)).toBeNull();
});
