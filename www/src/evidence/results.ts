// What several seeds of the same training come to.
import type { Result } from "../state/results";
import { evaluationsFor, type Line, type Reached, trainingFor } from "./line";

const QUANTITIES = ["seconds", "networkEvaluations", "nll", "kl", "slicedW2", "slicedW2Floor"] as const;
const AT_LINE = ["nfe", "secondsToLine", "evaluationsToLine"] as const;
const LIKELIHOODS: readonly string[] = ["nll", "kl"];
type SeedQuantity = (typeof QUANTITIES)[number];
export type SummaryQuantity = SeedQuantity | (typeof AT_LINE)[number];

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

function valuesOf(seeds: readonly Result[], quantity: SeedQuantity): number[] {
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
