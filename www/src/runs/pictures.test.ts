import { expect, test } from "vitest";
import { projectorOf } from "../experiment/plane";
import type { Run } from "../library";
import { columnsOfTime, fieldSlices, planarInspection, viewOfTime } from "./pictures";

const PROJECTOR = projectorOf({ kind: "principal" }, Float64Array.of(1, 2), { center: [5], scale: [2] });

/** f(x, t) = 10 t + x, whose divergence is 1. */
const RUN = {
  dim: 1,
  velocity: async (points: Float64Array, t: number) => Float32Array.from(points, (x) => 10 * t + x),
  divergence: async (points: Float64Array) => new Float32Array(points.length).fill(1),
} as unknown as Run;

test("of points on a line one grid of time and x holds the field, in which time goes by at a speed of 1", async () => {
  const field = await fieldSlices(RUN, PROJECTOR, true);
  const { size, box, times, velocity, divergence } = field;
  expect([box, times]).toEqual([{ x: [0, 1], y: [-4, 14] }, [0]]);
  expect([velocity.length, divergence?.length]).toEqual([2 * size * size, size * size]);
  for (const [column, row] of [
    [0, 0],
    [3, 7],
    [size - 1, size - 2],
  ] as const) {
    const [t, x] = [(column + 0.5) / size, -4 + (18 * (row + 0.5)) / size];
    expect([...velocity.subarray(2 * (row * size + column)).slice(0, 2)]).toEqual([1, expect.closeTo(10 * t + x, 4)]);
  }
  expect(divergence?.every((value) => value === 1)).toBe(true);
  expect((await fieldSlices(RUN, PROJECTOR, false)).divergence).toBeNull();
});

test("the columns of a grid of time are all its cells, once", () => {
  const columns = columnsOfTime(viewOfTime(PROJECTOR), 5);
  expect(columns.map(({ t }) => t)).toEqual([0.1, expect.closeTo(0.3), 0.5, expect.closeTo(0.7), 0.9]);
  expect(columns.flatMap(({ cells }) => cells).sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i));
});

test("what is found at an x is shown beside time", () => {
  const found = {
    velocity: Float32Array.of(3),
    meanVelocity: null,
    divergence: 1,
    logDensity: -2,
    paths: { times: [0, 1], positions: Float64Array.of(4, 6), nfe: 0 },
  } as unknown as Parameters<typeof planarInspection>[3];
  const shown = planarInspection([5], 0.5, PROJECTOR, found);
  expect(shown.at).toEqual([0, 5]);
  expect([shown.velocity, shown.mean]).toEqual([[0, 3], null]);
  expect([...(shown.paths?.positions ?? [])]).toEqual([0, 4, 0, 6]);
});
