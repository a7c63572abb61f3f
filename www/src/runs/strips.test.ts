import { expect, test } from "vitest";
import type { Sampler } from "../experiment/samplers";
import { learnedOf, nearestTo, onSphere, sharesAt } from "./learned";
import type { Carrying } from "./pictures";
import { stripsOf } from "./strips";

const SIDE = 8;
const DIM = SIDE * SIDE;

/** Noise is -1 everywhere, data 1; each call is carried straight, and ends a hundredth of its steps short of it. */
function straight(asked: Sampler[]): Carrying {
  const carry = (n: number, by: { steps?: number }) => {
    const end = 1 - (by.steps ?? 0) / 100;
    return { times: [1, 0], positions: Float64Array.from({ length: 2 * n * DIM }, (_, i) => (i < n * DIM ? -1 : end)) };
  };
  return {
    dim: DIM,
    noise: async (n: number) => new Float64Array(n * DIM).fill(-1),
    transport: async (points: Float64Array, by: Sampler) => {
      asked.push(by);
      return carry(points.length / DIM, by);
    },
    trajectories: async (n: number, by: Sampler) => {
      asked.push(by);
      return carry(n, by);
    },
  } as unknown as Carrying;
}

test("one sample is shown on its way, and the same noise in 1, 2, 4, 8 and 20 steps", async () => {
  const asked: Sampler[] = [];
  const [way, steps] = await stripsOf(straight(asked), { solver: "heun", steps: 10 }, false);
  expect(way?.columns).toEqual(["t = 1", "t = 0.8", "t = 0.6", "t = 0.4", "t = 0.2", "t = 0"]);
  // From paper to a twentieth less than ink: ten steps.
  const firsts = way?.columns.map((_, k) => way.pixels[k * DIM]);
  expect(firsts).toEqual([0, 0.19, 0.38, 0.57, 0.76, 0.95].map((value) => expect.closeTo(value, 6)));
  expect(steps?.columns).toEqual(
    ["1 step, 2", "2 steps, 4", "4 steps, 8", "8 steps, 16", "20 steps, 40"].map((name) => `${name}\u00a0NFE`),
  );
  expect(asked.map((by) => by.steps)).toEqual([10, 1, 2, 4, 8, 20]);
  expect(steps?.pixels.length).toBe(3 * 5 * DIM);
  expect(steps?.pixels[4 * DIM]).toBeCloseTo(0.9);
});

test("what has but one way to be drawn is drawn in that", async () => {
  const asked: Sampler[] = [];
  const [, steps] = await stripsOf(straight(asked), { solver: "euler", steps: 1 }, true);
  expect([steps?.columns, asked.map((by) => by.steps)]).toEqual([["1 step"], [1, 1]]);
});

test("noise on the way is drawn for each number of steps alike", async () => {
  const asked: Sampler[] = [];
  await stripsOf(straight(asked), { sampler: "ancestral", steps: 8 }, false);
  expect(asked.map((by) => by.sampler)).toEqual(new Array(6).fill("ancestral"));
});

test("the nearest picture is another than the picture itself", () => {
  const [zero, one, two] = [0, 1, 2].map((value) => new Float64Array(DIM).fill(value)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  // From 0 to 1 there are two units of the pixels of a model.
  expect(nearestTo(zero, [two, zero, one])).toEqual({ point: one, distance: 0.5 });
});

test("between two points of one length all are as long, and its ends are theirs", () => {
  const [from, to] = [Float64Array.of(3, 0, 4), Float64Array.of(0, 5, 0)];
  for (const share of [0, 0.2, 0.5, 1]) expect(Math.hypot(...onSphere(from, to, share))).toBeCloseTo(5);
  expect([...onSphere(from, to, 0)]).toEqual([3, 0, 4]);
  expect([...onSphere(from, to, 1)].map((x) => x + 0)).toEqual([0, 5, 0].map((x) => expect.closeTo(x)));
  expect([...onSphere(from, from, 0.5)]).toEqual([...from]);
});

test("a conditional path tells how much of its point is data, and how much noise", () => {
  const positions = Float64Array.of(1, 2, 0.6 * 1 + 0.8 * 5, 0.6 * 2 + 0.8 * -1, 5, -1);
  expect(sharesAt({ times: [0, 0.5, 1], positions }, 0.5)).toEqual({
    ofData: expect.closeTo(0.6),
    ofNoise: expect.closeTo(0.8),
  });
  const noisy = Float64Array.of(1, 2, 3, 9, 9, 9, 5, -1, 2);
  expect(sharesAt({ times: [0, 0.5, 1], positions: noisy }, 0.5)).toBeNull();
});

/** Data are 0.5 everywhere and every ODE stands still, so that nothing changes but by what is done to it here. */
function still() {
  const points = (n: number, value: (i: number) => number) =>
    Float64Array.from({ length: n * DIM }, (_, i) => value(i));
  const stays = (at: Float64Array) => ({ times: [0, 1], positions: Float64Array.from([...at, ...at]) });
  const noise = async (n: number) => points(n, (i) => Math.sin(i));
  return {
    ...straight([]),
    experiment: {},
    noise,
    data: async (n: number) => points(n, (i) => 0.5 + Math.floor(i / DIM) / n / 10),
    transport: async (at: Float64Array) => stays(at),
    velocity: async (at: Float64Array) => new Float32Array(at.length),
    conditionalPaths: async () => ({
      times: [0, 1],
      positions: Float64Array.from([...points(1, (i) => Math.cos(i)), ...(await noise(1))]),
    }),
  } as unknown as Parameters<typeof learnedOf>[0];
}

test("pictures are damaged, noised as the path does it, and carried back", async () => {
  const strips = await learnedOf(still(), { solver: "rk4", steps: 5 }, { solver: "rk4", steps: 20 });
  expect(strips.map(({ columns }) => columns.length)).toEqual([8, 6, 6]);
  const repaired = strips[2];
  const at = (column: number, p: number) => 2 * (repaired?.pixels[column * DIM + p] ?? 0) - 1;
  const damaged = Array.from({ length: DIM }, (_, p) => at(1, p));
  const left = damaged.filter((value) => Math.abs(value - 0.5) < 1e-6).length;
  expect(left).toBeGreaterThan(DIM / 2);
  expect(left).toBeLessThan(DIM);
  // The ODE stands still: of t = 0.4 six tenths are the damaged picture, and four are noise.
  for (const p of [0, 7, 20]) expect(at(3, p)).toBeCloseTo(0.6 * (damaged[p] ?? 0) + 0.4 * Math.sin(p), 5);
});

test("without an encoder, or noise to add, there is nothing but what is near", async () => {
  const sampler = { solver: "euler", steps: 1 } as const;
  expect(await learnedOf(still(), sampler, null)).toHaveLength(1);
  const snapshots = { ...still(), experiment: { snapshots: {} } } as Parameters<typeof learnedOf>[0];
  expect(await learnedOf(snapshots, sampler, sampler)).toHaveLength(1);
});
