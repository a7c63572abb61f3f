import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import { presetOf, restartsTraining } from "../experiment/presets";
import { readLink, writeLink } from "../link/link";
import { initialState } from "./initial";
import {
  addPanel,
  changePanel,
  choosePanel,
  freeSlot,
  isRepeatable,
  measured,
  movedTo,
  type Opened,
  panelAt,
  progressed,
  removePanel,
  rewound,
  titleOf,
  untrained,
} from "./panel";
import { chooseSetup, placePanels, useUserData } from "./setup";
import { sharedOf } from "./shared";
import type { Change, Measured, PanelState, Slot, State } from "./state";
import { ask, explain, showDialog } from "./talk";
import { rewindShare, secondsLeft, trainingLabel } from "./training";
import {
  advanceTime,
  changeView,
  isWhole,
  pan,
  play,
  scrub,
  setMotion,
  showWhole,
  toggleLayer,
  ZOOM,
  zoom,
} from "./view";

const STATE = initialState(true);
const JKO = { method: "jko-iflow", own: {}, options: {} } as const;

function after(state: State, ...changes: Change[]): State {
  return changes.reduce((before, change) => change(before), state);
}

function panelIn(state: State, slot: Slot): PanelState {
  const panel = panelAt(state, slot);
  if (panel === undefined) throw new Error(`there is no panel ${slot}`);
  return panel;
}

function run(state: State, seconds: number): State {
  return after(state, ...Array.from({ length: Math.round(seconds / 0.02) }, () => advanceTime(0.02)));
}

function progress(step: number, count: number) {
  const losses = Array.from({ length: count }, () => 2);
  return { step, round: 0, spent: step / 100, loss: 2, losses, seconds: step / 100, networkEvaluations: step };
}

test("a change leaves the state it starts from as it was", () => {
  const frozen = structuredClone(STATE);
  after(STATE, scrub(0.3), toggleLayer("paths"), changePanel("b", { step: 3 }), addPanel(JKO), zoom(2));
  expect(STATE).toEqual(frozen);
});

test("there and back, time stays between 0 and 1 and turns at both ends", () => {
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

test("one way only, time starts again at the other end, or stays without a loop", () => {
  const generating = after(STATE, setMotion("generate"), changeView({ t: 0.1, rest: 0 }));
  const times = [run(generating, 0.4), run(generating, 1.4)].map(({ view }) => view.t);
  expect(times).toEqual([0, 1]);
  const once = run(changeView({ loop: false })(generating), 3).view;
  expect(once).toMatchObject({ t: 0, playing: false });
  expect(play(true)(changeView(once)(generating)).view).toMatchObject({ t: 1, playing: true, direction: -1 });
  expect(run(after(STATE, setMotion("encode"), changeView({ t: 0.5, rest: 0 })), 0.2).view.t).toBeGreaterThan(0.5);
});

test("speed is a factor", () => {
  const moved = (speed: number) => run(after(STATE, changeView({ t: 0.9, rest: 0, speed })), 0.2).view.t - 0.9;
  expect(moved(2) / moved(0.5)).toBeCloseTo(4);
});

test("dragging pauses, clamps, and playing on from an end moves away from it", () => {
  expect(scrub(0.4)(STATE).view).toMatchObject({ t: 0.4, playing: false });
  expect(scrub(7)(STATE).view.t).toBe(1);
  expect(after(STATE, scrub(0), play(true)).view.direction).toBe(1);
  expect(after(STATE, scrub(1), changeView({ direction: 1 }), play(true)).view.direction).toBe(-1);
});

test("the camera comes back from wherever it went, and never goes beyond its limits", () => {
  const far = after(STATE, ...Array.from({ length: 30 }, () => zoom(1)), pan(3, -2));
  expect(far.view.camera).toEqual({ x: 3, y: -2, zoom: ZOOM.max });
  expect(isWhole(far.view)).toBe(false);
  expect(isWhole(showWhole(far).view)).toBe(true);
});

test("the training button says what it would do", () => {
  const step = (slot: Slot, count: number) => changePanel(slot, { step: count, spent: count / 10 });
  expect(trainingLabel(STATE)).toBe("train");
  expect(trainingLabel(changePanel("b", { phase: "training" })(STATE))).toBe("pause");
  expect(trainingLabel(step("b", 3)(STATE))).toBe("continue");
  expect(trainingLabel(step("b", 10)(STATE))).toBe("continue");
  expect(trainingLabel(after(STATE, step("a", 10), step("b", 10)))).toBe("done");
});

const OPENED: Opened = {
  origin: "seed",
  experiment: null,
  points: null,
  firstStep: 0,
  spent: 0,
  seconds: 0,
  networkEvaluations: 0,
  round: 0,
  budget: { steps: 7, seconds: null, networkEvaluations: null, rounds: 1 },
  device: "cpu",
  deviceReason: "",
  dim: 2,
  whyNoDensity: null,
  likelihood: null,
  whyNoTruth: null,
  classes: [],
  numbers: [],
  center: [],
  scale: [],
};

test("progress adds losses and measures speed; a reset forgets them and keeps the picture", () => {
  const trained = progressed("b", progress(10, 2))(STATE);
  expect(panelAt(trained, "b")).toMatchObject({
    step: 10,
    spent: 0.1,
    losses: { count: 2, newest: [2, 2] },
    stepsPerSecond: 100,
  });
  const reset = untrained("b", OPENED)(trained);
  expect(panelAt(reset, "b")).toMatchObject({ step: 0, losses: { count: 0 }, stepsPerSecond: null, origin: "seed" });
  expect(panelAt(reset, "b")?.picture).toBe(panelAt(trained, "b")?.picture);
});

test("the time left follows from the speed, or from what the budget counts", () => {
  const left = (budget: Partial<Opened["budget"]>) => {
    const state = after(
      STATE,
      progressed("b", progress(10, 10)),
      changePanel("b", { budget: { ...OPENED.budget, ...budget } }),
    );
    return secondsLeft(panelIn(state, "b"));
  };
  expect(left({ steps: 110 })).toBeCloseTo(1);
  expect(left({ seconds: 1 })).toBeCloseTo(0.9);
  expect(secondsLeft(panelIn(STATE, "a"))).toBeNull();
});

const MEASURED = { step: 10, slicedW2: 1 } as Measured;

test("a rewind keeps what came later, until training goes on from there", () => {
  const trained = after(
    STATE,
    progressed("b", progress(10, 10)),
    measured("b", MEASURED),
    progressed("b", progress(20, 10)),
  );
  const { losses: _, ...earlier } = progress(5, 0);
  const back = rewound("b", earlier)(trained);
  expect(panelAt(back, "b")).toMatchObject({ step: 5, history: [MEASURED] });
  expect(panelAt(back, "b")?.losses.count).toBe(20);
  expect(rewindShare(back)).toBe(0.25);
  expect(trainingLabel(back)).toBe("continue");
  const on = progressed("b", progress(8, 3))(back);
  expect(panelAt(on, "b")?.losses.count).toBe(8);
  expect(panelAt(on, "b")?.history).toEqual([]);
  expect(rewindShare(on)).toBe(1);
});

test("a measurement of weights gone back to is shown and is no part of the course", () => {
  const trained = after(STATE, progressed("b", progress(20, 20)), measured("b", { ...MEASURED, step: 20 }));
  const back = after(trained, rewound("b", progress(5, 0)), measured("b", { ...MEASURED, step: 5 }));
  expect(panelAt(back, "b")?.measured?.step).toBe(5);
  expect(panelAt(back, "b")?.history.map(({ step }) => step)).toEqual([20]);
});

test("another method is a fresh panel in the same place, with its own budget, and leaves the others alone", () => {
  const chosen = after(STATE, changePanel("b", { step: 3, losses: lossesOf([1]) }), choosePanel("b", JKO));
  expect(chosen.panels.map(({ method }) => method)).toEqual(["normalizing-flow", "jko-iflow"]);
  expect(panelAt(chosen, "b")).toMatchObject({
    phase: "opening",
    step: 0,
    losses: { count: 0 },
    budget: { rounds: 6 },
  });
  expect(panelAt(chosen, "a")).toBe(panelAt(STATE, "a"));
});

test("panels fill the free places, four at most", () => {
  const three = addPanel(JKO)(STATE);
  expect(three.panels.map(({ slot }) => slot)).toEqual(["a", "b", "c"]);
  const full = addPanel(JKO)(three);
  expect(freeSlot(full)).toBeUndefined();
  expect(addPanel(JKO)(full)).toBe(full);
  const refilled = after(full, removePanel("b"), addPanel(JKO));
  expect(refilled.panels.map(({ slot }) => slot)).toEqual(["a", "c", "d", "b"]);
});

test("a comparison replaces all panels and keeps their pictures until it has its own", () => {
  const picture = { ...panelIn(STATE, "a").picture, data: Float64Array.of(1, 2) };
  const state = placePanels(presetOf("reflow").panels)(changePanel("a", { picture, step: 4 })(STATE));
  expect(state.panels.map(titleOf)).toEqual([0, 1, 2, 3].map((rounds) => `Rectified flow, reflow ×${rounds}`));
  expect(panelAt(state, "a")).toMatchObject({ phase: "opening", step: 0, picture });
});

test("what is asked about once more is answered already", () => {
  expect(explain("NLL")(STATE).explained).toBe("NLL");
  expect(after(STATE, explain("NLL"), explain("NLL")).explained).toBeNull();
});

test("the same bits are promised only where a new run of the link makes them", () => {
  const trained = after(STATE, changePanel("a", { origin: "seed", step: 90, device: "cpu" }));
  const after90 = (...changes: Change[]) => isRepeatable(panelIn(after(trained, ...changes), "a"));
  const { budget } = panelIn(trained, "a");
  expect(after90()).toBe(true);
  // A clock ends it elsewhere the next time.
  expect(after90(changePanel("a", { budget: { ...budget, seconds: 20 } }))).toBe(false);
  // Steps on a graphics card are steps of other bits, wherever it is by now.
  expect(after90(movedTo("a", "webgpu", "asked for"))).toBe(false);
  expect(after90(movedTo("a", "webgpu", "asked for"), movedTo("a", "cpu", "lost"))).toBe(false);
  // A worker that was replaced goes on from what it had.
  expect(after90(movedTo("a", "cpu", "replaced"))).toBe(true);
  expect(after90(changePanel("a", { step: 0 }), movedTo("a", "webgpu", ""), movedTo("a", "cpu", ""))).toBe(false);
  expect(after90(changePanel("a", { origin: "loaded" }))).toBe(false);
});

test("what the panels share starts training anew, unless it only draws", () => {
  expect([restartsTraining({ solver: "euler", churn: 2 }), restartsTraining({ width: 16 })]).toEqual([false, true]);
});

test("own points are in a link only where a panel is trained on them", () => {
  const user = { name: "drawn", columns: ["x", "y"], note: null, points: new Float64Array(32) };
  const state = { ...STATE, user };
  expect(sharedOf(state).user).toBeNull();
  const own = after(state, changePanel("b", { own: { data: "points" } }));
  expect(sharedOf(own).user?.points).toBe(user.points);
  const onPoints = { ...state, setup: { ...state.setup, data: "points" as const } };
  expect(sharedOf(onPoints).user?.points).toBe(user.points);
  const away = after(
    onPoints,
    changePanel("a", { own: { data: "rings" } }),
    changePanel("b", { own: { data: "circles" } }),
  );
  expect(sharedOf(away).user).toBeNull();
  // Without the points, what is shared must not ask for them.
  expect(readLink(writeLink(sharedOf(away)))).toMatchObject({ kind: "shared", shared: { setup: { data: "rings" } } });
});

test("a file that arrives closes no dialog, and what it asks waits; of two files the newest asks", () => {
  const drawing: Change = showDialog({ kind: "draw" });
  const user = { name: "a", points: new Float64Array(32), columns: ["x", "y"], note: null };
  const question = (name: string) =>
    ({ kind: "columns", columns: [], file: { name, source: "", options: {} } }) as const;
  const close = showDialog(null);
  const drawn = after(STATE, drawing, useUserData(user));
  expect(drawn.dialog).toEqual(after(STATE, drawing).dialog);
  const asked = after(drawn, ask(question("first")), ask(question("second")));
  expect(asked.dialog?.kind).toBe("draw");
  expect(close(asked).dialog).toEqual(question("second"));
  expect(close(close(asked)).dialog).toBeNull();
  expect(after(STATE, ask(question("first")), ask(question("second"))).dialog).toEqual(question("second"));
});

test("on a sphere methods of the plane give way, those that are for it stay, and another space is looked at from its middle", () => {
  const onSphere = chooseSetup({ data: "von-mises-fisher" })(after(STATE, zoom(2), pan(1, 1)));
  expect(onSphere.panels.map(({ method }) => method)).toEqual(["flow-matching", "ot-coupling"]);
  expect(isWhole(onSphere.view)).toBe(true);
  const one = after(onSphere, placePanels([{ method: "sinkhorn-coupling", own: {}, options: {} }]), pan(2, 9));
  expect(chooseSetup({ seed: 8 })(one).view.camera).toEqual(one.view.camera);
  const back = after(one, chooseSetup({ data: "moons" }));
  expect(back.panels.map(({ method }) => method)).toEqual(["sinkhorn-coupling"]);
  expect(isWhole(back.view)).toBe(true);
});
