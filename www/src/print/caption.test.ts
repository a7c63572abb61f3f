import { expect, test } from "vitest";
import { initialState } from "../state/initial";
import { changePanel, panelAt } from "../state/panel";
import type { Measured, PanelState, State } from "../state/state";
import { figureCaption } from "./caption";

const MEASURED = {
  nll: 1.2345,
  nllStandardError: 0.01,
  kl: 0.0543,
  klStandardError: 0.01,
  slicedW2: 0.00321,
  slicedW2StandardError: 0.0004,
  heldOut: true,
  converged: true,
  step: 500,
  n: 2048,
  likelihoodN: 512,
} as Measured;

function caption(measured: Partial<Measured>, panel: Partial<PanelState> = {}): string {
  const state: State = initialState(true);
  const changed = changePanel("b", { step: 500, ...panel, measured: { ...MEASURED, ...measured } })(state);
  const shown = panelAt(changed, "b");
  if (shown === undefined) throw new Error("there are two panels");
  return figureCaption(shown, changed);
}

test("paper says what the table says", () => {
  expect(caption({})).toContain(
    " NLL 1.235 ± 0.010 nats, KL 0.054 ± 0.010 nats on 512; sliced W₂² 0.00321 ± 0.00040 on 2,048 held-out points.",
  );
  expect(caption({ heldOut: false })).toMatch(/on 2,048 points that it was trained on\.$/);
});

test("a likelihood that is not converged is on no paper", () => {
  const text = caption({ converged: false });
  expect(text).not.toMatch(/NLL|KL/);
  expect(text).toMatch(/\. sliced W₂² 0\.00321/);
});

test("a method without a density has no likelihood on paper either", () => {
  expect(caption({}, { method: "distilled" })).not.toMatch(/NLL|KL/);
  expect(caption({}, { method: "exact-field" })).not.toMatch(/NLL|KL/);
  expect(caption({}, { method: "exact-field", own: { data: "8-gaussians" } })).toMatch(/NLL/);
});

test("numbers of other weights than those shown say of which step they are", () => {
  expect(caption({ step: 1200 })).toMatch(/held-out points, measured at step 1,200\.$/);
  expect(caption({ step: 500 })).not.toContain("measured at");
});
