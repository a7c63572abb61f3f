// Every finished training on this machine, and what several seeds of the same one come to.
import { type CourseQuality, evaluationsFor, type Line, type NfeQuality, type Reached, trainingFor } from "./line";

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

const QUANTITIES = ["seconds", "networkEvaluations", "nll", "kl", "slicedW2", "slicedW2Floor"] as const;
const AT_LINE = ["nfe", "secondsToLine", "evaluationsToLine"] as const;
const LIKELIHOODS: readonly string[] = ["nll", "kl"];
type Measured = (typeof QUANTITIES)[number];
export type SummaryQuantity = Measured | (typeof AT_LINE)[number];

/** Over the seeds that have the quantity. */
export interface Spread {
  /** infinite where one of them never gets there */
  mean: number;
  /** the sample standard deviation; null of a single one */
  deviation: number | null;
  count: number;
}

export interface Summary {
  /** finished seeds */
  count: number;
  /** null where no seed has it */
  of: Readonly<Record<SummaryQuantity, Spread | null>>;
}

/** What ran again with the same seed replaces what it came to before. What is known already changes nothing. */
export function record(results: readonly Result[], result: Result): readonly Result[] {
  const at = results.findIndex(({ key, seed }) => key === result.key && seed === result.seed);
  const before = results[at];
  if (before === undefined) return [...results, result];
  return JSON.stringify(before) === JSON.stringify(result) ? results : results.with(at, result);
}

/** What is said of a line is left out where there is none. */
export function summarize(results: readonly Result[], key: string, line: Line | null): Summary {
  const seeds = results.filter((result) => result.key === key);
  const spreads = QUANTITIES.map((quantity) => [quantity, spreadOf(valuesOf(seeds, quantity))] as const);
  const reached = AT_LINE.map((quantity) => {
    const all = line === null ? [] : seeds.flatMap((seed) => reachedBy(seed, line)[quantity]?.value ?? []);
    return [quantity, spreadOf(all)] as const;
  });
  return { count: seeds.length, of: Object.fromEntries([...spreads, ...reached]) as Summary["of"] };
}

/** What one training takes to come to the line. */
export function reachedBy(
  { costs, course }: Pick<Result, "costs" | "course">,
  line: Line,
): Record<(typeof AT_LINE)[number], Reached | null> {
  return {
    nfe: evaluationsFor(costs, line),
    secondsToLine: trainingFor(course, line, "seconds"),
    evaluationsToLine: trainingFor(course, line, "networkEvaluations"),
  };
}

function valuesOf(seeds: readonly Result[], quantity: Measured): number[] {
  const usable = LIKELIHOODS.includes(quantity) ? seeds.filter(({ converged }) => converged) : seeds;
  return usable.flatMap((result) => result[quantity] ?? []);
}

export function spreadOf(values: readonly number[]): Spread | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1 || !Number.isFinite(mean)) return { mean, deviation: null, count };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (count - 1)), count };
}
