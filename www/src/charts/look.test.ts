import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import type { Chart } from "./chart";
import { lookedAt, zoomed } from "./look";
import { lossPlot } from "./loss";
import { nearestOf, readingsOf } from "./readings";

const LOSS: Extract<Chart, { kind: "loss" }> = {
  kind: "loss",
  slot: "b",
  title: "Flow matching",
  losses: lossesOf([8, 4, 2, 1]),
  budget: 10,
  floor: null,
  hasRounds: false,
  above: false,
};

test("nearer is half as much of the axis around what is read, in its own measure", () => {
  expect(zoomed({ type: "linear", domain: [0, 10] }, 2, 0.5)).toEqual([1, 6]);
  const [low, high] = zoomed({ type: "log", domain: [1, 10_000] }, 100, 0.5);
  expect([low, high]).toEqual([expect.closeTo(10, 9), expect.closeTo(1000, 6)]);
  expect(zoomed({ type: "linear", domain: zoomed({ type: "linear", domain: [0, 10] }, 5, 0.5) }, 5, 2)).toEqual([
    0, 10,
  ]);
});

test("an axis is as it was, of another kind, or of what is looked at; a logarithmic one begins above 0", () => {
  const axis = { type: "linear", domain: [0, 10] } as const;
  const range = (look: Parameters<typeof lookedAt>[1]) => lookedAt({ ...axis, domain: [0, 10] }, look, [1, 8]);
  expect(range(undefined)).toEqual(axis);
  expect(range({ domain: [2, 3] })).toEqual({ type: "linear", domain: [2, 3] });
  const log = range({ type: "log" });
  expect([log.type, log.domain[0] > 0, log.domain[1]]).toEqual(["log", true, 10]);
  expect(range({ type: "log", domain: [-1, 3] }).domain[0]).toBeGreaterThan(0);
  expect(lossPlot(LOSS, 400, { x: { type: "log" }, y: { type: "log" } })).toMatchObject({
    x: { type: "log" },
    y: { type: "log" },
  });
});

test("every point of a chart can be read in words", () => {
  const readings = readingsOf(LOSS);
  expect(readings).toHaveLength(4);
  expect(readings[3]?.text).toMatch(/^step 4: \d/);
  const cost = {
    kind: "quality-cost",
    cost: "networkEvaluations",
    quality: "sliced W₂²",
    series: [{ slot: "a", title: "", points: [{ cost: 12_345, value: 0.123456 }] }],
    floor: null,
  } as const;
  expect(readingsOf(cost)[0]?.text).toBe("A: 0.1235 after 12,345 network evaluations");
  const nfe = {
    kind: "quality-nfe",
    quality: "sliced W₂²",
    series: [
      {
        slot: "b",
        title: "",
        solvers: [{ adaptive: false, points: [{ nfe: 8, value: 0.5, error: 0.01 }] }],
        reached: null,
      },
    ],
    floor: null,
    line: null,
  } as const;
  expect(readingsOf(nfe)[0]?.text).toBe("B: 0.5 ± 0.01 with 8 NFE");
});

test("the nearest is the one below the pointer, of several lines the one at its height", () => {
  expect(
    nearestOf(
      [
        [0, 0],
        [10, 90],
        [10, 10],
      ],
      9,
      20,
    ),
  ).toBe(2);
  expect(nearestOf([], 1, 1)).toBe(null);
});
