import { expect, test } from "vitest";
import { optionsFor, ownKeysOf } from "./applies";
import { METHOD_IDS, type MethodId } from "./methods";
import type { Options, OptionValue } from "./options";
import { DEFAULT_SETUP, experimentFor, type Own } from "./presets";

const CHANGED: Required<Own> = {
  data: "rings",
  noise: "8-gaussians",
  seed: 8,
  width: 16,
  depth: 5,
  budget: { kind: "steps", limit: 77 },
};

function of(method: MethodId, own: Own = {}, options: Options = {}) {
  return { method, own, options };
}

test("whatever is offered of a panel's own changes its experiment", () => {
  for (const method of METHOD_IDS) {
    const plain = experimentFor(of(method), DEFAULT_SETUP);
    for (const key of ownKeysOf(method)) {
      expect(experimentFor(of(method, { [key]: CHANGED[key] }), DEFAULT_SETUP), `${method} ${key}`).not.toEqual(plain);
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
  reflow: ["data noise seed width depth budget", `method.rounds method.distill method.pairs ${TRAINED}`],
  distilled: ["data noise seed width depth budget", `method.rounds method.distill method.pairs ${TRAINED}`],
  "mean-flow": ["data noise seed width depth budget", `method.jumps ${TRAINED}`],
  shortcut: ["data noise seed width depth budget", `method.jumps method.halvings ${TRAINED}`],
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

test.each(METHOD_IDS)("%s offers what applies to it, and nothing else", (method) => {
  const options = optionsFor(of(method), "moons").map(({ place }) => place);
  expect([ownKeysOf(method).join(" "), options.join(" ")]).toEqual(TABLE[method]);
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
