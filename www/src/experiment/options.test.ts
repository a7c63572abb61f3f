import { expect, test } from "vitest";
import type { Experiment } from "./experiment";
import { METHOD_IDS, methodOf, numRounds } from "./methods";
import { type NumberOption, optionsOf, refusalOf, typedNumber, valueAt, withOptions } from "./options";
import { DEFAULT_SETUP, experimentFor, type PanelChoice, PRESET_IDS, presetOf, type Setup } from "./presets";
import { withAnotherRound } from "./rounds";

const BATCH = optionsOf("flow-matching").find(({ place }) => place === "optimizer.batch") as NumberOption;

test("every option of every method is found again where it was put", () => {
  for (const id of METHOD_IDS) {
    const { method } = methodOf(id).experiment;
    for (const option of optionsOf(method.kind)) {
      const value = option.type === "number" ? option.min : (option.choices.at(-1)?.name ?? "");
      const experiment = withOptions(
        { method, snapshots: {} },
        { "condition.kind": "class", [option.place]: value },
      ) as Experiment;
      expect(valueAt(experiment, option), option.place).toBe(value);
    }
  }
});

test("every option says in one sentence what it does, once", () => {
  for (const id of METHOD_IDS) {
    const options = optionsOf(methodOf(id).experiment.method.kind);
    expect(new Set(options.map(({ place }) => place)).size).toBe(options.length);
    for (const { meaning } of options) expect(meaning).toMatch(/^[A-Zγh].*\.$/);
  }
});

test.each(["", " ", "x", "0", "-3", "65537", "1.5", "1e9", "NaN", "Infinity"])(
  "a batch of “%s” is refused with the range",
  (text) => {
    expect(refusalOf(BATCH, text)).toBe("Batch is a whole number from 1 to 65,536.");
  },
);

test("what is in range is taken", () => {
  for (const text of ["1", "256", " 65536 "]) expect(refusalOf(BATCH, text)).toBeNull();
});

const RATE = optionsOf("flow-matching").find(({ place }) => place === "optimizer.learningRate") as NumberOption;

test.each([
  [RATE, "0,5", 0.5],
  [RATE, "0,001", 0.001],
  [RATE, "1e-3", 0.001],
  [RATE, "1,5e-3", 0.0015],
  [RATE, " 1.500 ", 1.5],
  [RATE, "٠٫٥", 0.5],
  [BATCH, "1,024", 1024],
  [BATCH, "1 024", 1024],
  [BATCH, "1'024", 1024],
])("what is typed is understood, with a decimal comma too: %#", (option, text, value) => {
  expect(refusalOf(option, text)).toBeNull();
  expect(typedNumber(option, text)).toBe(value);
});

test("what may mean two numbers is refused with both", () => {
  expect(refusalOf(RATE, "1,500")).toBe("Learning rate “1,500” may mean 1500 or 1.5: write 1500 or 1.5.");
  expect(refusalOf(BATCH, "1.024")).toBe("Batch “1.024” may mean 1.024 or 1024: write 1.024 or 1024.");
  expect(refusalOf(RATE, "0,5,1")).toMatch(/^Learning rate is a number from/);
});

test("laying options over an experiment leaves the method's own table as it was", () => {
  const { method } = methodOf("flow-matching").experiment;
  const before = structuredClone(method);
  withOptions({ method }, { "method.path": "cosine" });
  expect(method).toEqual(before);
});

test("a panel's own settings win over the shared ones, and a budget over the method's", () => {
  const choice = {
    method: "flow-matching",
    own: { data: "rings", seed: 3 },
    options: { "optimizer.batch": 64 },
  } as const;
  const experiment = experimentFor(choice, { ...DEFAULT_SETUP, budget: { kind: "seconds", limit: 4 } });
  expect(experiment).toMatchObject({
    seed: 3,
    data: { kind: "rings" },
    budget: { seconds: 4 },
    optimizer: { batch: 64 },
  });
  expect(experiment.budget?.steps).toBeUndefined();
  const usual = experimentFor({ ...choice, own: {} }, DEFAULT_SETUP);
  expect(usual).toMatchObject({ seed: 7, budget: { steps: 5000 } });
});

test("every comparison has one to four panels and a question", () => {
  for (const id of PRESET_IDS) {
    const { panels, question } = presetOf(id);
    expect(panels.length).toBeGreaterThan(0);
    expect(panels.length).toBeLessThanOrEqual(4);
    expect(question).toMatch(/\?$/);
  }
});

/** Steps that the first of a panel's rounds gets, as the engine shares them. */
function stepsOfFirstRound(choice: PanelChoice): number {
  const { method, budget } = experimentFor(choice, DEFAULT_SETUP);
  return (budget?.steps ?? Number.NaN) / numRounds(method ?? { kind: "flow-matching" });
}

test.each(PRESET_IDS)("%s: more rounds take nothing from the first", (id) => {
  const { panels } = presetOf(id);
  for (const method of new Set(panels.map((panel) => panel.method))) {
    const alike = panels.filter((panel) => panel.method === method).map(stepsOfFirstRound);
    expect(new Set(alike).size).toBe(1);
  }
});

test("of a U-Net's own pairs a reflow makes few, unless more are asked for", () => {
  const setup = { ...DEFAULT_SETUP, data: "drawn-digits", network: "u-net" } as const;
  const methodOfReflow = (options = {}, shared = setup) =>
    experimentFor({ method: "reflow", own: {}, options }, shared).method;
  expect(methodOfReflow()).toEqual({ kind: "reflow", rounds: 1, pairs: 1000, pairSteps: 8 });
  expect(methodOfReflow({ "method.pairs": 300 })).toMatchObject({ pairs: 300 });
  expect(experimentFor({ method: "reflow", own: {}, options: {} }, DEFAULT_SETUP).method).not.toHaveProperty("pairs");
});

test("long jumps weigh as in the paper where a U-Net learns MeanFlow, unless asked otherwise, and alike elsewhere", () => {
  const setup = { ...DEFAULT_SETUP, data: "digits", network: "u-net" } as const;
  const methodOfJumps = (options = {}, shared: Setup = setup) =>
    experimentFor({ method: "mean-flow", own: {}, options }, shared).method;
  expect(methodOfJumps()).toEqual({ kind: "mean-flow", adaptive: 1 });
  expect(methodOfJumps({ "method.adaptive": 0 })).toMatchObject({ adaptive: 0 });
  expect(methodOfJumps({}, DEFAULT_SETUP)).toEqual({ kind: "mean-flow" });
});

test("a reflow's first round has the steps of flow matching alone", () => {
  const flowMatching = stepsOfFirstRound({ method: "flow-matching", own: {}, options: {} });
  for (const rounds of [0, 1, 2, 3, 8]) {
    expect(stepsOfFirstRound({ method: "reflow", own: {}, options: { "method.rounds": rounds } })).toBe(flowMatching);
  }
});

/** Another round and its budget, by the engine's arithmetic. */
function grown({ method, budget, ...rest }: Experiment): Experiment {
  const rounds = numRounds(method);
  const more = (limit: number) => limit + Math.ceil(limit / rounds);
  const longer =
    method.kind === "jko-flow"
      ? { ...method, blocks: method.blocks + 1 }
      : { ...(method as Extract<typeof method, { kind: "reflow" }>), rounds: rounds };
  const { steps, seconds, networkEvaluations } = budget;
  return {
    ...rest,
    method: longer,
    budget: {
      steps: more(steps),
      ...(seconds == null ? {} : { seconds: (seconds * (rounds + 1)) / rounds }),
      ...(networkEvaluations == null ? {} : { networkEvaluations: more(networkEvaluations) }),
    },
  };
}

test.each(["jko-iflow", "reflow"] as const)("%s: a new run of a panel that was given a round is as long", (method) => {
  for (const budget of [
    { kind: "usual" },
    { kind: "steps", limit: 1000 },
    { kind: "seconds", limit: 7 },
    { kind: "networkEvaluations", limit: 5e9 },
  ] as const) {
    for (const place of ["setup", "own"] as const) {
      const setup = place === "setup" ? { ...DEFAULT_SETUP, budget } : DEFAULT_SETUP;
      const choice: PanelChoice = { method, own: place === "own" ? { budget } : {}, options: {} };
      const running = grown(experimentFor(choice, setup) as Experiment);
      const next = experimentFor(withAnotherRound(choice, setup, running), setup);
      expect(numRounds(next.method ?? { kind: "reflow" })).toBe(numRounds(running.method));
      if (budget.kind === "usual") expect(next.budget?.steps).toBe(running.budget.steps);
      else expect(next.budget?.[budget.kind]).toBe(running.budget[budget.kind]);
    }
  }
});
