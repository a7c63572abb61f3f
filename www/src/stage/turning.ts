// How much the velocity changes along trajectories, in direction or speed, between 0 and 1.

import { onScreen } from "./field";
import { type Box, type Curves, numCurves } from "./frame";
import { quantileOfSizes } from "./quantile";

/** The part of segments that may turn more sharply than the ramp tells. */
const WITHIN_RAMP = 0.95;
/** On straight curves all turning is rounding: the ramp ends here at the least, where a velocity changes by half a chord. */
const SMALLEST_SCALE = 0.5;

/**
 * Segment k of curve i is at i*(numTimes - 1) + k. Its turning is |x''| T / |c|, where x'' is the second difference
 * quotient of the solver's states in time (the mean of those at the segment's two ends, or the one that there is), c
 * the velocity that would take the straight chord between the curve's ends at constant speed, and T the time between
 * them; a straight curve at constant speed has 0, and speeding up on a straight way counts as well as bending. Lengths
 * are taken in sides of the box, chords no shorter than a quarter of the usual one. Divided by what 95 % of the segments
 * stay below, and cut off at 1.
 */
function measured(curves: Curves, count: number, box: Box): Float32Array {
  const numTimes = curves.times.length;
  const shown = Math.min(count, numCurves(curves));
  const start = velocityBetween(curves, 0, numTimes - 1, box);
  const chords = Array.from({ length: shown }, (_, i) => Math.hypot(...start(i)));
  const shortest = quantileOfSizes(chords, 0.5) / 4;
  const span = Math.abs((curves.times[numTimes - 1] ?? 0) - (curves.times[0] ?? 0));
  const turnings = new Float32Array(shown * Math.max(0, numTimes - 1));
  for (let i = 0; i < shown; i++) {
    const size = Math.max(shortest, chords[i] ?? 0) / span;
    turningOfOne(curves, i, box).forEach((accelerated, k) => {
      const relative = accelerated / size;
      turnings[i * (numTimes - 1) + k] = Number.isFinite(relative) ? relative : 0;
    });
  }
  const scale = Math.max(SMALLEST_SCALE, quantileOfSizes(turnings, WITHIN_RAMP));
  return turnings.map((value) => Math.min(1, value / scale));
}

const known = new WeakMap<Curves, Float32Array>();

/** Measured once for all frames: a camera changes all lengths alike, and so nothing here. */
export function turning(curves: Curves, count: number, box: Box): Float32Array {
  const turnings = known.get(curves) ?? measured(curves, count, box);
  known.set(curves, turnings);
  return turnings;
}

/** |x''| on each segment of curve i. */
function turningOfOne(curves: Curves, i: number, box: Box): number[] {
  const { times } = curves;
  const numSegments = times.length - 1;
  const middle = (k: number) => ((times[k] ?? 0) + (times[k + 1] ?? 0)) / 2;
  const velocities = Array.from({ length: numSegments }, (_, k) => velocityBetween(curves, k, k + 1, box)(i));
  const atState = Array.from({ length: numSegments - 1 }, (_, k) => {
    const [before = [0, 0], after = [0, 0]] = velocities.slice(k, k + 2);
    return Math.hypot(after[0] - before[0], after[1] - before[1]) / Math.abs(middle(k + 1) - middle(k));
  });
  return velocities.map((_, k) => {
    const [atStart = atState[k] ?? 0, atEnd = atState[k - 1] ?? 0] = [atState[k - 1], atState[k]];
    return (atStart + atEnd) / 2;
  });
}

/** The velocity that takes curve i straight from state `from` to state `to`. */
function velocityBetween(
  { times, positions }: Curves,
  from: number,
  to: number,
  box: Box,
): (i: number) => [number, number] {
  const n = positions.length / (2 * times.length);
  const elapsed = (times[to] ?? 0) - (times[from] ?? 0);
  return (i) => {
    const moved = (j: number) => (positions[2 * (to * n + i) + j] ?? 0) - (positions[2 * (from * n + i) + j] ?? 0);
    return onScreen(box, moved(0) / elapsed, moved(1) / elapsed);
  };
}
