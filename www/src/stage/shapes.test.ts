import { expect, test } from "vitest";
import { PICTURE } from "./fixture";
import { legendOf, lookOfSamples } from "./layers/samples";
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

test("the legend says what the samples of a labelled picture are, whatever is asked for", () => {
  const classes = ["upper", "middle", "lower"];
  const asked = [null, { class: 2, guidance: 0 }, ...[1, 3].map((guidance) => ({ class: 2, guidance }))];
  const legends = asked.map((one) => legendOf({ ...PICTURE, asked: one }, classes));
  legends.forEach((legend, i) => {
    const look = lookOfSamples({ ...PICTURE, asked: asked[i] ?? null });
    expect(legend.filter((entry) => JSON.stringify(entry.look) === JSON.stringify(look))).toHaveLength(1);
    expect(legend.slice(0, 3).map(({ name }) => name)).toEqual(classes);
  });
  expect(legends.map((legend) => legend.filter(({ isAsked }) => isAsked).map(({ name }) => name))).toEqual([
    [],
    [],
    ["lower"],
    ["lower"],
  ]);
  expect(legends.map((legend) => legend.length)).toEqual([4, 4, 3, 3]);
});

test("samples of no class in particular are of no color near a class's: ink among classes, orange where there are none", () => {
  const asked = { class: 1, guidance: 0 };
  expect(lookOfSamples({ asked: null, labels: Uint32Array.of(0, 1) })).toEqual({ role: "ink" });
  expect(lookOfSamples({ asked, labels: Uint32Array.of(0, 1) })).toEqual({ role: "ink" });
  expect(lookOfSamples({ asked: null, labels: null })).toEqual({ role: "generated" });
});
