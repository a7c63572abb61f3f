// One panel: a method being trained, and what is known of it. Pure changes.

import { conditionOf as toldOf } from "../experiment/conditions";
import { firstOf, NO_LOSSES, withMore } from "../experiment/losses";
import { methodOf, numRounds } from "../experiment/methods";
import { type PanelChoice, usualBudget } from "../experiment/presets";
import { isOfSnapshots } from "../experiment/snapshots";
import { msg, num } from "../language";
import type { TrainingProgress, TrainingState } from "../library";
import { type Ends, endsOf } from "../stage/ends";
import { EMPTY_PICTURE, type Picture } from "../stage/frame";
import {
  type Change,
  type Extension,
  type Measured,
  type Origin,
  type PanelState,
  SLOTS,
  type Slot,
  type State,
} from "./state";

const UNTRAINED = {
  step: 0,
  firstStep: 0,
  round: 0,
  losses: NO_LOSSES,
  loss: null,
  seconds: 0,
  networkEvaluations: 0,
  extended: [],
  stepsPerSecond: null,
  measured: null,
  likelihood: null,
  history: [],
  costs: null,
  details: null,
  startEnergy: null,
  rounds: [],
  digest: null,
  hasMoved: false,
  linked: null,
  error: null,
} as const;

/** Before a run is there. */
function unopened({ method: id, own, options, asks = {} }: PanelChoice) {
  const { method } = methodOf(id).experiment;
  const { steps } = usualBudget({ method: id, options });
  return {
    ...UNTRAINED,
    method: id,
    own,
    options,
    asks,
    experiment: null,
    points: null,
    phase: "opening",
    spent: 0,
    floor: null,
    budget: { steps, seconds: null, networkEvaluations: null, rounds: numRounds(method) },
  } as const;
}

export function newPanel(choice: PanelChoice, slot: Slot, origin: Origin): PanelState {
  return {
    slot,
    ...unopened(choice),
    origin,
    device: "cpu",
    deviceReason: "",
    dim: 2,
    whyNoDensity: null,
    whyNoTruth: null,
    classes: [],
    numbers: [],
    center: [0, 0],
    scale: [1, 1],
    picture: EMPTY_PICTURE,
    ghost: null,
  };
}

export function choiceOf({ method, own, options, asks }: PanelState): PanelChoice {
  return { method, own, options, ...(Object.keys(asks).length > 0 && { asks }) };
}

export function panelAt({ panels }: State, slot: Slot): PanelState | undefined {
  return panels.find((panel) => panel.slot === slot);
}

type Altered<T> = Partial<T> | ((before: T) => Partial<T>);

/** What all panels have at the ends of time. */
export function endsAt({ panels }: Pick<State, "panels">): Ends {
  return endsOf(panels.map(({ method }) => isOfSnapshots(method)));
}

export function changePanel(slot: Slot, part: Altered<PanelState>): Change {
  const changed = (panel: PanelState) => ({ ...panel, ...(typeof part === "function" ? part(panel) : part) });
  return (state) => ({
    ...state,
    panels: state.panels.map((panel) => (panel.slot === slot ? changed(panel) : panel)),
  });
}

export function changePicture(slot: Slot, picture: Partial<Picture>): Change {
  return changePanel(slot, (before) => ({ picture: { ...before.picture, ...picture } }));
}

/** The old picture stays until the new run has one. */
export function choosePanel(slot: Slot, choice: PanelChoice): Change {
  return (state) => ({ ...changePanel(slot, { ...unopened(choice), origin: "seed" })(state), notice: null });
}

/** Another panel in the first free place, at the end. */
export function addPanel(choice: PanelChoice): Change {
  return (state) => {
    const slot = freeSlot(state);
    return slot === undefined
      ? state
      : { ...state, notice: null, panels: [...state.panels, newPanel(choice, slot, "seed")] };
  };
}

export function freeSlot({ panels }: State): Slot | undefined {
  return SLOTS.find((slot) => panels.every((panel) => panel.slot !== slot));
}

export function removePanel(slot: Slot): Change {
  return (state) => ({ ...state, notice: null, panels: state.panels.filter((panel) => panel.slot !== slot) });
}

/** What training has come to, beside what the run itself knows. */
export type KeptTraining = Pick<PanelState, "firstStep" | "losses" | "loss" | "history" | "hasMoved">;

/** What a panel is opened with again, beside its choices. */
export interface KeptPanel extends KeptTraining {
  origin: Origin;
  /** what training goes on from; null where there is none */
  checkpoint: Uint8Array | null;
  weights: Uint8Array | null;
}

/** What there is of a panel's training at a step: less than is shown, if the step was asked for before that. */
export function keptTraining(panel: PanelState, step: number): KeptTraining {
  const { firstStep, losses, loss, history, hasMoved, device } = panel;
  return {
    firstStep,
    loss,
    losses: firstOf(losses, Math.max(0, step - firstStep)),
    history: history.filter((one) => one.step <= step),
    hasMoved: hasMoved || device !== "cpu",
  };
}

/** What is known of a run before its first training step. */
export type Opened = Pick<
  PanelState,
  | "origin"
  | "experiment"
  | "points"
  | "firstStep"
  | "spent"
  | "seconds"
  | "networkEvaluations"
  | "round"
  | "budget"
  | "device"
  | "deviceReason"
  | "dim"
  | "whyNoDensity"
  | "likelihood"
  | "whyNoTruth"
  | "classes"
  | "numbers"
  | "center"
  | "scale"
>;

/** On another device from now on. */
export function movedTo(slot: Slot, device: string, deviceReason: string): Change {
  return changePanel(slot, (before) => ({
    device,
    deviceReason,
    hasMoved: before.hasMoved || (before.step > 0 && before.device !== device),
  }));
}

/** The numbers of an earlier training are gone, its picture stays until replaced. */
export function untrained(slot: Slot, opened: Opened): Change {
  return changePanel(slot, ({ ghost, picture }) => ({
    ...UNTRAINED,
    ...opened,
    step: opened.firstStep,
    phase: "ready",
    ...(ghost !== null && !isAlike(ghost, opened) && { ghost: null, picture: { ...picture, ghost: null } }),
  }));
}

/** Between the same ends: only then one is compared with the other. */
function isAlike(ghost: PanelState, { experiment, dim, points }: Opened): boolean {
  const ends = (one: PanelState["experiment"]) => JSON.stringify([one?.data, one?.noise]);
  return ghost.dim === dim && ghost.points === (points ?? null) && ends(ghost.experiment) === ends(experiment);
}

/** Of a run that goes on from what was kept: with what training had come to by then. */
export function takenUp(slot: Slot, kept: KeptTraining, extended: readonly Extension[] = []): Change {
  return changePanel(slot, ({ step }) => {
    const { firstStep, losses, loss, history, hasMoved } = kept;
    const isWhole = firstStep + losses.count === step;
    return { ...(isWhole ? { firstStep, losses, loss, history } : { firstStep: step }), hasMoved, extended };
  });
}

/** How much one report counts in the shown speed. */
const SPEED_SMOOTHING = 0.1;

export function progressed(slot: Slot, progress: TrainingProgress): Change {
  return changePanel(slot, (before) => advanced(before, progress));
}

/** After a rewind, what came later is another training's. */
export function advanced(before: PanelState, progress: TrainingProgress): PanelState {
  const elapsed = progress.seconds - before.seconds;
  const speed = elapsed > 0 ? (progress.step - before.step) / elapsed : before.stepsPerSecond;
  const known = before.stepsPerSecond;
  const smoothed = known === null || speed === null ? speed : known + SPEED_SMOOTHING * (speed - known);
  const numKept = before.step - before.firstStep;
  const isRewound = before.losses.count > numKept;
  const losses = withMore(firstOf(before.losses, numKept), progress.losses);
  const history = isRewound ? before.history.filter(({ step }) => step <= before.step) : before.history;
  return { ...before, ...progress, losses, history, stepsPerSecond: smoothed };
}

/** Shows weights of an earlier training step; the losses stay, to be returned to. */
export function rewound(slot: Slot, to: TrainingState): Change {
  return changePanel(slot, { ...to, stepsPerSecond: null });
}

export function measured(slot: Slot, found: Measured): Change {
  return changePanel(slot, ({ history, losses, step, firstStep }) => {
    // Measured again at rest, on more points; and weights gone back to are not a part of the course.
    const course = history.filter((earlier) => earlier.step !== found.step);
    const isLatest = step === firstStep + losses.count && found.step > 0;
    return { measured: found, history: isLatest ? spread([...course, found]) : history };
  });
}

/** The measurements of samples that were drawn as the newest were: those by another sampler are no course together. */
export function drawnAlike({ history, measured }: Pick<PanelState, "history" | "measured">): readonly Measured[] {
  const solver = (measured ?? history.at(-1))?.solver;
  return history.filter((one) => one.solver === solver);
}

/** More than a chart can tell apart. */
const MOST_MEASURED = 500;

/** Of too many every other one, with the first and the newest. */
function spread(history: readonly Measured[]): readonly Measured[] {
  if (history.length <= MOST_MEASURED) return history;
  return history.filter((_, i) => i % 2 === 0 || i === history.length - 1);
}

/** The shipped weights are only looked at, and a run that failed is not gone on with. */
export function needsNewRun({ origin, phase }: PanelState): boolean {
  return origin === "pretrained" || phase === "failed";
}

/** Closed forms are there from the start. */
export function isTrainable({ spent, step }: PanelState): boolean {
  return spent < 1 || step > 0;
}

/** Whether its seed makes the same bits again, wherever it runs: a clock and a graphics card do not. */
export function isRepeatable({ origin, step, device, hasMoved, budget, extended }: PanelState): boolean {
  const hasClock = budget.seconds !== null || extended.some((earlier) => earlier.budget.kind === "seconds");
  return origin === "seed" && step > 0 && device === "cpu" && !hasMoved && !hasClock;
}

/** The panel's title: its method's, and what was set of it. */
export function titleOf(panel: Titled & Pick<PanelChoice, "asks">): string {
  return `${plainTitleOf(panel)}${conditionOf(panel)}`;
}

/** What a panel of its own is told and asked. */
function conditionOf(panel: Pick<PanelChoice, "options" | "asks">): string {
  const told = toldOf(panel);
  if (told === null) return "";
  const { "condition.pairs": pairs } = panel.options;
  const { guidance } = panel.asks ?? {};
  if (guidance !== undefined) return `, w = ${num(String(guidance))}`;
  const what = told === "class" ? msg("the class") : msg("what is observed");
  if (pairs !== undefined) return pairs === "across" ? msg(`, ignoring ${what}`) : msg(`, within ${what}`);
  return told === "class" ? msg(", by class") : msg(", given x");
}

type Titled = Pick<PanelState, "method" | "options"> & Partial<Pick<PanelState, "experiment">>;

/** As it runs, once that is known: what was set of an energy rests while the data has none. */
function isFromEnergy({ options, experiment }: Pick<Titled, "options" | "experiment">): boolean {
  const method = experiment?.method;
  const running = method && "objective" in method ? method.objective : undefined;
  return (experiment ? running : options["method.objective"]) === "reverse-kl";
}

function plainTitleOf({ method, options, experiment }: Titled): string {
  const { title, kind } = { title: methodOf(method).title, kind: methodOf(method).experiment.method.kind };
  const rounds = options["method.rounds"];
  if (kind === "reflow" && rounds !== undefined) return msg(`Rectified flow, reflow ×${rounds}`);
  if (isFromEnergy({ options, experiment })) return msg(`${title}, from the energy`);
  const blocks = options["method.blocks"];
  if (kind === "jko-flow" && blocks !== undefined)
    return blocks === 1 ? msg(`${title}, 1 block`) : msg(`${title}, ${blocks} blocks`);
  return title;
}
