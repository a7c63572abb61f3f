import { expect, test } from "vitest";
import { columnCells } from "./strip";

test("a column's pictures stand below each other, with a gap, and what ran away is left out", () => {
  const pixels = Float32Array.from({ length: 2 * 2 * 4 }, (_, i) => (i === 4 ? Number.POSITIVE_INFINITY : i / 16));
  const { columns, rows, values } = columnCells({ title: "", side: 2, colors: 1, columns: ["a", "b"], pixels }, 1);
  expect([columns, rows]).toEqual([2, 5]);
  const nothing = Number.NaN;
  const second = [nothing, 5 / 16, 6 / 16, 7 / 16, nothing, nothing, 12 / 16, 13 / 16, 14 / 16, 15 / 16];
  expect([...values]).toEqual(second);
});

test("a pixel of three colors has three numbers", () => {
  const pixels = Float32Array.from({ length: 2 * 4 * 3 }, (_, i) => i / 24);
  const { columns, rows, values } = columnCells({ title: "", side: 2, colors: 3, columns: ["a", "b"], pixels }, 1);
  expect([columns, rows, ...values]).toEqual([2, 2, ...pixels.subarray(12)]);
});
