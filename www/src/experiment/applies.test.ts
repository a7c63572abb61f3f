import { expect, test } from "vitest";
import { optionsFor, ownKeysOf, withMethod } from "./applies";
import { METHOD_IDS, type MethodId, methodOf } from "./methods";
import { type Option, type Options, type OptionValue, optionsOf } from "./options";
import { DEFAULT_SETUP, experimentFor, OFFERED_DATA, type Own, type PanelChoice } from "./presets";

const CHANGED: Required<Own> = {
  data: "rings",
  noise: "8-gaussians",
  seed: 8,
  width: 16,
  depth: 5,
  network: "u-net",
  side: 8,
  temperature: 2,
  draws: "chain",
  budget: { kind: "steps", limit: 77 },
};

function of(method: MethodId, own: Own = {}, options: Options = {}) {
  return { method, own, options };
}

test("whatever is offered of a panel's own changes its experiment", () => {
  for (const method of METHOD_IDS) {
    for (const data of ["moons", "drawn-digits", "double-well"] as const) {
      const setup = { ...DEFAULT_SETUP, data };
      const plain = experimentFor(of(method), setup);
      for (const key of ownKeysOf(method, setup)) {
        expect(experimentFor(of(method, { [key]: CHANGED[key] }), setup), `${method} ${key}`).not.toEqual(plain);
      }
    }
    for (const option of optionsFor(of(method), "moons")) {
      const values: OptionValue[] =
        option.type === "number" ? [option.min, option.max] : option.choices.map(({ name }) => name);
      const changed = values.map((value) => experimentFor(of(method, {}, { [option.place]: value }), DEFAULT_SETUP));
      expect(new Set(changed.map((one) => JSON.stringify(one))).size, `${method} ${option.place}`).toBe(values.length);
    }
  }
});

/** All that every method offers on moons, with nothing set. */
const TRAINED = "optimizer.batch optimizer.learningRate optimizer.emaDecay";
const TOLD = `condition.kind ${TRAINED}`;
const TABLE: Record<MethodId, [own: string, options: string]> = {
  "normalizing-flow": [
    "data seed width depth budget",
    `method.trainingSteps method.kineticPenalty method.divergence ${TRAINED}`,
  ],
  ffjord: ["data seed width depth budget", `method.trainingSteps method.kineticPenalty method.divergence ${TRAINED}`],
  "coupling-flow": ["data seed width depth budget", `method.maps method.layers ${TRAINED}`],
  "ot-flow": ["data seed budget", `method.trainingSteps method.likelihoodWeight method.hjbWeight ${TRAINED}`],
  "jko-iflow": ["data seed width depth budget", `method.blocks method.stepSize method.growth ${TRAINED}`],
  "flow-matching": ["data noise seed width depth budget", `method.path method.coupling method.weighting ${TOLD}`],
  "ot-coupling": [
    "data noise seed width depth budget",
    `method.path method.coupling method.couplingBatch method.weighting ${TOLD}`,
  ],
  "sinkhorn-coupling": [
    "data noise seed width depth budget",
    `method.path method.coupling method.couplingBatch method.weighting ${TOLD}`,
  ],
  "cosine-path": ["data noise seed width depth budget", `method.path method.coupling method.weighting ${TOLD}`],
  "diffusion-path": ["data noise seed width depth budget", `method.path method.coupling method.weighting ${TOLD}`],
  snapshots: [
    "data seed width depth budget",
    `method.coupling method.couplingBatch method.weighting snapshots.leaveOut ${TRAINED}`,
  ],
  reflow: ["data noise seed width depth budget", `method.rounds method.distill method.pairs ${TRAINED}`],
  distilled: ["data noise seed width depth budget", `method.rounds method.distill method.pairs ${TRAINED}`],
  "mean-flow": ["data noise seed width depth budget", `method.jumps method.adaptive ${TOLD}`],
  shortcut: ["data noise seed width depth budget", `method.jumps method.halvings ${TOLD}`],
  interpolant: ["data noise seed width depth budget", `method.path method.bridge method.coupling ${TOLD}`],
  "schroedinger-bridge": [
    "data noise seed width depth budget",
    `method.path method.bridge method.coupling method.couplingBatch ${TOLD}`,
  ],
  ddpm: ["data seed width depth budget", `method.prediction method.weighting ${TOLD}`],
  "score-sde": ["data seed width depth budget", `method.prediction method.weighting ${TOLD}`],
  scoreflow: ["data seed width depth budget", `method.prediction method.weighting ${TOLD}`],
  "exact-field": ["data noise seed", "method.path method.points condition.kind"],
};

test("a U-Net is offered for pictures alone, with no size of a perceptron", () => {
  for (const method of METHOD_IDS) {
    const { kind } = methodOf(method).experiment.method;
    const takes = !["coupling-flow", "ot-flow", "jko-flow", "closed-form"].includes(kind);
    for (const data of OFFERED_DATA) {
      const setup = { ...DEFAULT_SETUP, data, network: "u-net" as const };
      const isUNet = takes && ["glyphs", "drawn-digits", "digits"].includes(data);
      const keys = ownKeysOf(method, setup);
      expect(keys.includes("network"), `${method} on ${data}`).toBe(isUNet);
      const { network } = experimentFor(of(method), setup);
      expect(network?.kind, `${method} on ${data}`).toBe(isUNet ? "u-net" : undefined);
      if (isUNet) expect(keys.filter((key) => key === "width" || key === "depth")).toEqual([]);
    }
  }
});

test.each(METHOD_IDS)("%s offers what applies to it, and nothing else", (method) => {
  const options = optionsFor(of(method), "moons").map(({ place }) => place);
  expect([ownKeysOf(method, DEFAULT_SETUP).join(" "), options.join(" ")]).toEqual(TABLE[method]);
});

test.each<[string, MethodId, Options, string, boolean]>([
  ["paired batches", "flow-matching", { "method.coupling": "sinkhorn" }, "method.couplingBatch", true],
  ["independent batches", "ot-coupling", { "method.coupling": "independent" }, "method.couplingBatch", false],
  ["a flow without reflow", "reflow", { "method.rounds": 0 }, "method.pairs", false],
  ["a student of the flow itself", "reflow", { "method.rounds": 0, "method.distill": 1 }, "method.pairs", true],
  ["one block", "jko-iflow", { "method.blocks": 1 }, "method.growth", false],
])("an option appears with what it belongs to: %s", (_, method, options, place, isOffered) => {
  expect(optionsFor(of(method, {}, options), "moons").some((option) => option.place === place)).toBe(isOffered);
});

test("points are counted only where the exact field is that of points", () => {
  const offers = (data: "moons" | "points" | "checkerboard") =>
    optionsFor(of("exact-field"), data).some(({ place }) => place === "method.points");
  expect([offers("moons"), offers("points"), offers("checkerboard")]).toEqual([true, true, false]);
});

function settingsOf(id: MethodId): [Option, OptionValue][] {
  return optionsOf(methodOf(id).experiment.method.kind).flatMap((option) => {
    const values = option.type === "number" ? [option.min, option.max] : option.choices.map(({ name }) => name);
    return values.map((value): [Option, OptionValue] => [option, value]);
  });
}

/** What two of one kind are told apart by. */
const TELLING = /^method\.(path|coupling|couplingBatch|divergence|distill|prediction|weighting|bridge)$/;

test("changing the method keeps every setting that the new method has", () => {
  const pairs = METHOD_IDS.flatMap((from) => METHOD_IDS.map((to) => [from, to] as const));
  for (const [from, to] of pairs) {
    const taken = settingsOf(to).map(([{ place }, value]) => `${place} ${value}`);
    const has = new Set(settingsOf(to).map(([{ place }]) => place));
    for (const [option, value] of settingsOf(from)) {
      const { options } = withMethod(of(from, {}, { [option.place]: value }), to);
      const keeps = options[option.place] === value;
      const said = `${from} to ${to}: ${option.place} ${value}`;
      if (keeps) expect(has, said).toContain(option.place);
      else expect(options, said).toEqual({});
      const range = settingsOf(to).filter(([{ place }]) => place === option.place);
      const isTaken =
        option.type === "number" ? within(range, Number(value)) : taken.includes(`${option.place} ${value}`);
      if (isTaken && (from === to || !TELLING.test(option.place))) expect(keeps, said).toBe(true);
    }
    for (const key of ownKeysOf(to, { data: "drawn-digits", network: "perceptron" }))
      expect(withMethod(of(from, CHANGED), to).own[key], key).toBe(CHANGED[key]);
    expect(withMethod(of(from, CHANGED), to).own).toEqual(withMethod(of(to, CHANGED), to).own);
  }
});

function within(range: [Option, OptionValue][], value: number): boolean {
  const ends = range.map(([, end]) => Number(end));
  return ends.length > 0 && value >= Math.min(...ends) && value <= Math.max(...ends);
}

test("what tells two methods apart is the new one's, and what else was set stays", () => {
  const to = (from: PanelChoice, id: MethodId) => withMethod(from, id).options;
  expect(to(of("ot-coupling", {}, { "method.coupling": "sinkhorn" }), "flow-matching")).toEqual({});
  expect(to(of("cosine-path", {}, { "method.path": "linear" }), "cosine-path")).toEqual({ "method.path": "linear" });
  expect(to(of("flow-matching", {}, { "method.path": "cosine" }), "ot-coupling")).toEqual({ "method.path": "cosine" });
  expect(to(of("reflow", {}, { "method.rounds": 3 }), "distilled")).toEqual({ "method.rounds": 3 });
  expect(to(of("distilled", {}, { "method.distill": 4 }), "reflow")).toEqual({});
  expect(to(of("flow-matching", {}, { "method.weighting": "logit-normal" }), "ddpm")).toEqual({
    "method.weighting": "logit-normal",
  });
});

test("a panel that is told the class and asked for one stays so, where the new method can be told", () => {
  const options = { "condition.kind": "class", "condition.drop": 0.3, "optimizer.batch": 64 };
  const told = { ...of("flow-matching", {}, options), asks: { guidance: 3 } };
  expect(withMethod(told, "ddpm")).toEqual({ ...told, method: "ddpm" });
  expect(withMethod(told, "normalizing-flow")).toEqual(of("normalizing-flow", {}, { "optimizer.batch": 64 }));
});
