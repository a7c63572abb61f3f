import { expect, test } from "vitest";
import { type Result, record } from "../state/results";
import { spreadOf, summarize } from "./results";

function result(seed: number, change: Partial<Result> = {}): Result {
  return {
    key: "fm on moons",
    title: "Flow matching",
    method: "flow-matching",
    data: "moons",
    dim: 2,
    seed,
    seconds: 10 + seed,
    networkEvaluations: 10_000,
    costs: [{ nfe: 16, slicedW2: 0.003, slicedW2Floor: 0.002 }],
    course: [{ seconds: 5 + seed, networkEvaluations: 5000, slicedW2: 0.003, slicedW2Floor: 0.002 }],
    nll: 2.5,
    kl: seed / 8,
    slicedW2: 0.003,
    slicedW2Floor: 0.002,
    converged: true,
    n: 2000,
    solver: "rk4 × 10",
    ...change,
  };
}

const LINE = { value: 0.004, floor: 0.002, isChosen: false };

test("seeds are asked what they take to the same line, and where one never comes to it, they don't", () => {
  const results = [result(1), result(2)];
  expect(summarize(results, "fm on moons", LINE).of).toMatchObject({ nfe: { mean: 16 }, secondsToLine: { mean: 6.5 } });
  expect(summarize(results, "fm on moons", null).of).toMatchObject({ nfe: null, secondsToLine: null });
  const one = result(2, { costs: [{ nfe: 16, slicedW2: 0.1, slicedW2Floor: 0.002 }] });
  expect(summarize([result(1), one], "fm on moons", LINE).of.nfe).toEqual({
    mean: Number.POSITIVE_INFINITY,
    deviation: null,
    count: 2,
  });
});

test("the same seed again replaces, another is added, and the same once more changes nothing", () => {
  const first = record([], result(1));
  const both = record(first, result(2));
  expect(both.map(({ seed }) => seed)).toEqual([1, 2]);
  const replaced = record(both, result(1, { seconds: 99 }));
  expect(replaced.map(({ seconds }) => seconds)).toEqual([99, 12]);
  expect(record(both, result(2))).toBe(both);
  expect(record(both, result(1, { key: "another" }))).toHaveLength(3);
  expect(both).toHaveLength(2);
});

test("a summary holds its own key's seeds alone, whatever their order", () => {
  const results = [result(1), result(2), result(3), result(4, { key: "another" })];
  const summary = summarize(results, "fm on moons", LINE);
  expect(summary.count).toBe(3);
  expect(summary.of.seconds).toEqual({ mean: 12, deviation: 1, count: 3 });
  expect(summarize([...results].reverse(), "fm on moons", LINE)).toEqual(summary);
  expect(summarize(results, "none", null)).toMatchObject({ count: 0, of: { seconds: null, kl: null } });
});

test("what is missing or did not converge is left out of a mean, not counted as 0", () => {
  const results = [result(1), result(2, { converged: false, kl: 7 }), result(3, { kl: null, costs: [] })];
  const { of } = summarize(results, "fm on moons", LINE);
  expect(of.kl).toEqual({ mean: 1 / 8, deviation: null, count: 1 });
  expect(of.nfe).toMatchObject({ mean: 16, count: 2 });
  expect(of.slicedW2?.count).toBe(3);
});

test("the spread moves and scales with the values", () => {
  const values = [1, 4, 9, 2];
  const spread = spreadOf(values);
  const moved = spreadOf(values.map((value) => 3 * value + 5));
  expect(moved?.mean).toBeCloseTo(3 * (spread?.mean ?? 0) + 5);
  expect(moved?.deviation).toBeCloseTo(3 * (spread?.deviation ?? 0));
  expect(spreadOf([2, 4])?.deviation).toBeCloseTo(Math.SQRT2);
  expect(spreadOf([])).toBeNull();
});
