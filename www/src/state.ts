// The whole state as one plain value, and how it changes: pure functions from a state to the next.
import type { FileAnswer } from "./experiment/files.worker";
import { budgetOf, DEFAULT_SETUP, METHODS, type MethodKind, type Setup } from "./experiment/presets";
import { EMPTY_PICTURE, type Picture } from "./stage/frame";
import type { LayerName, LayerSwitches } from "./stage/layers";

/** What the readout of a measurement needs of it. */
export interface Measured {
  nll: number | null;
  nllStandardError: number | null;
  kl: number | null;
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

export type Phase = "opening" | "ready" | "training" | "failed";
/** Where the weights came from that the panel's picture was made with. */
export type Origin = "pretrained" | "seed";

export interface PanelState {
  phase: Phase;
  origin: Origin;
  step: number;
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
  picture: Picture;
  /** one sentence, shown in the panel */
  error: string | null;
}

export interface UserData {
  name: string;
  points: Float32Array;
  columns: readonly [string, string];
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
  panels: Readonly<Record<MethodKind, PanelState>>;
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
  losses: [],
  loss: null,
  seconds: 0,
  networkEvaluations: 0,
  stepsPerSecond: null,
  measured: null,
  error: null,
} as const;

function newPanel(): PanelState {
  return { ...UNTRAINED, ...IDENTITY, phase: "opening", origin: "pretrained", device: "cpu", picture: EMPTY_PICTURE };
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
    panels: { "normalizing-flow": newPanel(), "flow-matching": newPanel() },
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

export function changePanel(method: MethodKind, panel: Partial<PanelState>): Change {
  return (state) => ({ ...state, panels: { ...state.panels, [method]: { ...state.panels[method], ...panel } } });
}

export function changePicture(method: MethodKind, picture: Partial<Picture>): Change {
  return (state) => changePanel(method, { picture: { ...state.panels[method].picture, ...picture } })(state);
}

/** Before the first training step: the numbers of an earlier training are gone, its picture stays until replaced. */
export function untrained(method: MethodKind, origin: Origin): Change {
  return changePanel(method, { ...UNTRAINED, origin, phase: "ready" });
}

export interface Progress {
  step: number;
  loss: number | null;
  losses: readonly number[];
  seconds: number;
  networkEvaluations: number;
}

/** How much one report counts in the shown speed. */
const SPEED_SMOOTHING = 0.1;

export function progressed(method: MethodKind, progress: Progress): Change {
  return (state) => {
    const before = state.panels[method];
    const elapsed = progress.seconds - before.seconds;
    const speed = elapsed > 0 ? (progress.step - before.step) / elapsed : before.stepsPerSecond;
    const known = before.stepsPerSecond;
    const smoothed = known === null || speed === null ? speed : known + SPEED_SMOOTHING * (speed - known);
    const { step, loss, seconds, networkEvaluations } = progress;
    const losses = [...before.losses, ...progress.losses];
    return changePanel(method, { step, loss, seconds, networkEvaluations, losses, stepsPerSecond: smoothed })(state);
  };
}

export type TrainingLabel = "Train" | "Pause" | "Continue" | "Done";

/** What the one training button would do. */
export function trainingLabel({ panels }: State): TrainingLabel {
  const all = METHODS.map((method) => ({ method, ...panels[method] }));
  if (all.some(({ phase }) => phase === "training")) return "Pause";
  if (all.every(({ method, step }) => step >= budgetOf(method))) return "Done";
  return all.some(({ step }) => step > 0) ? "Continue" : "Train";
}

export function isPretrained({ panels }: State): boolean {
  return METHODS.every((method) => panels[method].origin === "pretrained");
}

/** The shipped weights are only looked at, and a run that failed is not gone on with. */
export function needsNewRuns(state: State): boolean {
  return isPretrained(state) || METHODS.some((method) => state.panels[method].phase === "failed");
}

export function isOpening({ panels }: State): boolean {
  return METHODS.some((method) => panels[method].phase === "opening");
}
