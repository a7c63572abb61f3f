// Ranks of what was measured: less is better, and what chance could have turned round shares a rank.
import { degreesOf, quantile, type Uncertain } from "./student";

export interface Ranked extends Uncertain {
  value: number;
  /** null where it is not known: then any difference counts */
  standardError: number | null;
}

/** True if `a` is less than `b` by more than chance alone makes of it once in twenty times. */
export function isClearlyLess(a: Ranked, b: Ranked): boolean {
  const spread = quantile(degreesOf(a, b)) * Math.hypot(a.standardError ?? 0, b.standardError ?? 0);
  return b.value - a.value > spread;
}

/**
 * From 1, one for each of `all` in its order, null for what is missing. From the best on, those not told apart from the
 * first of a rank share it; the next rank counts all before it, as in sports. Ranks never contradict the values' order.
 */
export function ranks(all: readonly (Ranked | null)[]): (number | null)[] {
  const known = all.flatMap((ranked, i) => (ranked === null ? [] : [{ ranked, i }]));
  known.sort((a, b) => a.ranked.value - b.ranked.value || errorOf(b.ranked) - errorOf(a.ranked));
  const result: (number | null)[] = all.map(() => null);
  let [first, rank] = [known[0]?.ranked, 1];
  for (const [before, { ranked, i }] of known.entries()) {
    if (first !== undefined && isClearlyLess(first, ranked)) [first, rank] = [ranked, before + 1];
    result[i] = rank;
  }
  return result;
}

function errorOf({ standardError }: Ranked): number {
  return standardError ?? 0;
}
