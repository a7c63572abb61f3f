// Angles that go round, on a square from -π to π: how a way over its edges is cut, so that no line crosses the square.
import type { Curves } from "../frame";

const TURN = 2 * Math.PI;

/** The same angle in [-π, π). */
export function wrapped(angle: number): number {
  return angle - TURN * turnsOf(angle);
}

/** How many whole turns an angle is away from the square. */
function turnsOf(angle: number): number {
  return Math.floor(angle / TURN + 0.5);
}

const known = new WeakMap<Curves, Curves>();

/** The same curves without jumps: from each state to the next the shorter way round, on however far that leads. */
export function unwrapped(curves: Curves): Curves {
  const before = known.get(curves);
  if (before !== undefined) return before;
  const { times } = curves;
  const positions = curves.positions.slice();
  const stride = positions.length / times.length;
  for (let i = stride; i < positions.length; i++) {
    const from = positions[i - stride] ?? 0;
    positions[i] = from + wrapped((positions[i] ?? 0) - from);
  }
  const found = { times, positions };
  known.set(curves, found);
  return found;
}

/** A part of a straight segment that stays in one square, which lies `turns` away from the middle one. */
export interface Stretch {
  /** fractions of the segment */
  from: number;
  to: number;
  turns: readonly [number, number];
}

/** A segment of any length, cut wherever it goes from one square to the next. */
export function stretches([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): Stretch[] {
  const cuts = [0, ...crossings(x0, x1), ...crossings(y0, y1), 1].sort((a, b) => a - b);
  return cuts.slice(1).flatMap((to, i) => {
    const from = cuts[i] ?? 0;
    if (to === from) return [];
    const middle = (from + to) / 2;
    return [{ from, to, turns: [turnsOf(x0 + middle * (x1 - x0)), turnsOf(y0 + middle * (y1 - y0))] as const }];
  });
}

/** Fractions of the way from one angle to another at which it passes π, 3π, −π .. */
function crossings(from: number, to: number): number[] {
  const [least, most] = [turnsOf(Math.min(from, to)) + 1, turnsOf(Math.max(from, to))];
  return Array.from(
    { length: Math.max(0, most - least + 1) },
    (_, i) => (TURN * (least + i) - Math.PI - from) / (to - from),
  );
}
