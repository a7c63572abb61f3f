import { expect, test } from "vitest";
import { projectorOf } from "./plane";

/** A cloud stretched along (1, 1, 0) and, less, along (0, 0, 1), around (5, 5, 5). */
const CLOUD = Float64Array.from(
  Array.from({ length: 400 }, (_, i) => {
    const [a, b] = [3 * Math.sin(1.7 * i), Math.cos(2.9 * i)];
    return [5 + a, 5 + a, 5 + b];
  }).flat(),
);
const SCALING = { center: [5, 5, 5], scale: [1, 1, 1] };

test("points of two coordinates are seen as they are", () => {
  const points = Float64Array.of(1, 2, 3, 4);
  const { planar, center, scale } = projectorOf({ kind: "principal" }, points, { center: [7, 8], scale: [2, 3] });
  expect(planar(points)).toBe(points);
  expect([center, scale]).toEqual([
    [7, 8],
    [2, 3],
  ]);
});

test("points of one coordinate are upright: the other axis is time's", () => {
  const points = Float64Array.of(6, 9, 7);
  const { planar, center, scale } = projectorOf({ kind: "pair", x: 0, y: 1 }, points, { center: [7], scale: [2] });
  expect([...planar(points)]).toEqual([0, 6, 0, 9, 0, 7]);
  expect([center, scale]).toEqual([
    [0, 7],
    [1, 2],
  ]);
});

test("the principal plane keeps the variance that there is, the largest first", () => {
  const { planar } = projectorOf({ kind: "principal" }, CLOUD, SCALING);
  const plane = planar(CLOUD);
  const variance = (j: number) => plane.filter((_, i) => i % 2 === j).reduce((sum, x) => sum + x * x, 0) / 400;
  expect(variance(0)).toBeCloseTo(9, 0);
  expect(variance(1)).toBeCloseTo(0.5, 1);
  expect(planar(Float64Array.of(5, 5, 5)).every((value) => Math.abs(value) < 0.2)).toBe(true);
});

test("a pair is two of the coordinates, in their own units", () => {
  const { planar, center } = projectorOf({ kind: "pair", x: 2, y: 0 }, CLOUD, SCALING);
  expect([...planar(Float64Array.of(1, 2, 3, 4, 5, 6))]).toEqual([3, 1, 6, 4]);
  expect(center).toEqual([5, 5]);
});

test("nearly all points are inside the view", () => {
  for (const plane of [{ kind: "principal" }, { kind: "pair", x: 0, y: 2 }] as const) {
    const { planar, center, scale } = projectorOf(plane, CLOUD, SCALING);
    const inside = planar(CLOUD).map((value, i) => (value - (center[i % 2] ?? 0)) / (scale[i % 2] ?? 1));
    expect(inside.filter((value) => Math.abs(value) < 4.5).length).toBeGreaterThan(0.98 * inside.length);
  }
});
