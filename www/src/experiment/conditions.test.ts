import { expect, test } from "vitest";
import { optionsFor } from "./applies";
import { askedName, askedOf, askingNotes, DEFAULT_ASKING, passesOf, WHY_NOT_TOLD } from "./conditions";
import { METHOD_IDS, methodOf } from "./methods";
import { DEFAULT_SETUP, experimentFor, isSameButSampler, type PanelChoice, restartsTraining } from "./presets";

const TOLD = { "condition.kind": "class" } as const;
const CLASSES = ["upper moon", "lower moon"];

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
  const shared = { asked: 1, guidance: 2 };
  expect(askedOf(of({}), shared, 2)).toBeNull();
  expect(askedOf(of(TOLD), DEFAULT_ASKING, 2)).toBeNull();
  expect(askedOf(of(TOLD), shared, 2)).toEqual({ class: 1, guidance: 2 });
  expect(askedOf(of(TOLD), shared, 1)).toBeNull();
  expect(askedOf(of(TOLD, { guidance: 0 }), shared, 2)).toEqual({ class: 1, guidance: 0 });
  expect(askedOf(of(TOLD, { asked: null }), shared, 2)).toBeNull();
});

test("guidance takes two passes, but where it is one of its two fields", () => {
  expect(passesOf(null)).toBe(1);
  expect([0, 1, 0.5, 3].map((guidance) => passesOf({ class: 0, guidance }))).toEqual([1, 1, 2, 2]);
});

test("what is asked for is said once, and that guidance ends at neither law", () => {
  const notes = (asked: number | null, guidance: number) => askingNotes(of(TOLD), { asked, guidance }, CLASSES);
  expect(askingNotes(of({}), { asked: 1, guidance: 3 }, CLASSES)).toEqual([]);
  const all = [notes(null, 1), notes(0, 0), notes(0, 1), notes(0, 3), notes(5, 1)];
  for (const one of all) expect(one).toHaveLength(1);
  expect(notes(1, 3).join()).toMatch(/two passes.*not end at the tilted law p\(x \| c\)\^w p\(x\)\^\(1 − w\)/);
  expect(notes(5, 1)).toEqual(["These data have no class 5: none is asked for."]);
  expect([askedName({ class: 1, guidance: 1 }, CLASSES), askedName({ class: 0, guidance: 3 }, CLASSES)]).toEqual([
    ", of lower moon",
    ", of upper moon with w = 3",
  ]);
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
    const isTold = ["flow-matching", "diffusion", "stochastic-interpolant", "closed-form"].includes(kind);
    expect(offered(id, {}), id).toEqual(isTold ? ["kind"] : []);
  }
  expect(WHY_NOT_TOLD).toContain("flow matching, diffusion and stochastic interpolants can be told one");
});
