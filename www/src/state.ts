// The whole state as one plain value, and how it changes: pure functions from a state to the next.
import type { FileAnswer } from "./experiment/files.worker";
import { type MethodId, methodOf, numRounds } from "./experiment/methods";
import { DEFAULT_METHODS, DEFAULT_SETUP, type Setup } from "./experiment/presets";
import { EMPTY_PICTURE, type Picture } from "./stage/frame";
import type { LayerName, LayerSwitches } from "./stage/layers";

/** What the readout of a measurement needs of it. */
export interface Measured {
  nll: number | null;
  nllStandardError: number | null;
  kl: number | null;
  klStandardError: number | null;
  slicedW2: number | null;
  slicedW2Floor: number | null;
  nfe: number;
  converged: boolean;
  reason: string | null;
  /** the training step it was taken at */
  step: number;
  /** on how many points, and with which solver */
  n: number;
  solver: string;
}

/** What the readout of a round needs of it. */
export interface RoundMeasured {
  freeEnergy: number | null;
  straightness: number | null;
}

/** Where a panel stands: what it is known by while everything in it changes. */
export type Slot = "a" | "b" | "c" | "d";
export const SLOTS: readonly Slot[] = ["a", "b", "c", "d"];

export type Phase = "opening" | "ready" | "training" | "failed";
/** Where the weights came from that the panel's picture was made with. */
export type Origin = "pretrained" | "seed";

export interface PanelState {
  slot: Slot;
  method: MethodId;
  phase: Phase;
  origin: Origin;
  /** training steps done, and the round they have come to, from 0 */
  step: number;
  round: number;
  /** the share of the budget that is spent; 1 from the start where there is nothing to train */
  spent: number;
  budget: Budget;
  /** one loss a training step */
  losses: readonly number[];
  loss: number | null;
  seconds: number;
  networkEvaluations: number;
  stepsPerSecond: number | null;
  device: string;
  center: readonly number[];
  scale: readonly number[];
  measured: Measured | null;
  /** one a round */
  rounds: readonly RoundMeasured[];
  picture: Picture;
  /** one sentence, shown in the panel */
  error: string | null;
}

/** What training is allowed: steps in all, and the rounds that share them. */
export interface Budget {
  steps: number;
  rounds: number;
}

export interface UserData {
  name: string;
  points: Float32Array;
  columns: readonly string[];
  note: string | null;
}

/** What is said beside the data controls. */
export interface Notice {
  kind: "error" | "info";
  text: string;
}

export type Dialog =
  | { kind: "paste" }
  | {
      kind: "columns";
      name: string;
      source: Blob | string;
      columns: Extract<FileAnswer, { kind: "choose" }>["columns"];
    };

export interface View {
  t: number;
  /** +1 towards the noise, -1 towards the data */
  direction: 1 | -1;
  playing: boolean;
  /** seconds to rest at an end before turning */
  rest: number;
  layers: LayerSwitches;
}

export interface State {
  setup: Setup;
  user: UserData | null;
  view: View;
  /** left to right */
  panels: readonly PanelState[];
  /** why the engine computes where it does */
  deviceReason: string;
  notice: Notice | null;
  dialog: Dialog | null;
}

export type Change = (state: State) => State;

/** From one end of time to the other. */
const CROSSING_SECONDS = 3.6;
const REST_SECONDS = 0.9;
const IDENTITY = { center: [0, 0], scale: [1, 1] } as const;

const UNTRAINED = {
  step: 0,
  round: 0,
  losses: [],
  loss: null,
  seconds: 0,
  networkEvaluations: 0,
  stepsPerSecond: null,
  measured: null,
  rounds: [],
  error: null,
} as const;

/** Before a run is there. */
function unopened(method: MethodId) {
  const { budget, method: config } = methodOf(method).experiment;
  return {
    ...UNTRAINED,
    method,
    phase: "opening",
    spent: 0,
    budget: { ...budget, rounds: numRounds(config) },
  } as const;
}

function newPanel(method: MethodId, slot: Slot): PanelState {
  return { slot, ...unopened(method), ...IDENTITY, origin: "pretrained", device: "cpu", picture: EMPTY_PICTURE };
}

export function initialState(playing: boolean): State {
  const layers: LayerSwitches = {
    density: true,
    data: true,
    noise: true,
    paths: true,
    trajectories: true,
    states: false,
    samples: true,
  };
  return {
    setup: DEFAULT_SETUP,
    user: null,
    // Where nothing moves, the end of the way says most.
    view: { t: playing ? 1 : 0, direction: -1, playing, rest: REST_SECONDS, layers },
    panels: DEFAULT_METHODS.flatMap((method, i) => SLOTS.slice(i, i + 1).map((slot) => newPanel(method, slot))),
    deviceReason: "",
    notice: null,
    dialog: null,
  };
}

export function changeView(view: Partial<View>): Change {
  return (state) => ({ ...state, view: { ...state.view, ...view } });
}

/** Dragging pauses. */
export function scrub(t: number): Change {
  return changeView({ t: Math.min(1, Math.max(0, t)), playing: false });
}

/** Playing goes on in the last direction; from an end it turns. */
export function play(playing: boolean): Change {
  return (state) => {
    const { t, direction } = state.view;
    const turned = t <= 0 ? 1 : t >= 1 ? -1 : direction;
    return changeView({ playing, direction: turned, rest: 0 })(state);
  };
}

export function advanceTime(seconds: number): Change {
  return (state) => {
    const { t, direction, playing, rest } = state.view;
    if (!playing) return state;
    if (rest > 0) return changeView({ rest: rest - seconds })(state);
    const next = t + (direction * seconds) / CROSSING_SECONDS;
    if (next > 0 && next < 1) return changeView({ t: next })(state);
    return changeView({ t: next <= 0 ? 0 : 1, direction: next <= 0 ? 1 : -1, rest: REST_SECONDS })(state);
  };
}

export function toggleLayer(name: LayerName): Change {
  return (state) => changeView({ layers: { ...state.view.layers, [name]: !state.view.layers[name] } })(state);
}

export function changeSetup(setup: Partial<Setup>): Change {
  return (state) => ({ ...state, setup: { ...state.setup, ...setup }, notice: null });
}

export function useUserData(user: UserData): Change {
  return (state) => ({ ...changeSetup({ data: "points" })(state), user, dialog: null });
}

export function say(notice: Notice | null): Change {
  return (state) => ({ ...state, notice });
}

export function showDialog(dialog: Dialog | null): Change {
  return (state) => ({ ...state, dialog });
}

export function panelAt({ panels }: State, slot: Slot): PanelState | undefined {
  return panels.find((panel) => panel.slot === slot);
}

type Part<T> = Partial<T> | ((before: T) => Partial<T>);

export function changePanel(slot: Slot, part: Part<PanelState>): Change {
  const changed = (panel: PanelState) => ({ ...panel, ...(typeof part === "function" ? part(panel) : part) });
  return (state) => ({
    ...state,
    panels: state.panels.map((panel) => (panel.slot === slot ? changed(panel) : panel)),
  });
}

export function changePicture(slot: Slot, picture: Partial<Picture>): Change {
  return changePanel(slot, (before) => ({ picture: { ...before.picture, ...picture } }));
}

/** The old picture stays until the new method has one. */
export function chooseMethod(slot: Slot, method: MethodId): Change {
  return changePanel(slot, { ...unopened(method), origin: "seed" });
}

/** What is known of a run before its first training step. */
export type Opened = Pick<PanelState, "origin" | "spent" | "budget" | "device" | "center" | "scale">;

/** The numbers of an earlier training are gone, its picture stays until replaced. */
export function untrained(slot: Slot, opened: Opened): Change {
  return changePanel(slot, { ...UNTRAINED, ...opened, phase: "ready" });
}

export interface Progress {
  step: number;
  round: number;
  spent: number;
  loss: number | null;
  losses: readonly number[];
  seconds: number;
  networkEvaluations: number;
}

/** How much one report counts in the shown speed. */
const SPEED_SMOOTHING = 0.1;

export function progressed(slot: Slot, progress: Progress): Change {
  return changePanel(slot, (before) => {
    const elapsed = progress.seconds - before.seconds;
    const speed = elapsed > 0 ? (progress.step - before.step) / elapsed : before.stepsPerSecond;
    const known = before.stepsPerSecond;
    const smoothed = known === null || speed === null ? speed : known + SPEED_SMOOTHING * (speed - known);
    return { ...progress, losses: [...before.losses, ...progress.losses], stepsPerSecond: smoothed };
  });
}

export type TrainingLabel = "Train" | "Pause" | "Continue" | "Done";

/** What the one training button would do. */
export function trainingLabel({ panels }: State): TrainingLabel {
  if (panels.some(({ phase }) => phase === "training")) return "Pause";
  if (panels.every(({ spent }) => spent >= 1)) return "Done";
  return panels.some(({ step }) => step > 0) ? "Continue" : "Train";
}

/** The shipped weights are only looked at, and a run that failed is not gone on with. */
export function needsNewRun({ origin, phase }: PanelState): boolean {
  return origin === "pretrained" || phase === "failed";
}

export function isPretrained({ panels }: State): boolean {
  return panels.some(({ origin }) => origin === "pretrained");
}

export function isOpening({ panels }: State): boolean {
  return panels.some(({ phase }) => phase === "opening");
}

/** Closed forms are there from the start. */
export function isTrainable({ spent, step }: PanelState): boolean {
  return spent < 1 || step > 0;
}
