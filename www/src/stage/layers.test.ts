import { expect, test } from "vitest";
import { type DensityGrid, EMPTY_PICTURE, type Picture } from "./frame";
import { LAYER_NAMES, type LayerSwitches, movingLayers, stillLayers } from "./layers";
import { density } from "./layers/density";
import type { Mark } from "./marks";
import { project } from "./projection";
import { viewBox } from "./view";

const BOX = viewBox([0, 0], [1, 1]);
const ALL = Object.fromEntries(LAYER_NAMES.map((name) => [name, true])) as LayerSwitches;
const CURVES = { times: [1, 0.5, 0], positions: Float32Array.of(2, 2, -2, -2, 1, 1, -1, -1, 0, 0, 0, 0) };

/** A bump at (2.25, -2.25), which falls by 1 nat every half unit. */
function bump(size: number): DensityGrid {
  const at = (cell: number) => -4.5 + (9 * (cell + 0.5)) / size;
  const logDensity = Float32Array.from({ length: size * size }, (_, i) => {
    return -2 * Math.hypot(at(i % size) - 2.25, at(Math.floor(i / size)) + 2.25);
  });
  return { size, box: BOX, logDensity };
}

const PICTURE: Picture = {
  data: Float32Array.of(0, 0, 1, 1),
  noise: Float32Array.of(0, 0, -1, 2),
  generated: CURVES,
  paths: CURVES,
  density: bump(24),
};

function marks(picture: Picture, width: number, t: number): Mark[] {
  const frame = { picture, projection: project(width, BOX), t };
  return [...stillLayers(ALL), ...movingLayers(ALL)].flatMap((layer) => layer(frame));
}

function pixelsOf(mark: Mark): number[] {
  if (mark.kind === "lines") return [...mark.vertices];
  if (mark.kind === "area") return mark.rings.flatMap((ring) => [...ring]);
  return "at" in mark ? [...mark.at] : [mark.x, mark.y];
}

test("before anything has arrived only the axis is drawn", () => {
  expect(new Set(marks(EMPTY_PICTURE, 600, 0.5).map(({ role }) => role))).toEqual(
    new Set(["frame", "label", "generated"]),
  );
});

test.each([320, 600, 1600])("every mark is drawn on the stage, %i pixels wide, at any time", (width) => {
  for (const t of [0, 0.3, 1]) {
    const all = marks(PICTURE, width, t);
    expect(new Set(all.map(({ role }) => role))).toContain("path");
    for (const pixel of all.flatMap(pixelsOf)) {
      expect(pixel).toBeGreaterThanOrEqual(0);
      expect(pixel).toBeLessThanOrEqual(width);
    }
  }
});

test("the innermost band of the log-density lies around its peak, and diverged cells do no harm", () => {
  const grid = bump(48);
  grid.logDensity[0] = Number.NaN;
  grid.logDensity[1] = Number.NEGATIVE_INFINITY;
  const projection = project(600, BOX);
  const bands = density({ picture: { ...PICTURE, density: grid }, projection, t: 0 });
  const innermost = bands.at(-1);
  if (innermost?.kind !== "area") throw new Error("a band is an area");
  const [ring = new Float32Array()] = innermost.rings;
  const mean = (offset: number) => {
    const values = [...ring].filter((_, i) => i % 2 === offset);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  expect(Math.abs(mean(0) - projection.screenXFromData(2.25, 0))).toBeLessThan(5);
  expect(Math.abs(mean(1) - projection.screenYFromData(-2.25))).toBeLessThan(5);
});
