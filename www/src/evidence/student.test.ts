import { expect, test } from "vitest";
import { isClearlyLess } from "./ranks";
import { degreesOf, quantile } from "./student";

test("the quantiles are those of the tables, and fall towards the normal distribution's", () => {
  for (const [degrees, expected] of [
    [1, 12.706],
    [4, 2.776],
    [15, 2.131],
    [30, 2.042],
    [120, 1.98],
  ] as const) {
    expect(quantile(degrees)).toBeCloseTo(expected, 2);
  }
  const all = Array.from({ length: 200 }, (_, i) => quantile(i + 1));
  expect(all).toEqual([...all].sort((a, b) => b - a));
  expect(Math.min(...all)).toBeGreaterThan(quantile(Number.POSITIVE_INFINITY));
});

test("two equal spreads add their degrees, and one that is known leaves the other's", () => {
  expect(degreesOf({ standardError: 1, degrees: 2 }, { standardError: 1, degrees: 2 })).toBeCloseTo(4);
  expect(degreesOf({ standardError: 1, degrees: 2 }, { standardError: 0 })).toBeCloseTo(2);
  expect(degreesOf({ standardError: 1 }, { standardError: 1 })).toBe(Number.POSITIVE_INFINITY);
});

test("equal laws, three seeds each, are told apart once in twenty times and not twice", () => {
  let state = 5;
  const next = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const mean = () => {
    const seeds = [normal(), normal(), normal()];
    const value = seeds.reduce((sum, one) => sum + one, 0) / 3;
    const variance = seeds.reduce((sum, one) => sum + (one - value) ** 2, 0) / 2;
    return { value, standardError: Math.sqrt(variance / 3), degrees: 2 };
  };
  const trials = 20_000;
  let told = 0;
  for (let i = 0; i < trials; i++) {
    const [a, b] = [mean(), mean()];
    if (isClearlyLess(a, b) || isClearlyLess(b, a)) told++;
  }
  expect(told / trials).toBeLessThan(0.055);
  expect(told / trials).toBeGreaterThan(0.02);
});
