/** More values than this tell no more about a picture's scale. */
const NUM_LOOKED_AT = 4096;

/** The size that a part of the values stays below, in absolute value; a few that ran away do not move it. */
export function quantileOfSizes(values: ArrayLike<number>, part: number): number {
  const stride = Math.max(1, Math.floor(values.length / NUM_LOOKED_AT));
  const sizes: number[] = [];
  for (let i = 0; i < values.length; i += stride) {
    const size = Math.abs(values[i] ?? 0);
    if (Number.isFinite(size)) sizes.push(size);
  }
  const sorted = Float64Array.from(sizes).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
