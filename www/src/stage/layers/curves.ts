import { type Curves, numCurves, positionsAt } from "../frame";
import type { Projection } from "../projection";

/** The vertices of the first `count` curves, curve after curve, as flat pixels. */
export function curveVertices(
  curves: Curves,
  count: number,
  { screenXFromData, screenYFromData }: Projection,
): Float32Array {
  const n = numCurves(curves);
  const shown = Math.min(count, n);
  const numTimes = curves.times.length;
  const vertices = new Float32Array(2 * shown * numTimes);
  for (let i = 0; i < shown; i++) {
    for (let k = 0; k < numTimes; k++) {
      const from = 2 * (k * n + i);
      const to = 2 * (i * numTimes + k);
      vertices[to] = screenXFromData(curves.positions[from] ?? 0, curves.times[k] ?? 0);
      vertices[to + 1] = screenYFromData(curves.positions[from + 1] ?? 0);
    }
  }
  return vertices;
}

/** The curves between two times, resampled at `numTimes` instants: short enough to be read as motion. */
export function segment(curves: Curves, between: readonly [number, number], numTimes: number): Curves {
  const [start, stop] = between;
  const times = Array.from({ length: numTimes }, (_, k) => start + ((stop - start) * k) / (numTimes - 1));
  const positions = new Float32Array(2 * numCurves(curves) * numTimes);
  times.forEach((t, k) => {
    positions.set(positionsAt(curves, t), 2 * numCurves(curves) * k);
  });
  return { times, positions };
}

/** The first `count` curves alone. */
export function firstCurves(curves: Curves, count: number): Curves {
  const n = numCurves(curves);
  if (count >= n) return curves;
  const positions = new Float32Array(2 * count * curves.times.length);
  for (let k = 0; k < curves.times.length; k++) {
    positions.set(curves.positions.subarray(2 * k * n, 2 * (k * n + count)), 2 * k * count);
  }
  return { times: curves.times, positions };
}
