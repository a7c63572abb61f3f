import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { digitsFrom } from "./digits";

const { points, dim, labels, classes } = digitsFrom(new Uint8Array(readFileSync("www/src/experiment/digits.npz")));

test("the digits that are shipped are those of the UCI set", () => {
  expect([points.length, dim, labels.length, classes.length]).toEqual([1797 * 64, 64, 1797, 10]);
  const counts = new Array(10).fill(0);
  for (const label of labels) counts[label]++;
  expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  // Of the first: a ring, by its levels.
  const levels = Array.from(points.subarray(0, 64), (pixel) => Math.floor(((pixel + 1) * 17) / 2));
  expect(levels.slice(0, 16)).toEqual([0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]);
});

test("pixels lie between paper and ink, and no pixel is the same in all pictures", () => {
  expect(points.every((pixel) => pixel >= -1 && pixel < 1)).toBe(true);
  for (let pixel = 0; pixel < dim; pixel++) {
    const values = new Set(Array.from({ length: 50 }, (_, i) => points[i * dim + pixel]));
    expect(values.size).toBe(50);
  }
});

test("a digit is told by the digit nearest to it", () => {
  const square = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += ((points[i * dim + k] ?? 0) - (points[j * dim + k] ?? 0)) ** 2;
    return sum;
  };
  let right = 0;
  for (let i = 0; i < 300; i++) {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (let j = 300; j < labels.length; j++) {
      const distance = square(i, j);
      if (distance < least) [nearest, least] = [j, distance];
    }
    if (labels[nearest] === labels[i]) right++;
  }
  expect(right).toBeGreaterThan(285);
});
