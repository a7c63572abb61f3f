import fc from "fast-check";
import { expect, test } from "vitest";
import {
  asClass,
  asName,
  asObserved,
  asPoint,
  asPoints,
  asSeed,
  asStep,
  count,
  time,
  withinLimits,
  withOwnPoints,
} from "./arguments";
import { FlowError } from "./error";

test.each([
  ["-1 points", () => count("n", -1), "n is -1; allowed: a whole number from 1 to 10000000."],
  ["NaN", () => count("n", Number.NaN), "n is NaN; allowed: a whole number from 1 to 10000000."],
  ["half a seed", () => asSeed(0.5), "seed is 0.5; allowed: a whole number from 0 to 4294967295."],
  ["a time after the noise", () => time(1.5), "t is 1.5; allowed: a number from 0 (data) to 1 (noise)."],
  ["half a class", () => asClass(0.5), "class is 0.5; allowed: the number of a class, from 0."],
  ["nothing observed", () => asObserved(Number.NaN, 1), "numbers[1] is NaN; allowed: a finite number."],
  ["half a point", () => asPoints(new Float32Array(3), 2), "points is 3 numbers; allowed: a multiple of 2 numbers"],
  [
    "a plain array",
    () => asPoints([0, 0], 2),
    "points is Array; allowed: a Float64Array or a Float32Array of n*d numbers.",
  ],
  ["too long a point", () => asPoint([0, 0, 1], 2), "point is [0,0,1]; allowed: an array of 2 finite numbers."],
  [
    "a point at infinity",
    () => asPoint([0, Number.NaN], 2),
    "point is [0,null]; allowed: an array of 2 finite numbers.",
  ],
  ["a step before 0", () => asStep(-1), "step is -1; allowed: a whole number from 0 to 10000000."],
  ["another name", () => asName("device", "gpu", ["cpu", "webgpu"]), 'device is "gpu"; allowed: "cpu", "webgpu".'],
  ["moons of points", () => withOwnPoints({ data: { kind: "moons" } }), 'data.kind is "moons"; allowed: "points"'],
  [
    "more evaluations than can be counted",
    () => withinLimits({ budget: { networkEvaluations: 2 ** 53 } }),
    "budget.networkEvaluations is 9007199254740992; allowed: a whole number from 1 to 9007199254740991.",
  ],
  [
    "half an evaluation",
    () => withinLimits({ budget: { networkEvaluations: 0.5 } }),
    "budget.networkEvaluations is 0.5; allowed: a whole number from 1",
  ],
])("%s is refused in a sentence", (_, attempt, sentence) => {
  expect(attempt).toThrow(sentence);
  expect(attempt).toThrow(FlowError);
});

test("a refusal carries the field, the value and what is allowed", () => {
  try {
    time(Number.NaN);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid-value", field: "t", value: "NaN" });
    expect((error as FlowError).allowed).toContain("0 (data)");
  }
});

test("what is allowed passes through unchanged", () => {
  expect([count("n", 1), asSeed(0), time(1)]).toEqual([1, 0, 1]);
  const one = new Float64Array(2);
  expect(asPoints(one, 2)).toBe(one);
  expect([asStep(0), ...asPoint([1, -2], 2)]).toEqual([0, 1, -2]);
});

test.each([{}, { budget: { networkEvaluations: 2 ** 53 - 1 } }, { budget: { networkEvaluations: 2 ** 32 + 1 } }])(
  "every budget that can be counted passes: %j",
  (experiment) => {
    expect(withinLimits(experiment)).toBe(experiment);
  },
);

test("points without a kind of data are the data", () => {
  expect(withOwnPoints({ seed: 2 })).toEqual({ seed: 2, data: { kind: "points" } });
});

test("whatever is finite can have been observed", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      expect(asObserved(x, 0)).toBe(x);
    }),
  );
});
