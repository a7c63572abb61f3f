// Results that a browser keeps from visit to visit.
import { type Result, record } from "./results";
import type { Change } from "./state";

/** Older ones go. */
const MOST_KEPT = 1000;
/** Of the course of a training: more than a chart tells apart. */
const MOST_COURSE = 60;

/** With those of before; what was found since is newer. */
export function withEarlier(earlier: readonly Result[]): Change {
  return (state) => ({ ...state, results: state.results.reduce<readonly Result[]>(record, earlier) });
}

export function forgetResults(): Change {
  return (state) => ({ ...state, results: [] });
}

export function toKeep(results: readonly Result[]): Result[] {
  return results.slice(-MOST_KEPT).map((one) => ({ ...one, course: thinned(one.course) }));
}

function thinned<T>(all: readonly T[]): readonly T[] {
  const every = Math.ceil(all.length / MOST_COURSE);
  return all.length <= MOST_COURSE ? all : all.filter((_, i) => i % every === 0 || i === all.length - 1);
}

/** What is read may be another version's. */
export function resultsIn(value: unknown): Result[] {
  return Array.isArray(value) ? value.filter(isResult) : [];
}

function isResult(value: unknown): value is Result {
  const one = value as Partial<Result> | null;
  return (
    typeof one?.key === "string" &&
    [one.title, one.method, one.data, one.solver].every((text) => typeof text === "string") &&
    [one.seed, one.seconds, one.networkEvaluations, one.dim, one.n].every(Number.isFinite) &&
    typeof one.converged === "boolean" &&
    Array.isArray(one.costs) &&
    Array.isArray(one.course)
  );
}
