import { expect, test } from "vitest";
import { type Losses, lossesOf } from "../experiment/losses";
import { plateau } from "./plateau";

/** Falls from `start` to `end`, and scatters about it. */
function courseOf(start: number, end: number, scatter: number, length = 2000): Losses {
  const loss = (i: number) => end + (start - end) * Math.exp(-i / 100) + (i % 2 ? scatter : -scatter);
  return lossesOf(Array.from({ length }, (_, i) => loss(i)));
}

const FLOOR = { value: 21.3, standardError: 0.2 };

test("a plateau far above its floor is no success, and says what is missing", () => {
  const said = plateau({ losses: courseOf(128, 36.8, 1), floor: FLOOR });
  expect(said).toMatch(/^15\.5.* above the floor of 21\.30 ± 0\.20: 15\s% of what there was to learn is missing\./);
  expect(said).toContain("not success");
});

test("near the floor a plateau is as far as it goes", () => {
  for (const end of [21.3, 21.5, 21.9]) {
    const said = plateau({ losses: courseOf(128, end, 1), floor: FLOOR });
    expect(said).toContain("as far as this loss goes");
    expect(said).not.toContain("missing");
  }
});

/** What a sentence takes a plateau for, from the nearest to the farthest. */
const VERDICTS = ["as far as this loss goes", "nearly as far as this loss goes", "not success", "nothing is learned"];

test("every plateau is taken for one thing, which its share that is missing bears out, and no nearer one for worse", () => {
  let before = 0;
  for (let end = 21; end < 140; end += 0.25) {
    const said = plateau({ losses: courseOf(128, end, 1), floor: FLOOR }) ?? "";
    const verdict = VERDICTS.findLastIndex((one) => said.includes(one));
    expect(VERDICTS.filter((one) => said.includes(one)).length, said).toBe(verdict === 1 ? 2 : 1);
    const missing = Number(/(\d+)\s% of/.exec(said)?.[1] ?? Number.NaN);
    if (verdict === 1) expect(missing).toBeLessThan(10);
    if (verdict === 2) expect(missing).toBeGreaterThanOrEqual(10);
    if (verdict === 0 || verdict === 3) expect(missing).toBeNaN();
    expect(verdict).toBeGreaterThanOrEqual(before);
    before = verdict;
  }
  expect(before).toBe(3);
});

test("nearer is never said to be farther", () => {
  const missing = [100, 60, 40, 30].map((end) =>
    Number(/(\d+)\s% of/.exec(plateau({ losses: courseOf(128, end, 1), floor: FLOOR }) ?? "")?.[1]),
  );
  expect(missing).toEqual([...missing].sort((a, b) => b - a));
  expect(new Set(missing).size).toBe(4);
});

test("few steps are no plateau, no floor is no sentence, and what got worse has learned nothing", () => {
  expect(plateau({ losses: lossesOf([5, 4]), floor: FLOOR })).not.toMatch(/plateau/);
  expect(plateau({ losses: lossesOf([5]), floor: null })).toBeNull();
  expect(plateau({ losses: lossesOf([]), floor: FLOOR })).toBeNull();
  expect(plateau({ losses: courseOf(30, 36.8, 1), floor: FLOOR })).toContain("nothing is learned");
});

test("of a very long training as much is said as of a long one", () => {
  const [long, longer] = [2000, 300_000].map((length) =>
    plateau({ losses: courseOf(128, 36.8, 1, length), floor: FLOOR }),
  );
  expect(longer).toMatch(/above the floor of 21\.3/);
  expect(/(\d+)\s% of/.exec(longer ?? "")?.[1]).toBe(/(\d+)\s% of/.exec(long ?? "")?.[1]);
});
