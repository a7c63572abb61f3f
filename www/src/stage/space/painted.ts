// What is known all over a sphere, as it is seen on a globe: a density in bands, a velocity field in arrows.
import { contours } from "d3-contour";
import { type DensityGrid, type FieldSlices, rowAt } from "../frame";
import { BANDS_NATS, CONTOUR_OPACITY, DENSITY_BAND_OPACITY } from "../layers/density";
import { type Layer, visibilityAt } from "../layers/layer";
import type { Mark } from "../marks";
import { type Projection, squareAt } from "../projection";
import { quantileOfSizes } from "../quantile";
import { middleOf, pixelOf, turnOf } from "./globe";
import { placeOf, seenAt } from "./turn";

/** Cells a side of what is seen, which goes on a little beyond the disc. */
const SEEN = 60;
const REACH = 1.12;
const NOWHERE = -1e3;

/** The grid alongGreatCircle its cells: row by row from the south pole, from longitude -π on. */
export function logDensityAt({ size, logDensity }: DensityGrid, longitude: number, latitude: number): number {
  const column = ((longitude + Math.PI) / (2 * Math.PI)) * size - 0.5;
  const row = Math.min(size - 1, Math.max(0, ((latitude + Math.PI / 2) / Math.PI) * size - 0.5));
  const [west, south] = [Math.floor(column), Math.min(size - 2, Math.floor(row))];
  const at = (i: number, j: number) => {
    const value = logDensity[i * size + ((j + size) % size)] ?? NOWHERE;
    return Number.isFinite(value) ? Math.max(value, NOWHERE) : NOWHERE;
  };
  const along = (i: number) => at(i, west) + (column - west) * (at(i, west + 1) - at(i, west));
  return along(south) + (row - south) * (along(south + 1) - along(south));
}

interface Bands {
  view: string;
  /** rings to the right of the middle and above it, of each band */
  bands: number[][][][];
}

/** One for each grid, of the view that it was seen from last: without turning nothing is contoured again. */
const known = new WeakMap<DensityGrid, Bands>();

function bandsOf(grid: DensityGrid, projection: Projection): number[][][][] {
  const { longitude, latitude } = middleOf(projection);
  const view = `${longitude} ${latitude}`;
  const before = known.get(grid);
  if (before?.view === view) return before.bands;
  const along = (i: number) => REACH * ((2 * (i + 0.5)) / SEEN - 1);
  const values = Array.from({ length: SEEN * SEEN }, (_, i) => {
    const [right, up] = atEdge(along(i % SEEN), along(Math.floor(i / SEEN)));
    const place = placeOf(...seenAt(longitude, latitude, right, up));
    return logDensityAt(grid, place.longitude, place.latitude);
  });
  const peak = grid.logDensity.reduce((a, b) => (b > a ? b : a), NOWHERE);
  const contour = contours().size([SEEN, SEEN]);
  const back = (value: number) => REACH * ((2 * value) / SEEN - 1);
  const bands = BANDS_NATS.map((below) =>
    contour
      .contour(values, peak - below)
      .coordinates.flat()
      .map((ring) => ring.map(([column = 0, row = 0]) => atEdge(back(column), back(row)))),
  );
  known.set(grid, { view, bands });
  return bands;
}

/** Beyond the disc all is as at its edge: so contours end on it, and what is filled has its shape. */
function atEdge(right: number, up: number): [number, number] {
  const length = Math.max(1, Math.hypot(right, up));
  return [right / length, up / length];
}

/** The model's log-density at t = 0, on the side that is seen. */
export const densityOnGlobe: Layer = (frame) => {
  const { picture, projection } = frame;
  if (picture.density === null) return [];
  const pixel = pixelOf(projection, 0);
  const visibility = visibilityAt(0, frame);
  const shared = { kind: "area", role: "density", clip: squareAt(projection, 0) } as const;
  return bandsOf(picture.density, projection).flatMap((band): Mark[] => {
    const rings = band.map((ring) => Float32Array.from(ring.flatMap(([right = 0, up = 0]) => [...pixel(right, up)])));
    return [
      { ...shared, rings, hollow: false, opacity: DENSITY_BAND_OPACITY * visibility },
      { ...shared, rings, hollow: true, opacity: CONTOUR_OPACITY * visibility },
    ];
  });
};

/** The part of arrows that may be faster than what counts as fast; the longest, of the way to the next. */
const FAST = 0.98;
const LONGEST = 0.9;
const SHORTEST_PX = 0.5;
const fastOf = new WeakMap<FieldSlices, number>();

function fastSpeed(field: FieldSlices): number {
  const { velocity } = field;
  const speeds = Float32Array.from({ length: velocity.length / 3 }, (_, i) =>
    Math.hypot(...velocity.subarray(3 * i, 3 * i + 3)),
  );
  const fast = fastOf.get(field) ?? quantileOfSizes(speeds, FAST);
  fastOf.set(field, fast);
  return fast;
}

/** Tangent to the sphere: those at its edge are seen from the side. */
export const velocityOnGlobe: Layer = ({ picture: { field }, projection, t }) => {
  if (!field?.at) return [];
  const { at, times } = field;
  const [turn, pixel, fast] = [turnOf(projection), pixelOf(projection, t), fastSpeed(field)];
  const now = rowAt(field.velocity, times, t);
  const radius = projection.side / (projection.box.x[1] - projection.box.x[0]);
  const spacing = radius * Math.sqrt((4 * Math.PI) / (at.length / 3));
  const vectors: number[] = [];
  for (let i = 0; i + 2 < at.length; i += 3) {
    const [x, y, towards] = turn(at[i] ?? 0, at[i + 1] ?? 0, at[i + 2] ?? 0);
    const [dx, dy, dz] = [now[i] ?? 0, now[i + 1] ?? 0, now[i + 2] ?? 0];
    const speed = Math.hypot(dx, dy, dz);
    const length = Math.min(1, speed / fast) * LONGEST * spacing;
    if (!(towards > 0 && length > SHORTEST_PX && speed < Number.POSITIVE_INFINITY)) continue;
    const [right, up] = turn(dx / speed, dy / speed, dz / speed);
    const [middleX, middleY] = pixel(x, y);
    vectors.push(middleX - (right * length) / 2, middleY + (up * length) / 2, right * length, -up * length);
  }
  const arrows = { kind: "arrows", vectors: Float32Array.from(vectors), width: 1.2, head: 5 } as const;
  return [{ ...arrows, role: "velocity", opacity: 0.9, clip: squareAt(projection, t) }];
};
