import { expect, test } from "vitest";
import {
  advanceTime,
  type Change,
  changePanel,
  chooseMethod,
  initialState,
  panelAt,
  play,
  progressed,
  type Slot,
  type State,
  scrub,
  toggleLayer,
  trainingLabel,
  untrained,
} from "./state";

const STATE = initialState(true);

function after(state: State, ...changes: Change[]): State {
  return changes.reduce((before, change) => change(before), state);
}

test("a change leaves the state it starts from as it was", () => {
  const frozen = structuredClone(STATE);
  after(STATE, scrub(0.3), toggleLayer("paths"), changePanel("b", { step: 3 }));
  expect(STATE).toEqual(frozen);
});

test("time stays between 0 and 1 and turns at both ends", () => {
  let state = STATE;
  const turns: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const next = advanceTime(0.02)(state);
    if (next.view.direction !== state.view.direction) turns.push(next.view.t);
    expect(next.view.t).toBeGreaterThanOrEqual(0);
    expect(next.view.t).toBeLessThanOrEqual(1);
    state = next;
  }
  expect(turns.slice(0, 2)).toEqual([0, 1]);
});

test("dragging pauses, clamps, and playing on from an end moves away from it", () => {
  expect(scrub(0.4)(STATE).view).toMatchObject({ t: 0.4, playing: false });
  expect(scrub(7)(STATE).view.t).toBe(1);
  expect(after(STATE, scrub(0), play(true)).view.direction).toBe(1);
  expect(after(STATE, scrub(1), play(true)).view.direction).toBe(-1);
});

test("the training button says what it would do", () => {
  const step = (slot: Slot, count: number) => changePanel(slot, { step: count, spent: count / 10 });
  expect(trainingLabel(STATE)).toBe("Train");
  expect(trainingLabel(changePanel("b", { phase: "training" })(STATE))).toBe("Pause");
  expect(trainingLabel(step("b", 3)(STATE))).toBe("Continue");
  expect(trainingLabel(step("b", 10)(STATE))).toBe("Continue");
  expect(trainingLabel(after(STATE, step("a", 10), step("b", 10)))).toBe("Done");
});

test("progress adds losses and measures speed; a reset forgets them and keeps the picture", () => {
  const report = { step: 10, round: 0, spent: 0.1, loss: 2, losses: [2, 2], seconds: 0.1, networkEvaluations: 10 };
  const trained = progressed("b", report)(STATE);
  expect(panelAt(trained, "b")).toMatchObject({ step: 10, spent: 0.1, losses: [2, 2], stepsPerSecond: 100 });
  const opened = { origin: "seed", spent: 0, budget: { steps: 7, rounds: 1 }, device: "cpu", center: [], scale: [] };
  const reset = untrained("b", { ...opened, origin: "seed" })(trained);
  expect(panelAt(reset, "b")).toMatchObject({ step: 0, losses: [], stepsPerSecond: null, origin: "seed" });
  expect(panelAt(reset, "b")?.picture).toBe(panelAt(trained, "b")?.picture);
});

test("another method is a fresh panel in the same place, with its own budget, and leaves the others alone", () => {
  const chosen = after(STATE, changePanel("b", { step: 3, losses: [1] }), chooseMethod("b", "jko-iflow"));
  expect(chosen.panels.map(({ method }) => method)).toEqual(["normalizing-flow", "jko-iflow"]);
  expect(panelAt(chosen, "b")).toMatchObject({ phase: "opening", step: 0, losses: [], budget: { rounds: 6 } });
  expect(panelAt(chosen, "a")).toBe(panelAt(STATE, "a"));
});
