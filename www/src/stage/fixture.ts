// A small picture with everything in it, for tests.
import type { Box, Curves, DensityGrid, FieldSlices, Picture } from "./frame";
import { LAYER_NAMES, type LayerSwitches, loadLayersOfCodes } from "./layers";
import type { Palette } from "./marks";
import { paletteFrom } from "./palette";
import type { Scene } from "./scene";
import { viewBox, WHOLE_VIEW } from "./view";

await loadLayersOfCodes();

export const BOX: Box = viewBox([0, 0], [1, 1]);
export const ALL_LAYERS = Object.fromEntries(LAYER_NAMES.map((name) => [name, true])) as LayerSwitches;
export const NO_LAYERS = Object.fromEntries(LAYER_NAMES.map((name) => [name, false])) as LayerSwitches;
export const CURVES: Curves = {
  times: [1, 0.5, 0],
  positions: Float64Array.of(2, 2, -2, -2, 1, 1, -1, -0.5, 0, 0, 0, 0),
};

const COLORS: Record<string, string> = {
  "--data": "rgb(31, 111, 214)",
  "--noise": "rgb(125, 133, 141)",
  "--generated": "rgb(232, 105, 11)",
  "--path": "rgb(138, 63, 176)",
  "--trajectory": "rgb(74, 87, 99)",
  "--density": "rgb(10, 143, 122)",
  "--sink": "rgb(33, 102, 172)",
  "--source": "rgb(178, 24, 43)",
  "--surface": "rgb(255, 255, 255)",
};

export const PALETTE: Palette = paletteFrom((property) => COLORS[property] ?? "rgb(22, 32, 42)");

/** The center of cell i. */
export function centerOf(i: number, size: number, { x, y }: Box): [number, number] {
  return [
    x[0] + ((x[1] - x[0]) * ((i % size) + 0.5)) / size,
    y[0] + ((y[1] - y[0]) * (Math.floor(i / size) + 0.5)) / size,
  ];
}

export function gridOf(size: number, logDensity: (x: number, y: number) => number): DensityGrid {
  const values = Float32Array.from({ length: size * size }, (_, i) => logDensity(...centerOf(i, size, BOX)));
  return { size, box: BOX, logDensity: values };
}

/** A bump at (2.25, -2.25), which falls by 1 nat every half unit. */
export function bump(size: number): DensityGrid {
  return gridOf(size, (x, y) => -2 * Math.hypot(x - 2.25, y + 2.25));
}

/** Turns around the origin, faster and faster; spreads at first, gathers at the end. */
export function rotation(size: number, times: readonly number[]): FieldSlices {
  const centers = Array.from({ length: size * size }, (_, i) => centerOf(i, size, BOX));
  return {
    size,
    box: BOX,
    times,
    velocity: Float32Array.from(times.flatMap((t) => centers.flatMap(([x, y]) => [-(1 + t) * y, (1 + t) * x]))),
    divergence: Float32Array.from(times.flatMap((t) => centers.map(([x]) => (1 - 2 * t) * x))),
  };
}

export const PICTURE: Picture = {
  data: Float64Array.of(0, 0, 1, 1),
  labels: null,
  asked: null,
  noise: Float64Array.of(0, 0, -1, 2),
  generated: CURVES,
  paths: CURVES,
  density: bump(24),
  field: rotation(6, [0, 0.5, 1]),
  lattice: { curves: CURVES, perLine: 2 },
  inspection: {
    at: [1, 0.5],
    t: 0.3,
    velocity: [1, -1],
    mean: [0.8, -1.1],
    paths: CURVES,
    divergence: 0.2,
    logDensity: -2.5,
  },
  decoder: {
    side: 2,
    decode: (points) => Float32Array.from({ length: 2 * points.length }, (_, i) => Math.abs((points[i >> 1] ?? 0) / 5)),
  },
  strips: null,
  learned: null,
  pictures: {
    ...{ side: 2, colors: 1, n: 3, times: [0, 1] },
    positions: Float32Array.from({ length: 24 }, (_, i) => i / 20 - 0.1),
    own: Float32Array.of(0, 0.3, 0.6, 1),
  },
};

export const SCENE: Scene = {
  picture: PICTURE,
  dim: 2,
  center: [0, 0],
  scale: [1, 1],
  camera: WHOLE_VIEW,
  layers: ALL_LAYERS,
  options: { trajectoryColor: "time" },
  palette: PALETTE,
  t: 0.3,
};
