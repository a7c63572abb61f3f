import { expect, test } from "vitest";
import { METHOD_IDS, type MethodId, methodGroups, methodOf, numRounds, whyNoDensity } from "./methods";
import { DEFAULT_PANELS, DEFAULT_SETUP, experimentFor } from "./presets";

test("every method is offered once, in its group", () => {
  expect(methodGroups().map(({ group }) => group)).toEqual(["Likelihood", "Flow matching", "Diffusion", "Truth"]);
  expect(methodGroups().flatMap(({ ids }) => ids)).toEqual(METHOD_IDS);
  const titles = METHOD_IDS.map((id) => methodOf(id).title);
  expect(new Set(titles).size).toBe(titles.length);
});

test("an experiment is what the panels share, but for what a method needs of its own", () => {
  const setup = { ...DEFAULT_SETUP, width: 16, depth: 1, solver: "heun", solverSteps: 4 } as const;
  const shared = { seed: 7, data: { kind: "moons" }, network: { width: 16, depth: 1 } };
  const of = (method: MethodId) => ({ method, own: {}, options: {} });
  expect(experimentFor(of("flow-matching"), setup)).toMatchObject({ ...shared, solver: { kind: "heun", steps: 4 } });
  expect(experimentFor(of("distilled"), setup)).toMatchObject({ ...shared, solver: { kind: "euler", steps: 1 } });
  expect(experimentFor(of("ffjord"), setup).network).toEqual({ width: 16, depth: 1, conditioning: "concat-squash" });
});

test("rounds are blocks, or reflows and the flow before them and the student after", () => {
  const rounds = METHOD_IDS.map((id) => numRounds(methodOf(id).experiment.method)).filter((rounds) => rounds > 1);
  expect(rounds).toEqual([6, 2, 3]);
  expect(DEFAULT_PANELS.map(({ method }) => numRounds(methodOf(method).experiment.method))).toEqual([1, 1]);
});

test("where there is no log-density a sentence says why", () => {
  expect(METHOD_IDS.filter((id) => whyNoDensity(id, "moons"))).toEqual(["distilled", "exact-field"]);
  expect(METHOD_IDS.filter((id) => whyNoDensity(id, "8-gaussians"))).toEqual(["distilled"]);
});
