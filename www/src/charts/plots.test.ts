// What a chart shows, read from the options that Plot is given.

import type { PlotOptions } from "@observablehq/plot";
import { expect, test } from "vitest";
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
  losses: Array.from({ length: 2000 }, (_, i) => 3.9 + 4 * Math.exp(-i / 200) + (i % 2 ? 0.5 : -0.5)),
  budget: 5000,
  floor: { value: 3.85, standardError: 0.02 },
  above: false,
};

test("the loss is drawn up to its budget, with its floor in sight", () => {
  const { x, y } = lossPlot(LOSS, 400);
  expect(x?.domain).toEqual([0, 5000]);
  const [low, high] = ends(y);
  expect(low).toBeLessThan(3.85);
  expect(high).toBeGreaterThan(4);
  expect(lossDescription(LOSS)).toMatch(
    /^After 2000 training steps the average is 3\.9\d*\. Dashed: the floor 3\.85 ± 0\.02/,
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
  floor: { value: 0.002, meaning: "floor: fresh data against fresh data" },
};

test("quality against cost is logarithmic, floor included, and each line's end is said", () => {
  const { x, y } = qualityCostPlot(COST, 400);
  expect([x?.type, y?.type]).toEqual(["log", "log"]);
  expect(ends(y)[0]).toBeLessThan(0.002);
  expect(qualityCostDescription(COST)).toBe(
    "sliced W₂², less is better. A, Normalizing flow: 0.01 after 100 seconds of training. B, Flow matching: 0.5 after 2 seconds of training. Dashed: floor: fresh data against fresh data, 0.002.",
  );
});

test("quality against NFE says how many evaluations are enough", () => {
  const points = [1, 2, 4, 8].map((nfe) => ({ nfe, value: 1 / nfe }));
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
        fewest: { nfe: 8, value: 0.125 },
      },
    ],
    floor: null,
  };
  const [low, high] = ends(qualityNfePlot(chart, 400).x);
  expect(low).toBeLessThan(1);
  expect(high).toBeGreaterThan(8);
  expect(qualityNfeDescription(chart)).toBe(
    "sliced W₂², less is better. C, DDPM: as good as it gets, 0.125, from NFE 8 on.",
  );
});
