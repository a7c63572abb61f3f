import { expect, test } from "vitest";
import { dropGhost, ghostTitle, keepGhost } from "./ghost";
import { initialState } from "./initial";
import { changePanel, changePicture, choosePanel, type Opened, untrained } from "./panel";
import type { PanelState } from "./state";

const curves = { times: [1, 0], positions: Float64Array.of(1, 2, 3, 4) };
const experiment = (kind: string) =>
  ({ data: { kind }, noise: { kind: "gaussian" } }) as unknown as PanelState["experiment"];

function kept() {
  const trained = changePanel("b", { step: 1200, origin: "seed", experiment: experiment("moons") })(initialState(true));
  return keepGhost("b")(changePicture("b", { generated: curves })(trained));
}

function reopened(kind: string) {
  const chosen = choosePanel("b", { method: "flow-matching", own: {}, options: { "optimizer.batch": 64 } })(kept());
  return untrained("b", { firstStep: 0, dim: 2, experiment: experiment(kind) } as Opened)(chosen).panels[1];
}

test("a ghost stays as the panel was, beside another run of it on the same data", () => {
  const panel = reopened("moons");
  expect(panel?.step).toBe(0);
  expect(panel?.picture.ghost).toBe(curves);
  expect(panel?.ghost && ghostTitle(panel.ghost)).toBe("Ghost: Flow matching, step 1,200");
  expect(panel?.ghost?.ghost).toBe(null);
});

test("on other data there is nothing to compare, and it goes", () => {
  const panel = reopened("rings");
  expect([panel?.ghost, panel?.picture.ghost]).toEqual([null, null]);
});

test("it is dropped by whoever kept it", () => {
  const [, panel] = dropGhost("b")(kept()).panels;
  expect([panel?.ghost, panel?.picture.ghost]).toEqual([null, null]);
});
