import { expect, test } from "vitest";
import type { CostPoint } from "../library";
import { fewestEvaluations } from "./nfe";

function point(nfe: number, slicedW2: number | null, slicedW2Floor: number | null = 0): CostPoint {
  const unknown = { w2: null, mmd: null, nll: null, generatedNll: null };
  return { solver: { kind: "euler", steps: nfe }, nfe, n: 1000, seed: 1, slicedW2, slicedW2Floor, ...unknown };
}

const FALLING = [1, 2, 4, 8, 16, 32].map((nfe) => point(nfe, 0.01 + 1 / nfe ** 2));

test("the fewest are among those tried, good enough, and none tried with fewer is", () => {
  for (const floor of [0, 0.002, 0.05, 2]) {
    for (const tolerance of [0, 0.1, 1]) {
      const points = FALLING.map(({ nfe, slicedW2 }) => point(nfe, slicedW2, floor));
      const best = Math.min(...points.map(({ slicedW2 }) => slicedW2 ?? 0));
      const isEnough = (value: number) => value <= best * (1 + tolerance) + floor;
      const fewest = fewestEvaluations(points, tolerance);
      expect(isEnough(fewest?.value ?? Number.NaN)).toBe(true);
      for (const { nfe, slicedW2 } of points) if (nfe < (fewest?.nfe ?? 0)) expect(isEnough(slicedW2 ?? 0)).toBe(false);
      expect(fewestEvaluations([...points].reverse(), tolerance)).toEqual(fewest);
    }
  }
});

test("more tolerance or a higher floor never asks for more evaluations", () => {
  const needed = [0, 0.05, 0.2, 5].map((tolerance) => fewestEvaluations(FALLING, tolerance)?.nfe ?? 0);
  expect(needed).toEqual([...needed].sort((a, b) => b - a));
});

test("what could not be compared is left out", () => {
  expect(fewestEvaluations([])).toBeNull();
  expect(fewestEvaluations([point(4, null)])).toBeNull();
  expect(fewestEvaluations([point(1, null), point(8, 0.1, null)])).toEqual({ nfe: 8, value: 0.1 });
});

test("of two solvers with as many evaluations the better one stands", () => {
  expect(fewestEvaluations([point(8, 0.11), point(8, 0.1)], 1)).toEqual({ nfe: 8, value: 0.1 });
});
