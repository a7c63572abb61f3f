// A long series as few points: what a chart can draw many times a second.
import { type Losses, lossAt, sumsOf } from "../experiment/losses";

export interface Series {
  step: number;
  raw: number;
  average: number;
}

/** At most `maxPoints` steps, evenly spread, each with its own loss and the mean of the losses around it. */
export function thinned(losses: Losses, maxPoints: number): Series[] {
  const { count } = losses;
  const stride = Math.max(1, Math.ceil(count / maxPoints));
  const half = Math.max(4, Math.round(count / 60));
  const sumTo = sumsOf(losses);
  const series: Series[] = [];
  for (let i = 0; i < count; i += stride) {
    const start = Math.max(0, i - half);
    const stop = Math.min(count, i + half + 1);
    series.push({ step: i + 1, raw: lossAt(losses, i), average: (sumTo(stop) - sumTo(start)) / (stop - start) });
  }
  return series;
}

/** From just below the smallest average to above most losses: the first few would flatten all the others. */
export function lossDomain(series: readonly Series[]): [number, number] {
  const sorted = series.map(({ raw }) => raw).sort((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.floor(quantile * (sorted.length - 1))] ?? 0;
  const low = at(0.005);
  const high = at(0.97);
  const pad = 0.06 * (high - low) || 1;
  return [low - pad, high + pad];
}

/** At most so many of them, the first and the last among them. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const stride = (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => all[Math.round(i * stride)] as T);
}
