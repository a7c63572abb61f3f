// What the stage is given at one instant. Plain data in the data's own units; two coordinates a point.

export interface Box {
  x: readonly [number, number];
  y: readonly [number, number];
}

/** Coordinate j of point i at time k is at (k*n + i)*2 + j. Times run either way, as they were solved. */
export interface Curves {
  times: readonly number[];
  positions: Float32Array;
}

export interface DensityGrid {
  /** cells a side; the value of a cell is taken at its center, row by row from the bottom left */
  size: number;
  box: Box;
  logDensity: Float32Array;
}

/** Everything an engine has computed for one panel; what has not arrived yet is null. */
export interface Picture {
  data: Float32Array | null;
  noise: Float32Array | null;
  generated: Curves | null;
  paths: Curves | null;
  density: DensityGrid | null;
}

export const EMPTY_PICTURE: Picture = { data: null, noise: null, generated: null, paths: null, density: null };

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

/** The points of all curves at time t, on the straight line between two solver states. */
export function positionsAt(curves: Curves, t: number): Float32Array {
  const stride = 2 * numCurves(curves);
  const { before, fraction } = bracket(curves.times, t);
  const from = before * stride;
  const to = Math.min(before + 1, curves.times.length - 1) * stride;
  const at = new Float32Array(stride);
  for (let i = 0; i < stride; i++) {
    const start = curves.positions[from + i] ?? 0;
    at[i] = start + fraction * ((curves.positions[to + i] ?? 0) - start);
  }
  return at;
}
