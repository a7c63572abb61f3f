import { expect, test } from "vitest";
import { cornersOf, isWithin, lookOf, NUM_CLASS_COLORS, reachOf } from "./shapes";

test("the first classes differ in shape and in color, and so do pairs of both after them", () => {
  const looks = Array.from({ length: 4 * NUM_CLASS_COLORS }, (_, number) => lookOf(number));
  const first = looks.slice(0, NUM_CLASS_COLORS);
  expect(new Set(first.map(({ shape }) => shape)).size).toBe(NUM_CLASS_COLORS);
  expect(new Set(first.map(({ shade }) => shade)).size).toBe(NUM_CLASS_COLORS);
  expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(looks.length);
});

test("a mark covers the area between its corners, and nothing beyond its reach", () => {
  for (const { shape } of Array.from({ length: 8 }, (_, number) => lookOf(number))) {
    const corners = cornersOf(shape);
    const next = (i: number) => corners[(i + 1) % corners.length] ?? [0, 0];
    const twice = corners.reduce((sum, [x, y], i) => sum + x * next(i)[1] - y * next(i)[0], 0);
    const area = corners.length === 0 ? Math.PI : Math.abs(twice) / 2;
    const side = 400;
    const at = (i: number) => 2 * ((2 * (i + 0.5)) / side - 1);
    let covered = 0;
    for (let i = 0; i < side * side; i++) {
      const [x, y] = [at(i % side), at(Math.floor(i / side))];
      if (!isWithin(shape, x, y)) continue;
      covered += 16 / side ** 2;
      expect(Math.hypot(x, y)).toBeLessThanOrEqual(reachOf(shape));
    }
    expect(Math.abs(covered / area - 1), `shape ${shape}`).toBeLessThan(0.02);
  }
});
