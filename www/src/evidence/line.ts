// One quality for all panels: how many evaluations of the velocity field samples of it take, and how much training.
import { msg } from "../language";
import type { CourseQuality, NfeQuality } from "../state/results";

export interface Line {
  /** of the sliced W₂² */
  value: number;
  /** what data come to against data at that number of points; null where it is unknown */
  floor: number | null;
  /** whether a reader moved it there */
  isChosen: boolean;
}

const TIMES = 2;
export const LINE_RULE = msg(
  "Until it is moved, the line lies at twice the best sliced W₂² that any panel came to, or at twice the floor where that is more.",
);
export const NEEDED_RULE = msg(
  "The fewest evaluations of the velocity field, by Euler or Dormand–Prince, or by the sampler that is chosen in their place, at which samples reach the quality line, one for all panels; in brackets what chance leaves open. Never: with none of them.",
);

/** Null where nothing was measured. `chosen` is where a reader moved it. */
export function lineOf(curves: readonly (readonly NfeQuality[])[], chosen: number | null): Line | null {
  const points = curves.flat().filter(({ slicedW2 }) => slicedW2 !== null && Number.isFinite(slicedW2));
  const floors = points.flatMap(({ slicedW2Floor }) => slicedW2Floor ?? []).sort((a, b) => a - b);
  const floor = floors[Math.floor((floors.length - 1) / 2)] ?? null;
  if (chosen !== null) return { value: chosen, floor, isChosen: true };
  const best = Math.min(...points.flatMap(({ slicedW2 }) => slicedW2 ?? []));
  if (points.length === 0) return null;
  const value = TIMES * Math.max(best, floor ?? 0);
  return value > 0 ? { value: Number(value.toPrecision(2)), floor, isChosen: false } : null;
}

/** What it takes to reach a line. */
export interface Reached {
  /** infinite where it never is */
  value: number;
  /** what it could be by chance: as `value` where nothing is open */
  low: number;
  high: number;
}

const STANDARD_ERRORS = 2;

/** The fewest evaluations at which samples are at the line or below. Null where nothing was measured. */
export function evaluationsFor(points: readonly NfeQuality[], { value: line }: Pick<Line, "value">): Reached | null {
  const tried = points.flatMap(({ nfe, slicedW2, slicedW2StandardError: error }) =>
    slicedW2 === null ? [] : [{ nfe, value: slicedW2, error: STANDARD_ERRORS * (error ?? 0) }],
  );
  if (tried.length === 0) return null;
  const fewest = (errors: -1 | 0 | 1) =>
    Math.min(...tried.filter(({ value, error }) => value + errors * error <= line).map(({ nfe }) => nfe));
  return { value: fewest(0), low: fewest(-1), high: fewest(1) };
}

/**
 * What training had cost when its samples reached the line: at a measurement and the one after it, so that no lucky draw
 * is taken for it. How far above its floor a distance is says how good the samples are, on however many points it was
 * measured. Null where nothing was measured.
 */
export function trainingFor(
  course: readonly CourseQuality[],
  { value: line, floor }: Pick<Line, "value" | "floor">,
  cost: "seconds" | "networkEvaluations",
): Reached | null {
  const known = course.filter(({ slicedW2 }) => slicedW2 !== null);
  if (known.length === 0) return null;
  const isThere = known.map(({ slicedW2, slicedW2Floor }) =>
    slicedW2Floor === null || floor === null
      ? (slicedW2 ?? 0) <= line
      : (slicedW2 ?? 0) - slicedW2Floor <= line - floor,
  );
  const at = isThere.findIndex((there, i) => there && isThere[i + 1] !== false);
  const reached = known[at];
  if (reached === undefined)
    return { value: Number.POSITIVE_INFINITY, low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  // At some time between the measurement before and this one.
  return { value: reached[cost], low: known[at - 1]?.[cost] ?? 0, high: reached[cost] };
}
