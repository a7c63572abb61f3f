import fc from "fast-check";
import { expect, test } from "vitest";
import { differences, joined, originsOf, roundedPoints } from "./origins";

const column = fc
  .tuple(fc.constantFrom(0, 3, 500_000, -1_700_000_001, 1e12), fc.constantFrom(0.001, 1, 40))
  .chain(([origin, range]) =>
    fc
      .array(fc.double({ min: 0, max: range, noNaN: true }), { minLength: 16, maxLength: 16 })
      .map((values) => values.map((value) => origin + value)),
  );
const table = fc.array(column, { minLength: 2, maxLength: 4 }).map((columns) => ({
  dim: columns.length,
  points: Float64Array.from({ length: 16 * columns.length }, (_, i) => {
    return columns[i % columns.length]?.[Math.floor(i / columns.length)] ?? 0;
  }),
}));

test("rounded points keep the digits of their differences, and come back from these to the last bit", () => {
  fc.assert(
    fc.property(table, ({ points, dim }) => {
      const rounded = roundedPoints(points, dim);
      points.forEach((value, i) => {
        // 40 at the most, from 0 or from the first; a number near 0 is up to 16 times its column's range.
        expect(Math.abs((rounded[i] ?? 0) - value)).toBeLessThanOrEqual(2 ** -24 * 128 + Math.abs(value) * 2 ** -53);
      });
      const origins = originsOf(rounded, dim);
      expect(joined(differences(rounded, origins), origins)).toEqual(rounded);
      expect(roundedPoints(rounded, dim)).toEqual(rounded);
    }),
  );
});

test("near 0 they are the numbers of 32 bits that they always were", () => {
  const near = Float64Array.from({ length: 32 }, (_, i) => 0.1 * i - 1);
  expect(roundedPoints(near, 2)).toEqual(Float64Array.from(Float32Array.from(near)));
  expect(originsOf(roundedPoints(near, 2), 2)).toEqual([0, 0]);
});
