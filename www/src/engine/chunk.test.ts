import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_MS, nextChunk } from "./chunk";

/** Chunk sizes on a device whose step always takes `stepMs`. */
function sizes(stepMs: number, numChunks: number): number[] {
  const all = [1];
  while (all.length < numChunks) {
    const last = all.at(-1) as number;
    all.push(nextChunk(last, last * stepMs));
  }
  return all;
}

test("a chunk settles at the largest number of steps that fits", () => {
  expect(sizes(2.5, 5)).toEqual([1, 4, 12, 12, 12]);
  expect((sizes(0.01, 20).at(-1) as number) * 0.01).toBeCloseTo(CHUNK_MS);
});

test("a step longer than a chunk still runs, one at a time", () => {
  expect(sizes(400, 3)).toEqual([1, 1, 1]);
});

test("a slow chunk shrinks the next one at once", () => {
  expect(nextChunk(100, 300)).toBe(10);
});

test("a clock too coarse to see the chunk can't make it infinite", () => {
  expect(nextChunk(8, 0)).toBe(32);
});

test("at the speed of the last chunk, no next one lasts longer than its bound, but for a single step", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0.01, max: 1e5, noNaN: true }), (steps, ms) => {
      const next = nextChunk(steps, ms);
      expect(next === 1 || (next * ms) / steps <= CHUNK_MS * (1 + 1e-9)).toBe(true);
    }),
    { seed: 7 },
  );
});
