import { expect, test } from "vitest";
import { bracket, type Curves, positionsAt } from "./frame";
import { segment } from "./layers/curves";

const GENERATED: Curves = {
  times: [1, 0.5, 0],
  positions: Float32Array.of(0, 0, 10, 10, 1, 2, 10, 20, 4, 4, 10, 40),
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
  const diffusion: Curves = { times, positions: Float32Array.of(0, 0, 3, 6, 4, 7) };
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
