import { expect, test } from "vitest";
import type { Curves, Decoder } from "../stage/frame";
import { waysOf } from "./decoded";

/** Of 2 × 2 pixels: x, y, x, y. */
const DECODER: Decoder = {
  side: 2,
  decode: (points) => Float32Array.from({ length: 2 * points.length }, (_, i) => points[2 * (i >> 2) + (i & 1)] ?? 0),
};
/** From (1, 0), (0, 1) and (4, 4) to the origin, on straight lines. */
const CURVES: Curves = {
  times: [1, 0.5, 0],
  positions: Float64Array.of(1, 0, 0, 1, 4, 4, 0.5, 0, 0, 0.5, 2, 2, 0, 0, 0, 0, 0, 0),
};

test("samples are seen on their way as what each place decodes to", () => {
  const [ways, ...others] = waysOf(CURVES, DECODER, null);
  expect(others).toEqual([]);
  expect(ways?.columns).toEqual(["t = 1", "t = 0.8", "t = 0.6", "t = 0.4", "t = 0.2", "t = 0"]);
  const picture = (row: number, column: number) =>
    [...(ways?.pixels.subarray(4 * (6 * row + column)) ?? [])].slice(0, 4);
  expect(picture(0, 0)).toEqual([1, 0, 1, 0]);
  expect(picture(1, 0)).toEqual([0, 1, 0, 1]);
  expect(picture(2, 5)).toEqual([0, 0, 0, 0]);
  picture(2, 3).forEach((value) => {
    expect(value).toBeCloseTo(1.6);
  });
});

test("where a point is inspected, the way of the sample that comes nearest to it is seen first", () => {
  const [nearest, ...others] = waysOf(CURVES, DECODER, [3.5, 4.2]);
  expect(others.length).toBe(1);
  expect(nearest?.title).toContain("nearest to the inspected point");
  expect([...(nearest?.pixels.subarray(0, 4) ?? [])]).toEqual([4, 4, 4, 4]);
  expect(nearest?.pixels.length).toBe(6 * 4);
});

test("of what jumps from noise to data the ends are seen alone", () => {
  const jump: Curves = { times: [1, 0], positions: Float64Array.of(1, 0, 0, 1) };
  expect(waysOf(jump, DECODER, null)[0]?.columns).toEqual(["t = 1", "t = 0"]);
});
