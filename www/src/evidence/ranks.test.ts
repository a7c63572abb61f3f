import { expect, test } from "vitest";
import { isClearlyLess, type Ranked, ranks } from "./ranks";

/** Repeatable numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function cases(): (Ranked | null)[][] {
  const next = random(11);
  return Array.from({ length: 300 }, () =>
    Array.from({ length: 1 + Math.floor(4 * next()) }, () => {
      if (next() < 0.15) return null;
      // Rounded, so that values coincide.
      return { value: Math.round(20 * next()) / 10, standardError: next() < 0.3 ? null : next() / 2 };
    }),
  );
}

test("what is missing has no rank, and of the others the least has the first", () => {
  for (const all of cases()) {
    const found = ranks(all);
    const known = all.flatMap((ranked, i) => (ranked === null ? [] : [{ ...ranked, rank: found[i] }]));
    expect(found.map((rank) => rank === null)).toEqual(all.map((ranked) => ranked === null));
    const least = Math.min(...known.map(({ value }) => value));
    for (const { value, rank } of known) if (value === least) expect(rank).toBe(1);
  }
});

test("ranks never contradict the order of the values", () => {
  for (const all of cases()) {
    const found = ranks(all);
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) {
        if (a !== null && b !== null && a.value < b.value) expect(found[i]).toBeLessThanOrEqual(found[j] ?? 0);
      }
    }
  }
});

test("the order in which panels stand changes no rank", () => {
  for (const all of cases()) {
    const reversed = ranks([...all].reverse()).reverse();
    expect(ranks(all)).toEqual(reversed);
  }
});

test("a rank counts those before it: one that is shared by two is followed by the third", () => {
  for (const all of cases()) {
    const found = ranks(all).filter((rank) => rank !== null);
    for (const rank of found) expect(found.filter((other) => other < rank)).toHaveLength(rank - 1);
  }
});

test("the same in other units is ranked the same", () => {
  for (const all of cases()) {
    const scaled = all.map(
      (one) => one && { value: 4 * one.value, standardError: one.standardError && 4 * one.standardError },
    );
    expect(ranks(scaled)).toEqual(ranks(all));
  }
});

test("without errors only equals share a rank, and within two standard errors of the difference all do", () => {
  const exact = (value: number) => ({ value, standardError: null });
  expect(ranks([exact(3), exact(1), exact(3), exact(2)])).toEqual([3, 1, 3, 2]);
  const near = { value: 1.02, standardError: 0.01 };
  const far = { value: 1.04, standardError: 0.01 };
  expect(ranks([{ value: 1, standardError: 0.01 }, near])).toEqual([1, 1]);
  expect(ranks([{ value: 1, standardError: 0.01 }, near, far])).toEqual([1, 1, 3]);
  expect(isClearlyLess(near, far)).toBe(false);
});
