import { expect, test } from "vitest";
import type { Experiment, ExperimentInput } from "../experiment/experiment";
import { METHOD_IDS } from "../experiment/methods";
import { DEFAULT_SETUP, experimentFor, type PanelChoice, type Setup } from "../experiment/presets";
import { experimentIn, openedExperiment } from "./experiment-file";

/** As the engine does: with a value at every place that was left out. */
async function completed(input: ExperimentInput): Promise<Experiment> {
  const usual = {
    network: { width: 64, depth: 3, activation: "silu" },
    optimizer: { batch: 256, learningRate: 0.001 },
    divergence: { kind: "exact" },
    budget: { steps: 5000 },
  };
  const parts = Object.entries(usual).map(([part, values]) => [
    part,
    { ...values, ...(input[part as keyof ExperimentInput] as object) },
  ]);
  if (input.seed === -1) throw new Error("seed is -1, and must be from 0 to 4294967295.");
  return { ...input, ...Object.fromEntries(parts) } as Experiment;
}

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

const SETUPS: readonly Partial<Setup>[] = [
  {},
  { seed: 11, data: "rings", width: 32, depth: 2, budget: { kind: "steps", limit: 300 } },
  { data: "drawn-digits", side: 8, network: "u-net", noise: "gaussian", budget: { kind: "seconds", limit: 20 } },
];
const OPTIONS: readonly PanelChoice["options"][] = [{}, { "optimizer.batch": 64, "optimizer.learningRate": 0.002 }];

test("an experiment of any method opens as a page that trains just that", async () => {
  for (const method of METHOD_IDS) {
    for (const part of SETUPS) {
      for (const options of method === "exact-field" ? [{}] : OPTIONS) {
        const setup = { ...DEFAULT_SETUP, ...part };
        const experiment = await completed(experimentFor({ method, own: {}, options }, setup));
        const { shared, note } = await openedExperiment(experimentIn(bytesOf(experiment)) ?? {}, completed);
        const [panel] = shared.panels;
        if (panel === undefined) throw new Error("there is a panel");
        expect(note, `${method} ${JSON.stringify(part)}`).toBeNull();
        const { solver: _, ...again } = await completed(experimentFor(panel, shared.setup));
        const { solver: __, ...before } = experiment;
        expect(again, `${method} ${JSON.stringify(part)}`).toEqual(before);
      }
    }
  }
});

test("a method of the same kind that is not for these data does not stand in the way", async () => {
  const check = async (input: ExperimentInput): Promise<Experiment> => {
    if (input.snapshots !== undefined && input.data?.kind !== "branching") throw new Error("snapshots have times");
    return completed(input);
  };
  const setup: Setup = { ...DEFAULT_SETUP, data: "rings" };
  for (const method of ["flow-matching", "ot-coupling"] as const) {
    const experiment = await check(experimentFor({ method, own: {}, options: {} }, setup));
    const { shared, note } = await openedExperiment(experiment, check);
    expect([note, shared.panels.map((panel) => panel.method)]).toEqual([null, [method]]);
  }
});

test("no more is set than is other than usual", async () => {
  const options = { "optimizer.batch": 64 };
  const experiment = await completed(experimentFor({ method: "ot-coupling", own: {}, options }, DEFAULT_SETUP));
  const { shared } = await openedExperiment(experiment, completed);
  expect(shared.panels).toEqual([{ method: "ot-coupling", own: {}, options, step: 0, bits: null }]);
  expect(shared.setup).toEqual(DEFAULT_SETUP);
});

test("what is none is left to others; what the page can't be set to is said, and own points are refused", async () => {
  expect(experimentIn(bytesOf([{ x: 1, y: 2 }]))).toBeNull();
  expect(experimentIn(new TextEncoder().encode("{x"))).toBeNull();
  const experiment = await completed(experimentFor({ method: "flow-matching", own: {}, options: {} }, DEFAULT_SETUP));
  const odd = { ...experiment, network: { ...experiment.network, width: 50, activation: "tanh" } } as Experiment;
  expect((await openedExperiment(odd, completed)).note).toMatch(/as usual: network\.width, network\.activation\.$/);
  const own = { ...experiment, data: { kind: "points" } } as ExperimentInput;
  await expect(openedExperiment(own, completed)).rejects.toThrow("points of one's own");
  await expect(openedExperiment({ ...experiment, seed: -1 }, completed)).rejects.toThrow("can't be opened: seed is -1");
});
