// Reads a velocity field on a grid: between its cells, and how fast it is at all.
import type { Box, FieldSlice, FieldSlices } from "./frame";
import { quantileOfSizes } from "./quantile";

/** The part of cells that may be faster than what counts as fast. */
const FAST = 0.98;

/** The velocity at a point, bilinear between the four cell centers around it; beyond the outermost it stays as it is. */
export function velocityAt({ size, box, velocity }: FieldSlice, x: number, y: number): [number, number] {
  const column = gridCoordinate(x, box.x, size);
  const row = gridCoordinate(y, box.y, size);
  const left = Math.floor(column);
  const bottom = Math.floor(row);
  const across = column - left;
  const up = row - bottom;
  const below = 2 * (bottom * size + left);
  const above = bottom + 1 < size ? below + 2 * size : below;
  const right = left + 1 < size ? 2 : 0;
  const mixed = (at: number, j: number) =>
    (1 - across) * (velocity[at + j] ?? 0) + across * (velocity[at + right + j] ?? 0);
  return [(1 - up) * mixed(below, 0) + up * mixed(above, 0), (1 - up) * mixed(below, 1) + up * mixed(above, 1)];
}

function gridCoordinate(x: number, [start, stop]: readonly [number, number], size: number): number {
  return Math.min(size - 1, Math.max(0, ((x - start) / (stop - start)) * size - 0.5));
}

export function contains({ x: [left, right], y: [bottom, top] }: Box, x: number, y: number): boolean {
  return x >= left && x <= right && y >= bottom && y <= top;
}

/** A velocity in sides of a box per unit of time, down positive, as on the screen. */
export function onScreen({ x, y }: Box, dx: number, dy: number): [number, number] {
  return [dx / (x[1] - x[0]), -dy / (y[1] - y[0])];
}

const speeds = new WeakMap<FieldSlices, number>();

/** A fast speed of the field over all its times, in sides of its box: what arrows are measured by, so that they keep their scale. */
export function fastSpeed(field: FieldSlices): number {
  const known = speeds.get(field);
  if (known !== undefined) return known;
  const { box, velocity } = field;
  const sizes = Float32Array.from({ length: velocity.length / 2 }, (_, c) =>
    Math.hypot(...onScreen(box, velocity[2 * c] ?? 0, velocity[2 * c + 1] ?? 0)),
  );
  const fast = quantileOfSizes(sizes, FAST);
  speeds.set(field, fast);
  return fast;
}
