// Every finished training on this machine.
import type { CostPoint } from "../library";

/** A point of quality against evaluations; all that is kept of one. */
export type NfeQuality = Pick<CostPoint, "nfe" | "slicedW2" | "slicedW2Floor"> &
  Partial<Pick<CostPoint, "slicedW2StandardError">>;

/** A point of quality in the course of training; all that is kept of one. */
export interface CourseQuality {
  seconds: number;
  networkEvaluations: number;
  slicedW2: number | null;
  slicedW2Floor: number | null;
}

/** One finished training of one panel. */
export interface Result {
  /** what ran, all but the seed */
  key: string;
  title: string;
  method: string;
  data: string;
  dim: number;
  seed: number;
  /** of training */
  seconds: number;
  networkEvaluations: number;
  /** quality against evaluations; none until it was measured */
  costs: readonly NfeQuality[];
  /** quality in the course of its training */
  course: readonly CourseQuality[];
  nll: number | null;
  kl: number | null;
  slicedW2: number | null;
  slicedW2Floor: number | null;
  /** whether `nll` and `kl` are a likelihood: where they are not, they are left out of every mean */
  converged: boolean;
  /** on how many points it was measured, and with which solver */
  n: number;
  solver: string;
}

/** What ran again with the same seed replaces what it came to before. What is known already changes nothing. */
export function record(results: readonly Result[], result: Result): readonly Result[] {
  const at = results.findIndex(({ key, seed }) => key === result.key && seed === result.seed);
  const before = results[at];
  if (before === undefined) return [...results, result];
  return JSON.stringify(before) === JSON.stringify(result) ? results : results.with(at, result);
}
