import { expect, test } from "vitest";
import { velocityAt } from "./field";
import { BOX, gridOf, rotation } from "./fixture";
import { bracket, type Curves, positionsAt, sliceAt } from "./frame";
import { integralOver } from "./integral";
import { segment } from "./layers/curves";
import { turning } from "./turning";

const GENERATED: Curves = {
  times: [1, 0.5, 0],
  positions: Float64Array.of(0, 0, 10, 10, 1, 2, 10, 20, 4, 4, 10, 40),
};

test("time is found between solver states in either direction", () => {
  expect(bracket([1, 0.5, 0], 0.75)).toEqual({ before: 0, fraction: 0.5 });
  expect(bracket([0, 0.5, 1], 0.75)).toEqual({ before: 1, fraction: 0.5 });
  expect(bracket([1, 0.5, 0], 0)).toEqual({ before: 1, fraction: 1 });
  expect(bracket([1, 0.5, 0], 1)).toEqual({ before: 0, fraction: 0 });
});

test("at a solver state the points are the solver's own, between two they are on the line", () => {
  expect([...positionsAt(GENERATED, 0.5)]).toEqual([1, 2, 10, 20]);
  expect([...positionsAt(GENERATED, 0.25)]).toEqual([2.5, 3, 10, 30]);
  expect([...positionsAt(GENERATED, 0)]).toEqual([4, 4, 10, 40]);
});

test("a diffusion's states are not equally spaced in time, and end a little before t = 0", () => {
  const times = [1, 0.25, 0.001];
  const diffusion: Curves = { times, positions: Float64Array.of(0, 0, 3, 6, 4, 7) };
  expect([...positionsAt(diffusion, 0.5)]).toEqual([2, 4]);
  expect(positionsAt(diffusion, 0.1255)[0]).toBeCloseTo(3.5, 6);
  expect([...positionsAt(diffusion, 0)]).toEqual([4, 7]);
});

test("a segment begins and ends at its times", () => {
  const { times, positions } = segment(GENERATED, [0.25, 0.5], 3);
  expect(times).toEqual([0.25, 0.375, 0.5]);
  expect([...positions.slice(0, 2)]).toEqual([2.5, 3]);
  expect([...positions.slice(-2)]).toEqual([10, 20]);
});

test("a field is exact at its slices and linear between them", () => {
  const field = rotation(4, [0, 0.25, 1]);
  const row = (k: number) => field.velocity.subarray(32 * k, 32 * (k + 1));
  for (const [k, t] of field.times.entries()) {
    expect(sliceAt(field, t).velocity).toEqual(row(k));
    expect(sliceAt(field, t).divergence).toEqual(field.divergence?.subarray(16 * k, 16 * (k + 1)));
  }
  const between = sliceAt(field, 0.4).velocity;
  for (const [i, value] of between.entries()) {
    expect(value).toBeCloseTo(0.8 * (row(1)[i] ?? 0) + 0.2 * (row(2)[i] ?? 0), 5);
  }
  expect(sliceAt({ ...field, divergence: null }, 0.4).divergence).toBe(null);
});

test("between cell centers the velocity is bilinear, beyond the outermost it stays as it is", () => {
  const slice = sliceAt(rotation(10, [0, 1]), 0);
  const [dx, dy] = velocityAt(slice, 1.3, -2.1);
  expect(dx).toBeCloseTo(2.1, 5);
  expect(dy).toBeCloseTo(1.3, 5);
  expect(velocityAt(slice, 100, 0)[1]).toBeCloseTo(4.05, 5);
});

test("a normal density integrates to 1 over the view", () => {
  const normal = gridOf(48, (x, y) => -(x * x + y * y) / 2 - Math.log(2 * Math.PI));
  expect(integralOver(normal)).toBeCloseTo(1, 2);
  normal.logDensity[0] = Number.NaN;
  expect(integralOver(normal)).toBeCloseTo(1, 2);
});

test("straight curves don't turn, bent ones do where they bend", () => {
  const times = [1, 0.75, 0.5, 0.25, 0];
  const straight = [0, 1, 2, 3, 4].flatMap((k) => [k, 2 * k]);
  expect([...turning({ times, positions: Float64Array.from(straight) }, 9, BOX)]).toEqual([0, 0, 0, 0]);
  const corner = Float64Array.of(0, 0, 1, 0, 2, 0, 2, 1, 2, 2);
  const [first = 0, second = 0, third = 0, fourth = 0] = turning({ times, positions: corner }, 9, BOX);
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0.5);
  expect(third).toBeCloseTo(second, 5);
  expect(fourth).toBe(0);
});
