import fc from "fast-check";
import { expect, test } from "vitest";
import {
  firstOf,
  type Losses,
  lastOf,
  lossAt,
  lossesOf,
  MOST_MEANS,
  MOST_NEWEST,
  NO_LOSSES,
  sumsOf,
  withMore,
} from "./losses";

const loss = (step: number) => 3 + 5 * Math.exp(-step / 300) + (step % 2 ? 0.2 : -0.2);

/** So many steps of it, told `chunk` at a time. */
function trained(count: number, chunk: number): Losses {
  let losses = NO_LOSSES;
  while (losses.count < count) {
    const length = Math.min(chunk, count - losses.count);
    losses = withMore(
      losses,
      Array.from({ length }, (_, i) => loss(losses.count + i)),
    );
  }
  return losses;
}

test("as long as they are few, each is kept", () => {
  const losses = trained(5000, 37);
  expect(losses).toEqual(lossesOf(Array.from({ length: 5000 }, (_, i) => loss(i))));
  expect(losses.newest).toHaveLength(5000);
});

test.each([20_001, 100_000, 1_234_567, 3_000_000])(
  "of %i steps a bounded number is kept, the newest exactly",
  (count) => {
    const losses = trained(count, 1234);
    const { means, newest, stride, first } = losses;
    expect(losses.count).toBe(count);
    expect(means.length * stride + newest.length).toBe(count);
    expect(newest.length).toBeLessThanOrEqual(MOST_NEWEST);
    expect(means.length).toBeLessThanOrEqual(2 * MOST_MEANS);
    expect(first[0]).toBe(loss(0));
    for (let i = 1; i <= MOST_NEWEST / 4; i++) expect(newest.at(-i)).toBe(loss(count - i));
    // Evenly: each mean is over its own steps and no others.
    for (const at of [0, 1, means.length - 1]) {
      const own = Array.from({ length: stride }, (_, i) => loss(at * stride + i));
      expect(means[at]).toBeCloseTo(own.reduce((sum, one) => sum + one, 0) / stride, 9);
    }
  },
);

test("however they were told, sums and the steps before any are right", () => {
  const tells = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(tells, fc.double({ min: 0, max: 1, noNaN: true }), (chunks, share) => {
      let losses = NO_LOSSES;
      for (const chunk of chunks) losses = withMore(losses, new Array(chunk).fill(2));
      const count = chunks.reduce((sum, chunk) => sum + chunk, 0);
      const cut = Math.floor(share * count);
      const kept = firstOf(losses, cut);
      expect([losses.count, kept.count]).toEqual([count, cut]);
      expect(kept.means.length * kept.stride + kept.newest.length).toBe(cut);
      expect([sumsOf(losses)(cut), sumsOf(kept)(cut)]).toEqual([2 * cut, 2 * cut]);
      // Trained on from there.
      const on = withMore(kept, [7]);
      expect([on.count, lossAt(on, cut)]).toEqual([cut + 1, 7]);
    }),
    { numRuns: 200, seed: 3 },
  );
});

test("the last are the last, as means where they are old", () => {
  const losses = trained(400_000, 5000);
  expect(lastOf(losses, 50)).toEqual(losses.newest.slice(-50));
  const half = lastOf(losses, 200_000);
  expect(half.length).toBeLessThan(10_000);
  expect(half.reduce((sum, one) => sum + one, 0) / half.length).toBeCloseTo(3, 2);
});
