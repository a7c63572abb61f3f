import { expect, test } from "vitest";
import { apart } from "./frame";

test("letters keep their order and come to lie apart", () => {
  const ends = [40, 41, 10, 39].map((y, i) => ({ slot: "abcd"[i] as "a", x: 0, y }));
  const placed = apart(ends);
  expect(placed.map(({ slot }) => slot)).toEqual(["c", "d", "a", "b"]);
  const ys = placed.map(({ y }) => y);
  for (const [i, y] of ys.entries()) if (i > 0) expect(y - (ys[i - 1] ?? 0)).toBeGreaterThanOrEqual(13);
  // Whoever is alone stays at the end of its line.
  expect(ys[0]).toBe(10);
});
