// A long series as few points: what a chart can draw many times a second.

export interface Series {
  step: number;
  raw: number;
  average: number;
}

/** At most `maxPoints` steps, evenly spread, each with its own loss and the mean of the losses around it. */
export function thinned(losses: readonly number[], maxPoints: number): Series[] {
  const stride = Math.max(1, Math.ceil(losses.length / maxPoints));
  const half = Math.max(4, Math.round(losses.length / 60));
  const sums = [0];
  for (const loss of losses) sums.push((sums.at(-1) ?? 0) + loss);
  const series: Series[] = [];
  for (let i = 0; i < losses.length; i += stride) {
    const start = Math.max(0, i - half);
    const stop = Math.min(losses.length, i + half + 1);
    const average = ((sums[stop] ?? 0) - (sums[start] ?? 0)) / (stop - start);
    series.push({ step: i + 1, raw: losses[i] ?? Number.NaN, average });
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
