import { expect, test } from "vitest";
import { budgetOf } from "./experiment/presets";
import {
  advanceTime,
  type Change,
  changePanel,
  initialState,
  play,
  progressed,
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
  after(STATE, scrub(0.3), toggleLayer("paths"), changePanel("flow-matching", { step: 3 }));
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
  const step = (method: "normalizing-flow" | "flow-matching", count: number) => changePanel(method, { step: count });
  expect(trainingLabel(STATE)).toBe("Train");
  expect(trainingLabel(changePanel("flow-matching", { phase: "training" })(STATE))).toBe("Pause");
  expect(trainingLabel(step("flow-matching", 3)(STATE))).toBe("Continue");
  const done = after(
    STATE,
    step("flow-matching", budgetOf("flow-matching")),
    step("normalizing-flow", budgetOf("normalizing-flow")),
  );
  expect(trainingLabel(done)).toBe("Done");
});

test("progress adds losses and measures speed; a reset forgets them and keeps the picture", () => {
  const report = { step: 10, loss: 2, losses: [2, 2], seconds: 0.1, networkEvaluations: 10 };
  const trained = progressed("flow-matching", report)(STATE);
  expect(trained.panels["flow-matching"]).toMatchObject({ step: 10, losses: [2, 2], stepsPerSecond: 100 });
  const reset = untrained("flow-matching", "seed")(trained);
  expect(reset.panels["flow-matching"]).toMatchObject({ step: 0, losses: [], stepsPerSecond: null, origin: "seed" });
  expect(reset.panels["flow-matching"].picture).toBe(trained.panels["flow-matching"].picture);
});
