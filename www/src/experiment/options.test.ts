import { expect, test } from "vitest";
import type { Experiment } from "./experiment";
import { METHOD_IDS, methodOf } from "./methods";
import { type NumberOption, optionsOf, refusalOf, valueAt, withOptions } from "./options";
import { DEFAULT_SETUP, experimentFor, PRESET_IDS, presetOf } from "./presets";

const BATCH = optionsOf("flow-matching").find(({ place }) => place === "optimizer.batch") as NumberOption;

test("every option of every method is found again where it was put", () => {
  for (const id of METHOD_IDS) {
    const { method } = methodOf(id).experiment;
    for (const option of optionsOf(method.kind)) {
      const value = option.type === "number" ? option.min : (option.choices.at(-1)?.name ?? "");
      const experiment = withOptions({ method }, { [option.place]: value }) as Experiment;
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
