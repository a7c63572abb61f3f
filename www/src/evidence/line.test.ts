import { expect, test } from "vitest";
import type { NfeQuality } from "../state/results";
import { evaluationsFor, lineOf, trainingFor } from "./line";

const NEVER = Number.POSITIVE_INFINITY;

function curve(values: readonly (number | null)[], floor: number | null = 0.002, error = 0): NfeQuality[] {
  return values.map((slicedW2, i) => ({ nfe: 2 ** i, slicedW2, slicedW2Floor: floor, slicedW2StandardError: error }));
}

const GOOD = curve([0.9, 0.3, 0.05, 0.01, 0.005, 0.0048]);
const BARELY_TRAINED = curve([1.9, 1.9, 1.9, 1.9, 1.9, 1.9]);
const DIVERGED = curve([2247, 3000, 9000, 9000, 9000, 9000]);

test("one line for all: who is bad at every number of evaluations never reaches it", () => {
  const line = lineOf([GOOD, BARELY_TRAINED, DIVERGED], null) ?? { value: Number.NaN };
  expect(line).toEqual({ value: 0.0096, floor: 0.002, isChosen: false });
  expect(evaluationsFor(GOOD, line)?.value).toBe(16);
  expect(evaluationsFor(BARELY_TRAINED, line)?.value).toBe(NEVER);
  expect(evaluationsFor(DIVERGED, line)?.value).toBe(NEVER);
});

test("a worse panel beside it moves the line for nobody, and no line asks for better than data", () => {
  expect(lineOf([GOOD, DIVERGED], null)).toEqual(lineOf([GOOD], null));
  expect(lineOf([curve([0.001], 0.01)], null)?.value).toBe(0.02);
});

test("where a reader moved it, there it is; where nothing was measured, there is none", () => {
  expect(lineOf([GOOD], 0.5)).toMatchObject({ value: 0.5, isChosen: true });
  expect(lineOf([], null)).toBeNull();
  expect(lineOf([curve([null])], null)).toBeNull();
  expect(evaluationsFor([], { value: 1 })).toBeNull();
  expect(evaluationsFor(curve([null]), { value: 1 })).toBeNull();
});

test("a lower line never takes fewer evaluations, nor less training", () => {
  const lines = [3, 1, 0.2, 0.02, 0.006, 0.001];
  const needed = lines.map((value) => evaluationsFor(GOOD, { value })?.value ?? 0);
  expect(needed).toEqual([...needed].sort((a, b) => a - b));
  const course = [0.9, 0.3, 0.05, 0.01].map((slicedW2, i) => ({
    seconds: i + 1,
    networkEvaluations: 100 * (i + 1),
    slicedW2,
    slicedW2Floor: 0.002,
  }));
  const spent = lines.map((value) => trainingFor(course, { value, floor: 0.002 }, "seconds")?.value ?? 0);
  expect(spent).toEqual([...spent].sort((a, b) => a - b));
  expect(spent[0]).toBe(1);
  expect(spent.at(-1)).toBe(NEVER);
});

test("the range holds the value and widens with the error", () => {
  for (const value of [0.2, 0.02, 0.006, 0.004]) {
    const ranges = [0, 0.001, 0.05].map((error) =>
      evaluationsFor(curve([0.9, 0.3, 0.05, 0.01, 0.005], 0.002, error), { value }),
    );
    for (const range of ranges) {
      expect(range?.low).toBeLessThanOrEqual(range?.value ?? 0);
      expect(range?.value).toBeLessThanOrEqual(range?.high ?? 0);
    }
    expect(ranges[0]?.low).toBe(ranges[0]?.high);
    expect(ranges[2]?.low).toBeLessThanOrEqual(ranges[1]?.low ?? 0);
  }
});

test("what the floor makes of fewer points is not held against training", () => {
  const at = (slicedW2: number, slicedW2Floor: number | null) => [
    { seconds: 2, networkEvaluations: 7, slicedW2, slicedW2Floor },
  ];
  const line = { value: 0.01, floor: 0.002 };
  expect(trainingFor(at(0.024, 0.018), line, "networkEvaluations")?.value).toBe(7);
  expect(trainingFor(at(0.024, 0.002), line, "networkEvaluations")?.value).toBe(NEVER);
  expect(trainingFor(at(0.009, null), line, "networkEvaluations")?.value).toBe(7);
});

test("one lucky measurement in the midst of worse is not there yet", () => {
  const course = [0.5, 0.005, 0.4, 0.006, 0.005].map((slicedW2, i) => ({
    seconds: i + 1,
    networkEvaluations: i,
    slicedW2,
    slicedW2Floor: null,
  }));
  expect(trainingFor(course, { value: 0.01, floor: null }, "seconds")).toEqual({ value: 4, low: 3, high: 4 });
});
