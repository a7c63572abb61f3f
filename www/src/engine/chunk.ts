// How many training steps to run before the worker looks at its messages again.

/** Long enough that the pause between chunks costs nothing, short enough that a click is answered at once. */
export const CHUNK_MS = 30;
/** The first step of a device compiles its kernels; growing by small factors keeps one odd time from mattering. */
const MAX_GROWTH = 4;

/** The next chunk's size, from the last one's size and the time it took. */
export function nextChunk(numSteps: number, elapsedMs: number): number {
  const fitting = Math.floor((CHUNK_MS * numSteps) / Math.max(elapsedMs, 1e-3));
  return Math.max(1, Math.min(fitting, numSteps * MAX_GROWTH));
}
