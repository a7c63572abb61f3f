import { expect, test } from "vitest";
import { SCENE } from "./fixture";
import { hitTest } from "./hit";
import type { Mark } from "./marks";
import { frameOf, marksOfScene } from "./scene";

const STYLE = { role: "data", opacity: 1 } as const;
const DOT: Mark = { kind: "dots", at: Float32Array.of(50, 50), radius: 2, hollow: false, ...STYLE };
const LINE: Mark = {
  kind: "lines",
  vertices: Float32Array.of(0, 50, 100, 50, 0, 90, 100, 90),
  numVertices: 2,
  width: 1,
  dash: [],
  ...STYLE,
};
const RING = Float32Array.of(20, 20, 80, 20, 80, 80, 20, 80, 20, 20);
const HOLE = Float32Array.of(60, 60, 70, 60, 70, 70, 60, 70, 60, 60);
const AREA: Mark = { kind: "area", rings: [RING, HOLE], hollow: false, ...STYLE };
const ARROW: Mark = { kind: "arrows", vectors: Float32Array.of(10, 10, 0, 30), width: 1, head: 4, ...STYLE };
const CELLS: Mark = {
  kind: "cells",
  ...{ x: 0, y: 0, width: 100, height: 100, columns: 2, rows: 1, smooth: true },
  values: Float32Array.of(0.5, Number.NaN),
  role: "divergence",
  opacity: 1,
};
const GROUPS = [
  { name: "cells", marks: [CELLS] },
  { name: "area", marks: [AREA] },
  { name: "line", marks: [LINE] },
  { name: "arrow", marks: [ARROW] },
  { name: "dot", marks: [DOT] },
];

test.each<[number, number, string | null, string]>([
  [52, 47, "dot", "a dot lies over a line and an area"],
  [35, 53, "line", "a line has some width"],
  [35, 70, "area", "between two lines is no line"],
  [65, 65, null, "a hole is not of the area, and an empty cell is nothing"],
  [10, 43, "arrow", "an arrow's tip"],
  [5, 70, "cells", "a cell with a value"],
])("at (%i, %i) is %s: %s", (x, y, name) => {
  expect(hitTest(GROUPS, x, y)).toBe(name);
});

test("what is clipped away is not there", () => {
  const clip = { x: 0, y: 0, width: 40, height: 100 };
  expect(hitTest([{ name: "dot", marks: [{ ...DOT, clip }] }], 50, 50)).toBe(null);
});

test("a generated sample is found where it is drawn, and the axis below", () => {
  const layers = { ...SCENE.layers, inspection: false, glyphs: false, stamps: false, lattice: false, tails: false };
  const scene = { ...SCENE, layers: { ...layers, streamlines: false, velocity: false, states: false } };
  const { projection } = frameOf({ ...scene, t: 0.5 }, 600);
  const groups = marksOfScene({ ...scene, layers: { ...scene.layers, trajectories: false }, t: 0.5 }, 600);
  const [x, y] = [projection.screenXFromData(1, 0.5), projection.screenYFromData(1)];
  expect(hitTest(groups, x + 3, y)).toBe("samples");
  expect(hitTest(groups, projection.screenXFromData(1, 0), projection.screenYFromData(1))).toBe("data");
  expect(hitTest(groups, projection.offset(0.25) + projection.side / 2, projection.height - 22)).toBe("axis");
});
