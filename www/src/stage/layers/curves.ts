import { type Curves, numCurves, positionsAt } from "../frame";
import { type Projection, projectPoints } from "../projection";

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
  return mended(vertices, numTimes);
}

/** farther off than any screen reaches */
const FAR_PX = 1e5;

/** Where a line ran away it stays at the last vertex that can be drawn, or waits for the first; without any it is off the screen. */
export function mended(vertices: Float32Array, numVertices: number): Float32Array {
  const isDrawn = (at: number) => Math.abs(vertices[at] ?? 0) <= FAR_PX && Math.abs(vertices[at + 1] ?? 0) <= FAR_PX;
  for (let start = 0; start < vertices.length; start += 2 * numVertices) {
    const stop = start + 2 * numVertices;
    let last = start;
    while (last < stop && !isDrawn(last)) last += 2;
    if (last === stop) vertices.fill(-FAR_PX, start, stop);
    for (let at = start; at < stop; at += 2) {
      if (isDrawn(at)) last = Math.max(last, at);
      else vertices.copyWithin(at, last, last + 2);
    }
  }
  return vertices;
}

/** The segments between vertices, each by itself, that `isTaken` takes: curve i between its vertices k and k + 1. */
export function segmentsOf(
  vertices: Float32Array,
  numVertices: number,
  isTaken: (i: number, k: number) => boolean,
): Float32Array {
  const segments: number[] = [];
  const numLines = vertices.length / (2 * numVertices);
  for (let i = 0; i < numLines; i++) {
    for (let k = 0; k + 1 < numVertices; k++) {
      const at = 2 * (i * numVertices + k);
      if (isTaken(i, k)) segments.push(...vertices.subarray(at, at + 4));
    }
  }
  return Float32Array.from(segments);
}

/** The points of the first `count` curves at state k, as the view shows them. */
export function stateAt({ times, positions }: Curves, k: number, count: number, projection: Projection): Float32Array {
  const n = positions.length / (2 * times.length);
  const points = positions.subarray(2 * k * n, 2 * (k * n + Math.min(count, n)));
  return projectPoints(points, times[k] ?? 0, projection);
}

/** The curves between two times, resampled at `numTimes` instants: short enough to be read as motion. */
export function segment(curves: Curves, between: readonly [number, number], numTimes: number): Curves {
  const [start, stop] = between;
  const times = Array.from({ length: numTimes }, (_, k) => start + ((stop - start) * k) / (numTimes - 1));
  const positions = new Float64Array(2 * numCurves(curves) * numTimes);
  times.forEach((t, k) => {
    positions.set(positionsAt(curves, t), 2 * numCurves(curves) * k);
  });
  return { times, positions };
}

/** The first `count` curves alone. */
export function firstCurves(curves: Curves, count: number): Curves {
  const n = numCurves(curves);
  if (count >= n) return curves;
  const positions = new Float64Array(2 * count * curves.times.length);
  for (let k = 0; k < curves.times.length; k++) {
    positions.set(curves.positions.subarray(2 * k * n, 2 * (k * n + count)), 2 * k * count);
  }
  return { times: curves.times, positions };
}
