import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import { evenly, lossDomain, thinned } from "./series";

const LOSSES = lossesOf(Array.from({ length: 5000 }, (_, i) => 3 + 5 * Math.exp(-i / 300) + (i % 2 ? 0.2 : -0.2)));

test("a long series becomes at most 400 points from first to last", () => {
  const series = thinned(LOSSES, 400);
  expect(series.length).toBeLessThanOrEqual(400);
  expect(series[0]?.step).toBe(1);
  expect(series.at(-1)?.step).toBeGreaterThan(4980);
  expect(thinned(lossesOf([2]), 400)).toEqual([{ step: 1, raw: 2, average: 2 }]);
  expect(thinned(lossesOf([]), 400)).toEqual([]);
});

test("the average is that of the losses around", () => {
  expect(thinned(LOSSES, 400).at(-1)?.average).toBeCloseTo(3, 1);
});

test("the domain holds the averages of all but the first steps and is never empty", () => {
  const series = thinned(LOSSES, 400);
  const [low, high] = lossDomain(series);
  expect(low).toBeLessThan(2.8);
  expect(high).toBeGreaterThan(5);
  expect(lossDomain([{ step: 1, raw: 2, average: 2 }])).toEqual([1, 3]);
});

test("of many, the first, the last and some between remain", () => {
  const all = Array.from({ length: 1000 }, (_, i) => i);
  const some = evenly(all, 12);
  expect(some).toHaveLength(12);
  expect([some[0], some.at(-1)]).toEqual([0, 999]);
  expect(evenly([1, 2], 12)).toEqual([1, 2]);
});
