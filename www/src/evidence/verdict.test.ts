import { expect, test } from "vitest";
import { costHint } from "../controls/training";
import { initialState } from "../state/initial";
import { changePanel } from "../state/panel";
import type { Measured, State } from "../state/state";
import { verdictOf } from "./verdict";

function finished(a: number, b: number, error: number, spent = 1): State {
  const measured = (slicedW2: number) =>
    ({ step: 9, slicedW2, slicedW2StandardError: error, slicedW2Floor: 0.001, solver: "rk4 × 10" }) as Measured;
  const part = (value: number) => ({ origin: "seed", step: 9, spent, measured: measured(value) }) as const;
  return changePanel("b", part(b))(changePanel("a", part(a))(initialState(false)));
}

test("a finished comparison says who is nearest to the data, if chance alone would not say so too", () => {
  expect(verdictOf(finished(0.02, 0.004, 0.0005))).toBe("B is nearest to the data.");
  expect(verdictOf(finished(0.004, 0.02, 0.0005))).toBe("A is nearest to the data.");
  expect(verdictOf(finished(0.005, 0.004, 0.005))).toBe("By sliced W₂² none is nearer to the data.");
});

test("there is no verdict before all is done, measured, and of the same data", () => {
  expect(verdictOf(finished(0.02, 0.004, 0.0005, 0.9))).toBeNull();
  expect(verdictOf(changePanel("a", { step: 10 })(finished(0.02, 0.004, 0.0005)))).toBeNull();
  const apart = changePanel("a", { own: { data: "rings" } })(finished(0.02, 0.004, 0.0005));
  expect(verdictOf(apart)).toBeNull();
});

test("what long trainings will take is said once their speed is known", () => {
  const budget = { steps: 5000, seconds: null, networkEvaluations: null, rounds: 1 };
  const part = { origin: "seed", step: 100, spent: 0.02, seconds: 5, budget } as const;
  const at = (stepsPerSecond: number | null) => changePanel("a", { ...part, stepsPerSecond })(initialState(false));
  expect(costHint(at(20), "pause")).toBe("About 4 min left");
  expect([costHint(at(20), "done"), costHint(at(200), "pause"), costHint(at(null), "pause")]).toEqual([
    null,
    null,
    null,
  ]);
});
