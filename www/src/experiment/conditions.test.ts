import { expect, test } from "vitest";
import { optionsFor } from "./applies";
import { askedOf, askingNotes, DEFAULT_ASKING, type Known, passesOf, WHY_NOT_TOLD } from "./conditions";
import { METHOD_IDS, type MethodId, methodOf } from "./methods";
import { askedName } from "./names";
import {
  DEFAULT_SETUP,
  experimentFor,
  isSameButSampler,
  type PanelChoice,
  restartsTraining,
  type Setup,
} from "./presets";
import { guidedJumpsNotes } from "./samplers";

const TOLD = { "condition.kind": "class" } as const;
const KNOWN: Known = { classes: ["upper moon", "lower moon"], numbers: [] };
const NUMBERS = { "condition.kind": "numbers" } as const;
const NUMBER = { mean: 0, deviation: 1, least: -3, greatest: 3 };
const OBSERVED: Known = { classes: [], numbers: [{ name: "x", ...NUMBER }] };
const [ONE, NO]: Known[] = [
  { classes: ["moon"], numbers: [] },
  { classes: [], numbers: [] },
];

function of(options: PanelChoice["options"], asks?: PanelChoice["asks"]): PanelChoice {
  return { method: "ot-coupling", own: {}, options, ...(asks && { asks }) };
}

test("a condition is in the experiment where it was chosen, and nowhere else", () => {
  const conditionOf = (options: PanelChoice["options"]) => experimentFor(of(options), DEFAULT_SETUP).condition;
  expect(conditionOf({})).toBeUndefined();
  expect(conditionOf({ "condition.kind": "none", "condition.drop": 0.3 })).toBeUndefined();
  expect(conditionOf({ "condition.drop": 0.3 })).toBeUndefined();
  expect(conditionOf(TOLD)).toEqual({ kind: "class" });
  const all = { ...TOLD, "condition.drop": 0.3, "condition.pairs": "across" };
  expect(conditionOf(all)).toEqual({ kind: "class", drop: 0.3, pairs: "across" });
});

test("what is asked for restarts no training, and the condition does", () => {
  expect(restartsTraining({ asked: 1 })).toBe(false);
  expect(restartsTraining({ guidance: 3 })).toBe(false);
  expect(isSameButSampler({ ...DEFAULT_SETUP, asked: 1, guidance: 3 }, DEFAULT_SETUP)).toBe(true);
  const asking = of(TOLD, { asked: 1, guidance: 3 });
  expect(experimentFor(asking, DEFAULT_SETUP)).toEqual(experimentFor(of(TOLD), DEFAULT_SETUP));
});

test("a class is asked for where the network is told one and there is that one; a panel's own goes before the shared", () => {
  const shared = { asked: 1, observed: null, guidance: 2 };
  expect(askedOf(of({}), shared, KNOWN)).toBeNull();
  expect(askedOf(of(TOLD), DEFAULT_ASKING, KNOWN)).toBeNull();
  expect(askedOf(of(TOLD), shared, KNOWN)).toEqual({ class: 1, guidance: 2 });
  expect(askedOf(of(TOLD), shared, ONE as Known)).toBeNull();
  expect(askedOf(of(TOLD, { guidance: 0 }), shared, KNOWN)).toEqual({ class: 1, guidance: 0 });
  expect(askedOf(of(TOLD, { asked: null }), shared, KNOWN)).toBeNull();
});

test("guidance takes two passes, but where it is one of its two fields", () => {
  expect(passesOf(null)).toBe(1);
  expect([0, 1, 0.5, 3].map((guidance) => passesOf({ class: 0, guidance }))).toEqual([1, 1, 2, 2]);
});

test("what is asked for is said once, and that guidance ends at neither law", () => {
  const notes = (asked: number | null, guidance: number) =>
    askingNotes(of(TOLD), { asked, observed: null, guidance }, KNOWN);
  expect(askingNotes(of({}), { asked: 1, observed: [1], guidance: 3 }, KNOWN)).toEqual([]);
  const all = [notes(null, 1), notes(0, 0), notes(0, 1), notes(0, 3), notes(5, 1)];
  for (const one of all) expect(one).toHaveLength(1);
  expect(notes(1, 3).join()).toMatch(/two passes.*not end at the tilted law p\(x \| c\)\^w p\(x\)\^\(1 − w\)/);
  expect(notes(5, 1)).toEqual(["These data have no class 5: none is asked for."]);
  expect([askedName({ class: 1, guidance: 1 }, KNOWN), askedName({ class: 0, guidance: 3 }, KNOWN)]).toEqual([
    ", of lower moon",
    ", of upper moon with w = 3",
  ]);
});

test("guided jumps are said to be no jumps of the guided flow, and jumps of a class or the flow itself are not", () => {
  const jumps = { ...DEFAULT_SETUP, sampler: "few-steps" } as const;
  const notes = (guidance: number, setup: Setup = jumps, method: MethodId = "mean-flow") =>
    guidedJumpsNotes({ method, options: TOLD }, setup, { class: 1, guidance });
  expect(notes(3)[0]).toMatch(/does not end where the guided flow does\.$/);
  expect([notes(1), notes(0), notes(3, DEFAULT_SETUP), notes(3, jumps, "flow-matching")]).toEqual([[], [], [], []]);
});

test("numbers are observed where the network is told them and the data has as many, within what they can be", () => {
  const shared = { asked: 0, observed: [1], guidance: 1 };
  expect(askedOf(of(NUMBERS), shared, OBSERVED)).toEqual({ numbers: [1], guidance: 1 });
  expect(askedOf(of(TOLD), shared, OBSERVED)).toBeNull();
  expect(askedOf(of({}), shared, OBSERVED)).toBeNull();
  expect(askedOf(of(NUMBERS), DEFAULT_ASKING, OBSERVED)).toBeNull();
  expect(askedOf(of(NUMBERS, { observed: [-2] }), shared, OBSERVED)).toEqual({ numbers: [-2], guidance: 1 });
  for (const observed of [[], [1, 2], [3.5], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
    expect(askedOf(of(NUMBERS), { ...shared, observed }, OBSERVED)).toBeNull();
    const [note, ...more] = askingNotes(of(NUMBERS), { ...shared, observed }, OBSERVED);
    expect([note, more.length]).toEqual([expect.stringMatching(/^[^.]*asked for\.$/), 0]);
  }
  expect(askingNotes(of(NUMBERS), shared, NO as Known)).toEqual([]);
  const notes = [null, [1]].map((observed) => askingNotes(of(NUMBERS), { ...shared, observed }, OBSERVED).join());
  expect(notes[0]).toContain("samples are of all data");
  expect(notes[1]).toMatch(/^Given x = 1: samples and density are the posterior's/);
  expect(askingNotes(of(NUMBERS), { ...shared, guidance: 2 }, OBSERVED).join()).toContain("not the posterior");
  expect(askedName({ numbers: [-0.5], guidance: 2 }, OBSERVED)).toBe(", given x = −0.5 with w = 2");
  expect(experimentFor(of(NUMBERS), DEFAULT_SETUP).condition).toEqual({ kind: "numbers" });
  expect(restartsTraining({ observed: [1] })).toBe(false);
});

test("the settings of training with a class appear with the class, and pairs where points are paired", () => {
  const offered = (method: PanelChoice["method"], options: PanelChoice["options"]) =>
    optionsFor({ method, own: {}, options }, "moons").flatMap(({ place }) =>
      place.startsWith("condition.") ? [place.slice("condition.".length)] : [],
    );
  expect(offered("ot-coupling", {})).toEqual(["kind"]);
  expect(offered("ot-coupling", TOLD)).toEqual(["kind", "drop", "pairs"]);
  expect(offered("flow-matching", TOLD)).toEqual(["kind", "drop"]);
  expect(offered("exact-field", TOLD)).toEqual(["kind"]);
  for (const id of METHOD_IDS) {
    const { kind } = methodOf(id).experiment.method;
    const isTold = [
      "flow-matching",
      "mean-flow",
      "shortcut",
      "diffusion",
      "stochastic-interpolant",
      "closed-form",
    ].includes(kind);
    // Snapshots in time are told apart by the time itself.
    expect(offered(id, {}), id).toEqual(isTold && id !== "snapshots" ? ["kind"] : []);
  }
  expect(WHY_NOT_TOLD).toContain(
    "flow matching, MeanFlow, shortcut models, diffusion and stochastic interpolants can be told one",
  );
});
