import { contours } from "d3-contour";
import type { DensityGrid } from "../frame";
import type { Mark } from "../marks";
import { type Projection, squareAt } from "../projection";
import { type Layer, visibilityAt } from "./layer";

/** How far below its peak, in nats, each band of the log-density begins. */
export const BANDS_NATS = [6, 5, 4, 3.2, 2.5, 1.9, 1.4, 0.9, 0.5, 0.2] as const;
export const DENSITY_BAND_OPACITY = 0.12;
export const CONTOUR_OPACITY = 0.35;

/** Rings of each band in grid coordinates; contouring is the costly part and depends on the grid alone. */
const bandsOf = new WeakMap<DensityGrid, number[][][][]>();

function bands(grid: DensityGrid): number[][][][] {
  const known = bandsOf.get(grid);
  if (known !== undefined) return known;
  // Contouring needs numbers: where the flow ran away the density is as good as 0.
  const values = Array.from(grid.logDensity, (value) => (Number.isFinite(value) ? Math.max(value, -1e3) : -1e3));
  const peak = values.reduce((a, b) => Math.max(a, b), -1e3);
  const contour = contours().size([grid.size, grid.size]);
  const rings = BANDS_NATS.map((below) => contour.contour(values, peak - below).coordinates.flat());
  bandsOf.set(grid, rings);
  return rings;
}

function projectRing(
  ring: number[][],
  { size, box }: DensityGrid,
  { screenXFromData, screenYFromData }: Projection,
): Float32Array {
  const pixels = new Float32Array(2 * ring.length);
  const perX = (box.x[1] - box.x[0]) / size;
  const perY = (box.y[1] - box.y[0]) / size;
  ring.forEach(([column = 0, row = 0], i) => {
    pixels[2 * i] = screenXFromData(box.x[0] + column * perX, 0);
    pixels[2 * i + 1] = screenYFromData(box.y[0] + row * perY);
  });
  return pixels;
}

/** The model's log-density at t = 0, from the flow itself: bands of one hue, and a thin line where each begins. */
export const density: Layer = (frame) => {
  const { projection } = frame;
  const grid = frame.picture.density;
  if (grid === null) return [];
  const visibility = visibilityAt(0, frame);
  const shared = { kind: "area", role: "density", clip: squareAt(projection, 0) } as const;
  return bands(grid).flatMap((band): Mark[] => {
    const rings = band.map((ring) => projectRing(ring, grid, projection));
    return [
      { ...shared, rings, hollow: false, opacity: DENSITY_BAND_OPACITY * visibility },
      { ...shared, rings, hollow: true, opacity: CONTOUR_OPACITY * visibility },
    ];
  });
};
