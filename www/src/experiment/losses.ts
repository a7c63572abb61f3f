// The losses of a training, however long it is: the newest one by one, and of those before them means over equally many steps.

export interface Losses {
  /** training steps */
  readonly count: number;
  /** the very first, one by one: what there was to learn is known from them */
  readonly first: readonly number[];
  /** training steps behind each of `means` */
  readonly stride: number;
  /** from the first step on */
  readonly means: readonly number[];
  /** of the steps after those, one by one */
  readonly newest: readonly number[];
}

export const NO_LOSSES: Losses = { count: 0, first: [], stride: 1, means: [], newest: [] };

const NUM_FIRST = 32;
/** One by one; of what is more the oldest become means. */
export const MOST_NEWEST = 20_000;
/** What is more becomes half as many, over twice as many steps. */
export const MOST_MEANS = 4096;

export function lossesOf(values: readonly number[]): Losses {
  return withMore(NO_LOSSES, values);
}

/** A row for each step after `firstStep`; of earlier ones a row for as many as a mean is kept of, at the last of them. */
export function lossRows({ stride, means, newest }: Losses, firstStep: number): [step: number, loss: number][] {
  const first = firstStep + means.length * stride;
  return [
    ...means.map((mean, i): [number, number] => [firstStep + (i + 1) * stride, mean]),
    ...newest.map((loss, i): [number, number] => [first + i + 1, loss]),
  ];
}

/** After further training steps. */
export function withMore(losses: Losses, values: readonly number[]): Losses {
  const { count, first } = losses;
  const earliest = first.length < NUM_FIRST ? [...first, ...values.slice(0, NUM_FIRST - first.length)] : first;
  const all = { ...losses, count: count + values.length, first: earliest, newest: [...losses.newest, ...values] };
  return all.newest.length <= MOST_NEWEST ? all : thinned(all);
}

/** Those of the first `count` steps. What is known only as a mean stands for each of its steps. */
export function firstOf(losses: Losses, count: number): Losses {
  if (count >= losses.count) return losses;
  const { stride, means, newest, first } = losses;
  const older = means.length * stride;
  const kept = { count, first: first.slice(0, count), stride };
  if (count >= older) return { ...kept, means, newest: newest.slice(0, count - older) };
  // As many as are paired when they become fewer.
  const numMeans = 2 * Math.floor(count / stride / 2);
  const rest = Array.from({ length: count - numMeans * stride }, (_, i) => lossAt(losses, numMeans * stride + i));
  return { ...kept, means: means.slice(0, numMeans), newest: rest };
}

/** Of the step after `index` others. */
export function lossAt({ stride, means, newest }: Losses, index: number): number {
  const older = means.length * stride;
  const loss = index < older ? means[Math.floor(index / stride)] : newest[index - older];
  return loss ?? Number.NaN;
}

/** Of the last steps, at least `steps` where there are as many: one by one, or means over equally many steps where they are old. */
export function lastOf({ stride, means, newest }: Losses, steps: number): readonly number[] {
  if (steps <= newest.length || means.length === 0) return newest.slice(-steps);
  const numMeans = Math.ceil((steps - newest.length) / stride);
  return [...means.slice(-numMeans), ...meansOf(newest, stride)];
}

/** The sum over the first so many steps, for charts that average. */
export function sumsOf({ stride, means, newest }: Losses): (steps: number) => number {
  const older = means.length * stride;
  const ofMeans = runningSums(means.map((mean) => mean * stride));
  const ofNewest = runningSums(newest);
  const total = ofMeans.at(-1) ?? 0;
  return (steps) => {
    if (steps >= older) return total + (ofNewest[steps - older] ?? 0);
    const at = Math.floor(steps / stride);
    return (ofMeans[at] ?? 0) + (steps - at * stride) * (means[at] ?? 0);
  };
}

/** There is always an even number of means, so that two and two make one. */
function thinned(losses: Losses): Losses {
  const { stride, means, newest } = losses;
  if (means.length >= MOST_MEANS) return thinned({ ...losses, stride: 2 * stride, means: paired(means) });
  const wanted = Math.max(1, Math.min(MOST_MEANS / 2, Math.floor(MOST_NEWEST / 2 / stride)));
  const numMeans = wanted - ((means.length + wanted) % 2) || 2;
  if (newest.length < numMeans * stride) return losses;
  const cut = numMeans * stride;
  const all = { ...losses, means: [...means, ...meansOf(newest.slice(0, cut), stride)], newest: newest.slice(cut) };
  return all.newest.length <= MOST_NEWEST ? all : thinned(all);
}

function paired(means: readonly number[]): number[] {
  return meansOf(means, 2);
}

/** Over each `stride` of them, and over what is left at the end. */
function meansOf(values: readonly number[], stride: number): number[] {
  const means: number[] = [];
  for (let start = 0; start < values.length; start += stride) {
    const some = values.slice(start, start + stride);
    means.push(some.reduce((sum, value) => sum + value, 0) / some.length);
  }
  return means;
}

function runningSums(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}
