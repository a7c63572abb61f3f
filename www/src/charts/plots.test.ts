// What a chart shows, read from the options that Plot is given.

import type { PlotOptions } from "@observablehq/plot";
import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import type { Chart, LossChart } from "./chart";
import { lossDescription, lossPlot } from "./loss";
import { qualityCostDescription, qualityCostPlot } from "./quality-cost";
import { qualityNfeDescription, qualityNfePlot } from "./quality-nfe";

function ends(scale: PlotOptions["x"]): [low: number, high: number] {
  return scale?.domain as [number, number];
}

const LOSS: LossChart = {
  kind: "loss",
  slot: "b",
  title: "Flow matching",
  losses: lossesOf(Array.from({ length: 2000 }, (_, i) => 3.9 + 4 * Math.exp(-i / 200) + (i % 2 ? 0.5 : -0.5))),
  budget: 5000,
  floor: { value: 3.85, shown: "3.850 ± 0.020" },
  hasRounds: false,
  above: false,
};

test("the loss is drawn up to its budget, with its floor in sight", () => {
  const { x, y } = lossPlot(LOSS, 400);
  expect(x?.domain).toEqual([0, 5000]);
  const [low, high] = ends(y);
  expect(low).toBeLessThan(3.85);
  expect(high).toBeGreaterThan(4);
  expect(lossDescription(LOSS)).toMatch(
    /^After 2000 training steps the average is 3\.9\d*\. Dashed: the floor 3\.850 ± 0\.020/,
  );
  expect(lossDescription({ ...LOSS, floor: null })).not.toContain("floor");
});

test("above its floor the loss is logarithmic, and without a floor it is as it was", () => {
  expect(lossPlot({ ...LOSS, above: true }, 400).y?.type).toBe("log");
  expect(lossPlot({ ...LOSS, above: true, floor: null }, 400).y?.type).toBe("linear");
});

test("a budget that is overrun does not push the line out", () => {
  expect(lossPlot({ ...LOSS, budget: 100 }, 400).x?.domain).toEqual([0, 2000]);
  expect(lossPlot({ ...LOSS, budget: null }, 400).x?.domain).toEqual([0, 2000]);
});

const COST: Extract<Chart, { kind: "quality-cost" }> = {
  kind: "quality-cost",
  cost: "seconds",
  quality: "sliced W₂²",
  series: [
    { slot: "a", title: "Normalizing flow", points: [1, 10, 100].map((cost) => ({ cost, value: 1 / cost })) },
    { slot: "b", title: "Flow matching", points: [{ cost: 2, value: 0.5 }] },
  ],
  floor: { value: 0.002, spread: 0.0005, meaning: "floor: fresh data against fresh data" },
};

test("quality against cost is logarithmic, floor included, and each line's end is said", () => {
  const { x, y } = qualityCostPlot(COST, 400);
  expect([x?.type, y?.type]).toEqual(["log", "log"]);
  expect(ends(y)[0]).toBeLessThan(0.002);
  expect(qualityCostDescription(COST)).toBe(
    "sliced W₂², less is better. A, Normalizing flow: 0.01 after 100 seconds of training. B, Flow matching: 0.5 after 2 seconds of training. Dashed: floor: fresh data against fresh data, 0.002.",
  );
});

test("a reflow's loss is logarithmic where a round's is far below that of the first, others are not", () => {
  const losses = [...Array.from({ length: 500 }, () => 3), ...Array.from({ length: 500 }, () => 0.05)];
  const rounds: LossChart = {
    ...LOSS,
    losses: lossesOf(losses),
    floor: { value: 0.04, shown: "0.040 ± 0.010" },
    hasRounds: true,
  };
  expect(lossPlot(rounds, 400).y?.type).toBe("log");
  expect(ends(lossPlot(rounds, 400).y)[0]).toBeLessThan(0.04);
  expect(lossPlot({ ...rounds, hasRounds: false }, 400).y?.type).toBe("linear");
  expect(lossPlot({ ...LOSS, hasRounds: true }, 400).y?.type).toBe("linear");
});

test("wherever the quality line is moved, it is in sight, and it moves no axis while it is among the points", () => {
  const series: Extract<Chart, { kind: "quality-nfe" }>["series"] = [
    {
      slot: "a",
      title: "Flow matching",
      solvers: [{ adaptive: false, points: [1, 2].map((nfe) => ({ nfe, value: 1 / nfe, error: null })) }],
      reached: null,
    },
  ];
  const axis = (line: number | null) =>
    ends(qualityNfePlot({ kind: "quality-nfe", quality: "", series, floor: null, line }, 400).y);
  expect(axis(0.7)).toEqual(axis(null));
  for (const line of [1e-6, 0.7, 1e5]) {
    expect(axis(line)[0]).toBeLessThanOrEqual(line);
    expect(axis(line)[1]).toBeGreaterThanOrEqual(line);
  }
});

test("quality against NFE says how many evaluations are enough", () => {
  const points = [1, 2, 4, 8].map((nfe) => ({ nfe, value: 1 / nfe, error: 0.01 }));
  const chart: Extract<Chart, { kind: "quality-nfe" }> = {
    kind: "quality-nfe",
    quality: "sliced W₂²",
    series: [
      {
        slot: "c",
        title: "DDPM",
        solvers: [
          { adaptive: false, points },
          { adaptive: true, points },
        ],
        reached: { nfe: 8, value: 0.125, error: 0.01 },
      },
    ],
    floor: null,
    line: 0.2,
  };
  const [low, high] = ends(qualityNfePlot(chart, 400).x);
  expect(low).toBeLessThan(1);
  expect(high).toBeGreaterThan(8);
  expect(qualityNfeDescription(chart)).toBe(
    "sliced W₂², less is better. At the quality line, 0.2, or below: C, DDPM: from NFE 8 on.",
  );
  const never = { ...chart, series: chart.series.map((one) => ({ ...one, reached: null })) };
  expect(qualityNfeDescription(never)).toContain("C, DDPM: never.");
});
