import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import { budgetChoiceOf, budgetOf, goesOn, setBudget, stepsBeyond } from "./extending";
import { initialState } from "./initial";
import { changePanel } from "./panel";
import { sharedOf } from "./shared";
import type { PanelState, State } from "./state";

/** Both panels trained by so many steps, in as many seconds. */
function trained(steps: number, part: Partial<PanelState> = {}): State {
  const state = initialState(true);
  const losses = lossesOf(Array.from({ length: steps }, () => 1));
  return state.panels.reduce(
    (now, { slot }) =>
      changePanel(slot, { origin: "seed", phase: "ready", step: steps, seconds: steps, losses, ...part })(now),
    state,
  );
}

const steps = (limit: number) => ({ slot: null, budget: { kind: "steps", limit } }) as const;

test("a budget beyond what is done loses nothing, and one below it does", () => {
  expect(stepsBeyond(steps(101), trained(100))).toBe(0);
  expect(stepsBeyond(steps(100), trained(100))).toBe(100);
  expect(stepsBeyond({ slot: null, budget: { kind: "seconds", limit: 99 } }, trained(100))).toBe(100);
  expect(stepsBeyond({ slot: null, budget: { kind: "seconds", limit: 101 } }, trained(100))).toBe(0);
  expect(stepsBeyond(steps(1), trained(0))).toBe(0);
});

test("of a panel with a budget of its own only that is asked, and linked it has the others'", () => {
  const state = setBudget({ slot: "a", budget: { kind: "steps", limit: 200 } })(setBudget(steps(150))(trained(100)));
  const [first, second] = state.panels as [PanelState, PanelState];
  expect([budgetOf(first, state).steps, budgetOf(second, state).steps]).toEqual([200, 150]);
  expect(stepsBeyond(steps(50), state)).toBe(100);
  expect(stepsBeyond(steps(50), changePanel("b", { step: 10 })(state))).toBe(0);
  const linked = setBudget({ slot: "a", budget: null })(state);
  expect(budgetChoiceOf(linked.panels[0] as PanelState, linked)).toEqual({ kind: "steps", limit: 150 });
});

test("what is only looked at, or has failed, has nothing to go on from", () => {
  for (const part of [{ origin: "pretrained" }, { phase: "failed" }, { step: 0 }] as const) {
    expect(goesOn(trained(100, part).panels[0] as PanelState)).toBe(false);
  }
});

test("a link says the budgets before the present one", () => {
  const extended = [{ step: 100, budget: { kind: "steps", limit: 100 } }] as const;
  const [panel] = sharedOf(trained(150, { extended, digest: { step: 150, bits: "0123abcd" } })).panels;
  expect(panel).toMatchObject({ step: 150, bits: "0123abcd", extended });
});
