// The checks of the library's own arguments. They stand before the wasm because its number conversion does not
// refuse: -1 would arrive as 4294967295 points, NaN as 0.
import type { ExperimentInput } from "../experiment/experiment";
import { BUDGET_LIMITS, MAX_SEED } from "../experiment/limits";
import { FlowError } from "./error";
import type { Metric } from "./protocol";

const MAX_COUNT = 10_000_000;

/** The same sentence as Rust's own refusals. */
function refuse(field: string, value: unknown, allowed: string): never {
  const message = `${field} is ${value}; allowed: ${allowed}.`;
  throw new FlowError({ code: "invalid-value", message, field, value: String(value), allowed });
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** How many of something: a whole number of at least one. */
export function count(field: string, value: unknown): number {
  if (isInteger(value, 1, MAX_COUNT)) return value;
  return refuse(field, value, `a whole number from 1 to ${MAX_COUNT}`);
}

/** A training step: a whole number, 0 before the first. */
export function asStep(value: unknown): number {
  if (isInteger(value, 0, MAX_COUNT)) return value;
  return refuse("step", value, `a whole number from 0 to ${MAX_COUNT}`);
}

/** The number of a class, from 0. How many there are the engine knows. */
export function asClass(value: unknown): number {
  if (isInteger(value, 0, MAX_COUNT)) return value;
  return refuse("class", value, "the number of a class, from 0");
}

/** A value that was observed. Between which it may be the engine knows. */
export function asObserved(value: unknown, k: number): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return refuse(`numbers[${k}]`, value, "a finite number");
}

export function asSeed(value: unknown): number {
  if (isInteger(value, 0, MAX_SEED)) return value;
  return refuse("seed", value, `a whole number from 0 to ${MAX_SEED}`);
}

export function time(value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  return refuse("t", value, "a number from 0 (data) to 1 (noise)");
}

/** Flat points [x0, y0, x1, y1, ..]: whole points, at least one. */
export function asPoints(value: unknown, dim: number): Float64Array {
  if (!(value instanceof Float64Array || value instanceof Float32Array)) {
    const found = Object.prototype.toString.call(value).slice(8, -1);
    return refuse("points", found, "a Float64Array or a Float32Array of n*d numbers");
  }
  if (value.length > 0 && value.length % dim === 0)
    return value instanceof Float64Array ? value : Float64Array.from(value);
  return refuse("points", `${value.length} numbers`, `a multiple of ${dim} numbers, one point at least`);
}

/** One point [x, y, ..]. */
export function asPoint(value: unknown, dim: number): Float64Array {
  const numbers = Array.isArray(value) ? value : [];
  if (numbers.length === dim && numbers.every(Number.isFinite)) return new Float64Array(numbers);
  return refuse("point", JSON.stringify(value), `an array of ${dim} finite numbers`);
}

const MEASURED: Record<Metric, true> = {
  likelihood: true,
  "sliced-w2": true,
  w2: true,
  mmd: true,
  straightness: true,
  "generated-nll": true,
  frechet: true,
  snapshots: true,
  reweighting: true,
};
/** Everything that can be measured. */
export const METRICS = Object.keys(MEASURED) as readonly Metric[];

export function asName<T extends string>(field: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  const names = allowed.map((name) => JSON.stringify(name));
  return refuse(field, JSON.stringify(value), names.join(", "));
}

/** What says nothing where it stands. */
export function absent(field: string, value: unknown, where: string): void {
  if (value !== undefined) refuse(field, JSON.stringify(value), `nothing ${where}`);
}

const GIVEN = ["points", "pictures", "digits", "digit-codes"];

/** Points are the data, so data of another kind beside them is a contradiction; data left out means the points. */
export function withOwnPoints(experiment: ExperimentInput): ExperimentInput {
  const kind = experiment.data?.kind ?? "points";
  if (!GIVEN.includes(kind)) {
    return refuse("data.kind", JSON.stringify(kind), '"points" or "pictures" where points are given');
  }
  return { ...experiment, data: { ...experiment.data, kind } };
}

/** Where the wasm's own words for a number that is no whole number of 64 bits would be the answer. */
export function withinLimits(experiment: ExperimentInput): ExperimentInput {
  const evaluations = experiment.budget?.networkEvaluations ?? null;
  const { min, max } = BUDGET_LIMITS.networkEvaluations;
  if (evaluations === null || isInteger(evaluations, min, max)) return experiment;
  return refuse("budget.networkEvaluations", evaluations, `a whole number from ${min} to ${max}`);
}
