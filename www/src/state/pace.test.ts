import { expect, test } from "vitest";
import { costHint } from "../controls/training";
import type { Experiment } from "../experiment/experiment";
import { initialState } from "./initial";
import { pacesFrom, pacesText, sawPace, secondsExpected } from "./pace";
import { changePanel, panelAt } from "./panel";
import type { PanelState, State } from "./state";

const BUDGET = { steps: 5000, seconds: null, networkEvaluations: null, rounds: 1 };
const LIKELIHOOD = { kind: "normalizing-flow", trainingSteps: 8 };

function experimentOf(width: number, batch = 256, method: object = LIKELIHOOD): Experiment {
  return { method, network: { kind: "perceptron", width, depth: 3 }, optimizer: { batch } } as unknown as Experiment;
}

const UNTRAINED = { origin: "seed", device: "cpu", dim: 2, budget: BUDGET, experiment: experimentOf(64) } as const;

function withA(part: Partial<PanelState>, state: State = initialState(false)): State {
  return changePanel("a", { ...UNTRAINED, ...part })(state);
}

/** Twenty seconds for a thousand steps were seen. */
const SEEN = sawPace("a")(withA({ step: 1000, seconds: 20 })).paces;

function expected(part: Partial<PanelState>): number | null {
  return secondsExpected(panelAt(withA(part), "a") as PanelState, SEEN);
}

test("a training takes as long as the one before it, in the steps that are left", () => {
  expect(expected({})).toBeCloseTo(100);
  expect(expected({ step: 4000, spent: 0.8 })).toBeCloseTo(20);
});

test("nothing is expected of what was not seen, or will not train", () => {
  const others: Partial<PanelState>[] = [
    { device: "webgpu" },
    { dim: 43 },
    { experiment: experimentOf(64, 1024) },
    { experiment: experimentOf(128) },
    { experiment: experimentOf(64, 256, { kind: "flow-matching" }) },
    { experiment: null },
    { spent: 1, step: 5000 },
    { budget: { ...BUDGET, networkEvaluations: 10 } },
  ];
  expect(others.map(expected)).toEqual(others.map(() => null));
});

test("a clock is known before any training, and ends what would take longer", () => {
  const budget = { ...BUDGET, seconds: 90 };
  expect(expected({ budget, device: "webgpu" })).toBe(90);
  expect(expected({ budget, seconds: 30, step: 100, spent: 0.3 })).toBeCloseTo(60);
});

test("what takes more than a minute is said before it is begun, and a minute is not", () => {
  const said = (steps: number) =>
    costHint({ ...withA({ budget: { ...BUDGET, steps } }), paces: SEEN } as State, "train");
  expect([said(5000), said(12_000), said(2900)]).toEqual([
    "About 2 min at this size",
    "About 4 min at this size",
    null,
  ]);
  expect(costHint(withA({}), "train")).toBeNull();
});

test("what was on two devices is no pace, and a pace that hardly changes changes nothing", () => {
  expect(sawPace("a")(withA({ step: 10, seconds: 1, hasMoved: true })).paces).toEqual({});
  const state = { ...withA({ step: 1000, seconds: 20.5 }), paces: SEEN };
  expect(sawPace("a")(state)).toBe(state);
  expect(Object.values(sawPace("a")({ ...withA({ step: 1000, seconds: 30 }), paces: SEEN }).paces)).toHaveLength(1);
});

test("paces are kept, and what is none of them is not read", () => {
  expect(pacesFrom(pacesText(SEEN))).toEqual(SEEN);
  expect(pacesFrom('{"a":1e-9,"b":"2","c":-1,"d":null}')).toEqual({ a: 1e-9 });
  for (const text of [null, "", "null", "[", "7"]) expect(pacesFrom(text)).toEqual({});
});
