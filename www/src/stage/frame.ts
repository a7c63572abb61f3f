// What the stage is given at one instant. Plain data in the data's own units; two coordinates a point.
import type { Space } from "./space/space";

export interface Box {
  x: readonly [number, number];
  y: readonly [number, number];
}

/** Coordinate j of point i at time k is at (k*n + i)*2 + j. Times run either way, as they were solved. */
export interface Curves {
  times: readonly number[];
  positions: Float64Array;
}

export interface DensityGrid {
  /** cells a side; the value of a cell is taken at its center, row by row from the bottom left */
  size: number;
  box: Box;
  logDensity: Float32Array;
  /** the space's volume of each cell, where they differ */
  volume?: Float32Array;
}

/** The velocity field on a grid, at several times. */
export interface FieldSlices {
  /** cells a side; values at cell centers, row by row from the bottom left */
  size: number;
  box: Box;
  /** ascending in [0, 1] */
  times: readonly number[];
  /** component j of cell c at time k is at (k*size*size + c)*2 + j; data units per unit of time */
  velocity: Float32Array;
  /** at k*size*size + c; null where not asked for */
  divergence: Float32Array | null;
  /** on a sphere in the place of a grid: unit vectors, with velocities of three components */
  at?: Float64Array;
}

/** The same at one time. */
export type FieldSlice = Pick<FieldSlices, "size" | "box" | "velocity" | "divergence">;

/** A grid carried by the flow: point i of the curves is vertex i % perLine of line floor(i / perLine). */
export interface Lattice {
  curves: Curves;
  perLine: number;
}

/** What the inspector found at one point and time. */
export interface Inspection {
  at: readonly [number, number];
  t: number;
  /** the learned field's */
  velocity: readonly [number, number];
  /** mean of the conditional velocities through the point */
  mean: readonly [number, number] | null;
  /** conditional paths through it */
  paths: Curves | null;
  divergence: number;
  logDensity: number | null;
}

/** Small pictures on their way from noise. */
export interface Pictures {
  /** pixels a side */
  side: number;
  /** numbers a pixel: 1, from 0, paper, to 1, ink; or 3, red, green and blue */
  colors: 1 | 3;
  times: readonly number[];
  /** number p of picture i at time k is at (k*n + i)*side*side*colors + p, row by row from the top */
  positions: Float32Array;
  n: number;
  /** some of the data's own, one after the other */
  own: Float32Array;
}

/** What gives every point of a plane a picture. */
export interface Decoder {
  /** pixels a side */
  side: number;
  /** of flat points in the data's own units: pixels from 0, paper, to 1, ink, picture after picture */
  decode(points: Float64Array): Float32Array;
}

/** Pictures side by side, in rows. */
export interface Strip {
  /** what is seen, in a sentence or two */
  title: string;
  /** pixels a side */
  side: number;
  /** numbers a pixel, as those of pictures */
  colors: 1 | 3;
  /** what each column is, from the left */
  columns: readonly string[];
  /** number p of the picture in column j of row i at (i*columns.length + j)*side*side*colors + p */
  pixels: Float32Array;
}

/** Everything an engine has computed for one panel; what has not arrived yet is null. */
export interface Picture {
  data: Float64Array | null;
  /** the number of each data point's class; null where classes are not told apart */
  labels: Uint32Array | null;
  /** when the points of each class are there, ascending from 0 to 1, where classes are snapshots in time; else all are data's, at 0 */
  times?: readonly number[] | null;
  /** the class that the generated points were asked to be of; null for none in particular */
  asked: { class: number; guidance: number } | null;
  noise: Float64Array | null;
  generated: Curves | null;
  paths: Curves | null;
  density: DensityGrid | null;
  field: FieldSlices | null;
  lattice: Lattice | null;
  inspection: Inspection | null;
  pictures: Pictures | null;
  /** null where points are no codes of pictures */
  decoder: Decoder | null;
  /** how pictures come from noise */
  strips: readonly Strip[] | null;
  /** what was learned of them */
  learned: readonly Strip[] | null;
  /** those of another run, kept to be compared with: no new run empties it */
  ghost?: Curves | null;
  /** where points are neither numbers on a line nor in a plane: angles, or on a sphere three coordinates each */
  space?: Space | null;
}

export const EMPTY_PICTURE: Picture = {
  data: null,
  labels: null,
  asked: null,
  noise: null,
  generated: null,
  paths: null,
  density: null,
  field: null,
  lattice: null,
  inspection: null,
  pictures: null,
  decoder: null,
  strips: null,
  learned: null,
};

export function numCurves({ times, positions }: Curves): number {
  return positions.length / (2 * times.length);
}

/** Where the solver states around t stand: between states `before` and `before + 1`, a fraction of the way. */
export function bracket(times: readonly number[], t: number): { before: number; fraction: number } {
  const last = times.length - 1;
  const direction = (times[last] ?? 0) >= (times[0] ?? 0) ? 1 : -1;
  let before = 0;
  while (before < last - 1 && direction * ((times[before + 1] ?? 0) - t) < 0) before++;
  const start = times[before] ?? 0;
  const span = (times[before + 1] ?? start) - start;
  const fraction = span === 0 ? 0 : (t - start) / span;
  return { before, fraction: Math.min(1, Math.max(0, fraction)) };
}

/** `values` holds one row a time: the row at t, on the straight line between two; exact at the times themselves. */
export function rowAt<T extends Float32Array | Float64Array>(
  values: T,
  times: readonly number[],
  t: number,
  into = values.slice(0, values.length / times.length) as T,
): T {
  const { before, fraction } = bracket(times, t);
  const from = before * into.length;
  const to = Math.min(before + 1, times.length - 1) * into.length;
  // Written so that a row which ran away does no harm to the one before it: 0 * infinity is not 0.
  if (fraction === 0) into.set(values.subarray(from, from + into.length));
  else if (fraction === 1) into.set(values.subarray(to, to + into.length));
  else {
    for (let i = 0; i < into.length; i++) {
      into[i] = (1 - fraction) * (values[from + i] ?? 0) + fraction * (values[to + i] ?? 0);
    }
  }
  return into;
}

/** The points of all curves at time t, on the straight line between two solver states. */
export function positionsAt({ positions, times }: Curves, t: number, into?: Float64Array): Float64Array {
  return rowAt(positions, times, t, into);
}

/** The field at time t, linear in time between two slices. */
export function sliceAt({ size, box, times, velocity, divergence }: FieldSlices, t: number): FieldSlice {
  return {
    size,
    box,
    velocity: rowAt(velocity, times, t),
    divergence: divergence && rowAt(divergence, times, t),
  };
}
