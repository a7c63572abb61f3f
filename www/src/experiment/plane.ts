// Points of many coordinates, seen on a plane: two of their coordinates, or their two principal axes. Points of one are seen
// beside time.
import { SPACE_SCALES } from "../stage/view";
import type { Scaling } from "./experiment";
import type { Space } from "./spaces";

/** Which two of a point's coordinates are looked at, when it has more. */
export type Plane = { kind: "principal" } | { kind: "pair"; x: number; y: number };

/** A plane, with what is needed to find points on it. */
export interface Projector {
  /** where its middle is and how large it is seen, in the plane's own coordinates */
  center: readonly number[];
  scale: readonly number[];
  /** flat points of `dim` coordinates as flat points on the plane */
  planar(points: Float64Array): Float64Array;
}

/** How far out points are seen, in units of `scale`: the view reaches to 4.5. */
const REACH = 4;
const POWER_STEPS = 60;

export function projectorOf(plane: Plane, data: Float64Array, scaling: Scaling, space: Space | null = null): Projector {
  const dim = scaling.center.length;
  // What is drawn there needs all coordinates, and turns by itself.
  if (space !== null)
    return { center: [0, 0], scale: [SPACE_SCALES[space], SPACE_SCALES[space]], planar: (points) => points };
  if (dim === 2) return { center: scaling.center, scale: scaling.scale, planar: (points) => points };
  if (dim === 1) return { center: [0, ...scaling.center], scale: [1, ...scaling.scale], planar: upright };
  if (plane.kind === "pair") {
    const at = (values: readonly number[], j: number) => values[j] ?? 0;
    const pair = [Math.min(plane.x, dim - 1), Math.min(plane.y, dim - 1)] as const;
    const planar = (points: Float64Array) => picked(points, dim, pair);
    return {
      center: pair.map((j) => at(scaling.center, j)),
      scale: pair.map((j) => at(scaling.scale, j) * reachOf(planar(data), scaling, pair)),
      planar,
    };
  }
  if (principal === null || !isSame(principal.data, data)) principal = { data, projector: principalPlane(data, dim) };
  return principal.projector;
}

/** The last: panels side by side are of the same data, and of large pictures it takes half a second to find. */
let principal: { data: Float64Array; projector: Projector } | null = null;

function isSame(one: Float64Array, other: Float64Array): boolean {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}

function principalPlane(data: Float64Array, dim: number): Projector {
  const mean = meanOf(data, dim);
  const covariance = covarianceOf(data, mean);
  const first = principalAxis(covariance, dim, []);
  const axes = [first, principalAxis(covariance, dim, [first])];
  const planar = (points: Float64Array) => projected(points, mean, axes);
  const scale = farthest(planar(data)) / REACH;
  return { center: [0, 0], scale: [scale, scale], planar };
}

/** On the vertical axis: time has the other. */
function upright(points: Float64Array): Float64Array {
  return Float64Array.from({ length: 2 * points.length }, (_, i) => (i % 2 === 0 ? 0 : (points[i >> 1] ?? 0)));
}

/** At least 1: the models' units, in which the noise is. */
function reachOf(points: Float64Array, { center, scale }: Scaling, pair: readonly [number, number]): number {
  const standard = points.map((value, i) => {
    const j = pair[i % 2] ?? 0;
    return (value - (center[j] ?? 0)) / (scale[j] ?? 1);
  });
  return Math.max(1, farthest(standard) / REACH);
}

/** Of nearly all points: a few may lie outside. */
function farthest(points: Float64Array): number {
  const sizes = points.map(Math.abs).sort();
  return sizes[Math.floor(0.995 * (sizes.length - 1))] || 1;
}

function picked(points: Float64Array, dim: number, pair: readonly [number, number]): Float64Array {
  const plane = new Float64Array((2 * points.length) / dim);
  for (let i = 0; i < plane.length; i++) plane[i] = points[dim * (i >> 1) + (pair[i % 2] ?? 0)] ?? 0;
  return plane;
}

function projected(points: Float64Array, mean: Float64Array, axes: readonly Float64Array[]): Float64Array {
  const dim = mean.length;
  const plane = new Float64Array((2 * points.length) / dim);
  for (let i = 0; i < plane.length; i++) {
    const axis = axes[i % 2] ?? mean;
    let sum = 0;
    for (let j = 0; j < dim; j++) sum += ((points[dim * (i >> 1) + j] ?? 0) - (mean[j] ?? 0)) * (axis[j] ?? 0);
    plane[i] = sum;
  }
  return plane;
}

function meanOf(points: Float64Array, dim: number): Float64Array {
  const mean = new Float64Array(dim);
  points.forEach((value, i) => {
    mean[i % dim] = (mean[i % dim] ?? 0) + (value * dim) / points.length;
  });
  return mean;
}

/** Row by row; but for a factor, which moves no axis. */
function covarianceOf(points: Float64Array, mean: Float64Array): Float64Array {
  const dim = mean.length;
  const covariance = new Float64Array(dim * dim);
  const centered = new Float64Array(dim);
  for (let i = 0; i < points.length; i += dim) {
    for (let j = 0; j < dim; j++) centered[j] = (points[i + j] ?? 0) - (mean[j] ?? 0);
    // Of pictures there are half a million pairs: each once.
    for (let row = 0; row < dim; row++) {
      const value = centered[row] ?? 0;
      for (let j = row, at = row * dim + row; j < dim; j++, at++) {
        covariance[at] = (covariance[at] as number) + value * (centered[j] as number);
      }
    }
  }
  for (let row = 0; row < dim; row++) {
    for (let j = 0; j < row; j++) covariance[row * dim + j] = covariance[j * dim + row] ?? 0;
  }
  return covariance;
}

/** The direction of the largest variance perpendicular to those found already, by the power method. */
function principalAxis(covariance: Float64Array, dim: number, found: readonly Float64Array[]): Float64Array {
  // Any start that is not perpendicular to the axis, the same each time.
  let axis = unit(Float64Array.from({ length: dim }, (_, j) => 1 + Math.sin(j + 1)));
  for (let step = 0; step < POWER_STEPS; step++) {
    const next = axis.map((_, row) => {
      let along = 0;
      for (let j = 0, at = row * dim; j < dim; j++, at++) along += (covariance[at] as number) * (axis[j] as number);
      return along;
    });
    axis = unit(found.reduce(without, next));
  }
  return axis;
}

function without(vector: Float64Array, axis: Float64Array): Float64Array {
  const along = vector.reduce((sum, value, j) => sum + value * (axis[j] ?? 0), 0);
  return vector.map((value, j) => value - along * (axis[j] ?? 0));
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
