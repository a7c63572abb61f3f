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
  bitsPerDim: null,
  bitsPerDimStandardError: null,
  nearestDistance: null,
  nearestDistanceHeldout: null,
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

test("paper says of pictures what the table says, of the same weights", () => {
  const found = {
    bitsPerDim: 2.211,
    bitsPerDimStandardError: 0.03,
    nearestDistance: 2.877,
    nearestDistanceHeldout: 2.02,
  };
  const details = { step: 500, n: 359, frechet: 97.3, frechetFloor: 37.2, frechetFloorSpread: 11.1, accuracy: 0.925 };
  const text = caption(found, { details: details as PanelState["details"] });
  expect(text).toContain("nats, bits/dim 2.211 ± 0.030 on 512; sliced W₂² 0.00321 ± 0.00040, nearest point at 2.88");
  expect(text).toContain(
    "2.88 (held-out 2.02) on 2,048; FD 97.3 (floor 37 ± 11), accuracy 92.5\u00a0% on 359 held-out points.",
  );
  expect(caption({ ...found, converged: false })).not.toContain("bits/dim");
  expect(caption(found, { whyNoDensity: "Thousands of passes." })).not.toMatch(/NLL|KL|bits/);
  expect(caption(found, { whyNoTruth: "Guided." })).not.toMatch(/NLL|KL|bits/);
  expect(caption(found, { details: { ...details, step: 400 } as PanelState["details"] })).not.toMatch(/FD|accuracy/);
  expect(
    caption(found, { details: { ...details, frechet: null, accuracy: null } as PanelState["details"] }),
  ).not.toMatch(/FD|accuracy/);
});

test("numbers of other weights than those shown say of which step they are", () => {
  expect(caption({ step: 1200 })).toMatch(/held-out points, measured at step 1,200\.$/);
  expect(caption({ step: 500 })).not.toContain("measured at");
});
