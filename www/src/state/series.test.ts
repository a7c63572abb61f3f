import { expect, test } from "vitest";
import { initialState } from "./initial";
import { resultsIn, toKeep, withEarlier } from "./kept-results";
import { changePanel } from "./panel";
import type { Result } from "./results";
import { seriesOf, seriesText, setRun, sweptKnobs, sweptValues } from "./series";

const STATE = initialState(true);

test("seeds follow one another at each value of the knob", () => {
  const knob = { place: "width", title: "Width" };
  const series = seriesOf(knob, [16, 32], 2, 7);
  expect(series.runs).toEqual([
    { seed: 7, value: 16 },
    { seed: 8, value: 16 },
    { seed: 7, value: 32 },
    { seed: 8, value: 32 },
  ]);
  expect(seriesText({ ...series, done: 2 })).toBe("Run 3 of 4: width 32, seed 7.");
  expect(seriesText({ ...seriesOf(null, [], 3, 7), phase: "done", done: 3 })).toBe("All 3 runs are done.");
});

test("a run sets its seed and its value in every panel that has the knob, and no other", () => {
  const state = changePanel("a", { own: { seed: 1, width: 96, data: "rings" } })(STATE);
  const wide = setRun({ place: "width" }, { seed: 9, value: 16 })(state);
  expect([wide.setup.seed, wide.setup.width, wide.panels[0]?.own]).toEqual([9, 16, { data: "rings" }]);
  const coupled = setRun({ place: "method.couplingBatch" }, { seed: 9, value: 64 })(state);
  expect(coupled.panels.map(({ options }) => options)).toEqual([{}, { "method.couplingBatch": 64 }]);
  const longer = setRun({ place: "budget.steps" }, { seed: 9, value: 300 })(state);
  expect(longer.setup.budget).toEqual({ kind: "steps", limit: 300 });
});

test("values are those that the knob takes, or a sentence says which it does", () => {
  expect(sweptKnobs(STATE.panels).map(({ place }) => place)).toContain("optimizer.learningRate");
  expect(sweptValues("width", "16 32; 16", STATE.panels)).toEqual([16, 32]);
  expect(sweptValues("width", "17", STATE.panels)).toBe("Width is one of 16, 32, 64, 96, 128.");
  expect(sweptValues("optimizer.learningRate", "1e-3 0.01", STATE.panels)).toEqual([0.001, 0.01]);
  expect(sweptValues("optimizer.batch", "0", STATE.panels)).toMatch(/^Batch is a whole number from 1/);
  expect(sweptValues("width", " ", STATE.panels)).toMatch(/^Type the values/);
});

test("results of before come first, those of now replace them, and others are left out", () => {
  const result = (seed: number, seconds: number) =>
    ({
      key: "k",
      title: "t",
      method: "m",
      data: "moons",
      dim: 2,
      seed,
      seconds,
      networkEvaluations: 1,
      costs: [],
      course: [],
      nll: null,
      kl: null,
      slicedW2: 1,
      slicedW2Floor: 1,
      converged: true,
      n: 10,
      solver: "Heun",
    }) satisfies Result;
  const state = { ...STATE, results: [result(1, 5), result(2, 5)] };
  const kept = JSON.parse(JSON.stringify(toKeep([result(0, 4), result(1, 4)])));
  const { results } = withEarlier(resultsIn([...kept, { key: 3 }, null]))(state);
  expect(results.map(({ seed, seconds }) => [seed, seconds])).toEqual([
    [0, 4],
    [1, 5],
    [2, 5],
  ]);
});
