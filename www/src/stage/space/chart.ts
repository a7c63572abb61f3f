// What a space has to say of itself for its points and curves to be drawn as those of a plane are.
import type { Curves } from "../frame";
import type { Projection } from "../projection";
import type { Piece } from "./pieces";

/** Points as they are seen, in the units of the projection's box; the others are behind. */
export interface SeenPoints {
  front: Float64Array;
  behind: Float64Array;
  /** for each point, whether it is in front */
  isFront: readonly boolean[];
}

export interface SpaceChart {
  /** numbers a point */
  coordinates: 2 | 3;
  /** the points of all curves at time t */
  at(curves: Curves, t: number): Float64Array;
  seen(points: Float64Array, projection: Projection): SeenPoints;
  /** the first `count` curves */
  pieces(curves: Curves, count: number, projection: Projection): Piece[];
  /** how much each segment turns, from 0 to 1, as `turning` has it */
  turning(curves: Curves, count: number, projection: Projection): Float32Array;
}

const known = new WeakMap<Curves, { count: number; curves: Curves }>();

/** The first `count` curves alone. */
export function firstFew(curves: Curves, count: number, { coordinates }: SpaceChart): Curves {
  const { times, positions } = curves;
  const stride = positions.length / times.length;
  const kept = Math.min(stride, count * coordinates);
  const before = known.get(curves);
  if (before?.count === kept) return before.curves;
  const some = new Float64Array(kept * times.length);
  for (let k = 0; k < times.length; k++) some.set(positions.subarray(k * stride, k * stride + kept), k * kept);
  const found = { times, positions: some };
  known.set(curves, { count: kept, curves: found });
  return found;
}
