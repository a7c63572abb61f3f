import { expect, test } from "vitest";
import { type Clock, paced } from "./paced";

/** A machine that takes so long for a frame, and hides the page from one time to another. */
function machine(frameMs: number, hidden: readonly [number, number] = [0, 0]): Clock & { rested: number } {
  let nowMs = 0;
  return {
    rested: 0,
    now: () => nowMs,
    async nextFrame() {
      nowMs += frameMs;
    },
    isHidden: () => nowMs >= hidden[0] && nowMs < hidden[1],
    async untilShown() {
      this.rested += 1;
      nowMs = hidden[1];
    },
  };
}

async function shares(clock: Clock): Promise<number[]> {
  const all: number[] = [];
  await paced(7000, clock, (share) => void all.push(share));
  return all;
}

test.each([
  [33, 214],
  [80, 89],
  [1000, 8],
])("a film lasts 7 seconds where a frame takes %i ms, in fewer frames", async (frameMs, numFrames) => {
  const clock = machine(frameMs);
  const all = await shares(clock);
  expect(clock.now()).toBeLessThan(7000 + frameMs);
  expect(all).toHaveLength(numFrames);
  expect(all).toEqual([...all].sort((a, b) => a - b));
  expect([all[0], all.at(-1)]).toEqual([0, 1]);
});

test("while the page is hidden nothing goes by", async () => {
  const clock = machine(50, [1000, 161_000]);
  const all = await shares(clock);
  expect(clock.rested).toBe(1);
  const steps = all.slice(1).map((share, i) => share - (all[i] ?? 0));
  expect(Math.max(...steps) * 7000).toBeLessThan(51);
  expect(clock.now()).toBeGreaterThan(160_000 + 6900);
});
