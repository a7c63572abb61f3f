// The whole state as one plain value: what it is made of. How it changes stands in the files beside this one, as pure
// functions from a state to the next.
import type { Slot } from "../charts/chart";
import type { FileAnswer, FileSource } from "../experiment/answer";
import type { Asking } from "../experiment/conditions";
import type { Drawing } from "../experiment/drawing";
import type { Experiment, KnownNumber } from "../experiment/experiment";
import type { FileOptions } from "../experiment/files";
import type { Labels } from "../experiment/labels";
import type { Losses } from "../experiment/losses";
import type { ColumnId } from "../experiment/measures";
import type { MethodId } from "../experiment/methods";
import type { Observed } from "../experiment/observed";
import type { Plane } from "../experiment/plane";
import type { BudgetChoice, PanelChoice, Setup } from "../experiment/presets";
import type { CostPoint, LossFloor, Measurement, RoundReport } from "../library";
import type { Picture } from "../stage/frame";
import type { LayerOptions, LayerSwitches } from "../stage/layers";
import type { Camera } from "../stage/view";
import type { Result } from "./results";

/** Which way time runs when it is played: from noise to data, from data to noise, or there and back. */
export type Motion = "generate" | "encode" | "both";

export interface View {
  t: number;
  /** +1 towards the noise, -1 towards the data */
  direction: 1 | -1;
  playing: boolean;
  motion: Motion;
  loop: boolean;
  /** 1 crosses in CROSSING_SECONDS */
  speed: number;
  /** seconds to rest at an end before going on */
  rest: number;
  layers: LayerSwitches;
  options: LayerOptions;
  camera: Camera;
  plane: Plane;
  /** how many samples are shown */
  particles: number;
  /** the point that the inspector is at, in the data's units, at the present t */
  inspected: readonly [number, number] | null;
}

/** A measurement: of samples, and with its likelihood measured apart. */
export interface Measured extends Omit<Measurement, "solver"> {
  /** the training step it was taken at, and what training had cost by then */
  step: number;
  seconds: number;
  networkEvaluations: number;
  /** on how many points likelihoods were measured, distances on `n`; and samples with which solver */
  likelihoodN: number;
  solver: string;
}

/** A likelihood that is measured when it is asked for, because it takes long. */
export interface LongLikelihood {
  /** that a measurement takes here, about; null until an evaluation was timed */
  seconds: number | null;
  /** how much of it is done; null while none is under way */
  share: number | null;
  /** whether there is no more of it to be measured */
  isWhole: boolean;
}

/** What only some columns show, and the training step that it was measured at. */
export interface Detailed extends Measurement {
  step: number;
}

/** Quality of the samples at each number of evaluations, as it was at a training step. */
export interface Costs {
  step: number;
  points: readonly CostPoint[];
}

export type { Slot };
export const SLOTS: readonly Slot[] = ["a", "b", "c", "d"];

export type Phase = "opening" | "ready" | "training" | "failed";
/** Where the weights came from that the panel's picture was made with. */
export type Origin = "pretrained" | "seed" | "loaded";

/** Weights by a short digest of their bits: "0f3a91c2", at a training step. */
export interface Digest {
  step: number;
  bits: string;
}

/** A budget that training was begun with, and the training step from which it went on with another. */
export interface Extension {
  step: number;
  budget: BudgetChoice;
}

/** How far a link says that a panel was trained, and to which bits where it says so. */
export interface Linked {
  step: number;
  bits: string | null;
  /** what its budgets were before the present one, in order; absent where that was its only one */
  extended?: readonly Extension[];
}

export interface PanelState extends PanelChoice {
  asks: Partial<Asking>;
  slot: Slot;
  phase: Phase;
  origin: Origin;
  /** the run's whole experiment, defaults filled in; null before there is a run */
  experiment: Experiment | null;
  /** the reader's points that the run was started on; null where it has none of them */
  points: UserData | null;
  /** the step that its losses come after: not 0 for blocks that were loaded */
  firstStep: number;
  /** training steps behind the weights shown: fewer than losses are counted where training was rewound */
  step: number;
  round: number;
  /** the share of the budget that is spent; 1 from the start where there is nothing to train */
  spent: number;
  budget: Budget;
  /** the budgets before this one, in order */
  extended: readonly Extension[];
  losses: Losses;
  loss: number | null;
  /** what no training gets below, in the loss's own units */
  floor: LossFloor | null;
  seconds: number;
  networkEvaluations: number;
  stepsPerSecond: number | null;
  device: string;
  /** one sentence: why there */
  deviceReason: string;
  /** coordinates of a point */
  dim: number;
  /** why no density is shown, of the model or of the data, in one sentence; null where there is one */
  whyNoDensity: string | null;
  /** null where it is measured with everything else, or there is none */
  likelihood: LongLikelihood | null;
  /** why what is asked for has nothing to be compared with, in one sentence; null where it has */
  whyNoTruth: string | null;
  /** the names of the data's classes; none where it has none */
  classes: readonly string[];
  /** the numbers that are known of every data point; none where there are none */
  numbers: readonly KnownNumber[];
  /** of the plane that is shown, in the data's own units */
  center: readonly number[];
  scale: readonly number[];
  measured: Measured | null;
  /** the measurements of this training, in order: every one, or of very many some spread evenly */
  history: readonly Measured[];
  costs: Costs | null;
  /** for the columns that can be switched on */
  details: Detailed | null;
  /** what the first round begins with, where rounds descend a free energy that is known */
  startEnergy: number | null;
  /** one a round */
  rounds: readonly RoundReport[];
  picture: Picture;
  /** this panel as it was, without its picture, to be compared with; null where none is kept */
  ghost: PanelState | null;
  /** of the weights where training last rested */
  digest: Digest | null;
  /** whether a part of its training was on another device */
  hasMoved: boolean;
  /** what the link that was opened says of this panel; null without one, and once it has another run */
  linked: Linked | null;
  /** one sentence, shown in the panel */
  error: string | null;
}

/** What training is allowed, and the rounds that share it. */
export interface Budget {
  steps: number;
  seconds: number | null;
  networkEvaluations: number | null;
  rounds: number;
}

export interface UserData {
  name: string;
  /** flat, `columns.length` coordinates a point */
  points: Float64Array;
  columns: readonly string[];
  /** what class each point is of, where that is known */
  labels?: Labels;
  /** the number that is observed of each, where that is known */
  observed?: Observed;
  note: string | null;
}

export type AskedDevice = "auto" | "cpu" | "webgpu";

/** Where new runs compute. */
export interface EngineState {
  asked: AskedDevice;
  /** one sentence: why there */
  reason: string;
  /** why WebGPU can't be chosen; null where it can */
  refusal: string | null;
  /** whether runs are on their way to another device */
  isMoving: boolean;
}

/** What is said beside a control: `at` names it. */
export interface Notice {
  kind: "error" | "info";
  at: string;
  text: string;
}

/** A film in the making, and the share of it that is done. */
export interface Film {
  format: "gif" | "film";
  share: number;
}

/** How a page is to embed what is shown. */
export interface Embedding {
  as: "element" | "frame";
  /** every part of the page, or the stages with what plays and trains them */
  whole: boolean;
  autoplay: boolean;
}

/** Another budget, of all panels or of one, which a training so far is lost to; null links a panel's to that of the others. */
export interface Restart {
  kind: "restart";
  slot: Slot | null;
  budget: BudgetChoice | null;
}

export type Dialog =
  | { kind: "paste" }
  | { kind: "draw" }
  | { kind: "method"; method: MethodId }
  | Restart
  | ({ kind: "embed" } & Embedding)
  | { kind: "take"; slot: Slot; film: Film | null }
  | { kind: "cost" }
  | { kind: "comparisons" }
  | { kind: "series" }
  | FileDialog;

/** A file that was opened, and what was chosen of it by now. */
export interface OpenedFile {
  name: string;
  source: FileSource;
  options: FileOptions;
}

/** What has to be known of a file before its points are. */
export type FileDialog = { file: OpenedFile } & (
  | { kind: "columns"; columns: Extract<FileAnswer, { kind: "choose" }>["columns"] }
  | Extract<FileAnswer, { kind: "doubt" | "sheet" }>
);

/** One of several trainings in turn: all panels once. */
export interface SeriesRun {
  seed: number;
  /** of the knob that is swept; null where none is */
  value: number | null;
}

export interface RunSeries {
  /** "seed", or the knob's title */
  title: string;
  /** its place, as `KNOBS` has it; null where seeds alone are run */
  place: string | null;
  runs: readonly SeriesRun[];
  /** finished */
  done: number;
  /** "stopped" also where a run could not be made */
  phase: "running" | "stopping" | "stopped" | "done";
}

/** What the charts of quality show. */
export type Quality = "slicedW2" | "kl";

/** The parts of the page that can be left out, by the names that a link's `hide` takes. */
export const PARTS = [
  "title",
  "share",
  "comparisons",
  "data",
  "knobs",
  "engine",
  "training",
  "time",
  "layers",
  "options",
  "evidence",
] as const;
export type Part = (typeof PARTS)[number];

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Who has how much of the screen. */
export interface Room {
  /** the settings: away, over the stages for a while, or beside them */
  drawer: "closed" | "open" | "pinned";
  /** the evidence, below the first screen or beside the stages */
  evidence: "below" | "beside";
}

/** Seconds for a training step, by what it was of: the newest last. */
export type Paces = Readonly<Record<string, number>>;

export interface State {
  setup: Setup;
  user: UserData | null;
  view: View;
  /** left to right */
  panels: readonly PanelState[];
  /** every finished training on this machine, of every seed */
  results: readonly Result[];
  /** how fast trainings went here */
  paces: Paces;
  /** the runs that were asked for in one action; null before any */
  series: RunSeries | null;
  quality: Quality;
  /** the sliced W₂² that all panels are held to; null where nobody moved it */
  qualityLine: number | null;
  /** in the order of the table */
  columns: readonly ColumnId[];
  /** whether losses are shown as what they are above their floors, where those are known */
  aboveFloor: boolean;
  hidden: readonly Part[];
  /** the page that all of this can be opened on, where it is a part of someone else's; null on that page itself */
  site: string | null;
  theme: Theme;
  room: Room;
  /** to someone who is here for the first time */
  offersTour: boolean;
  engine: EngineState;
  notice: Notice | null;
  /** the training that something took the place of, and that can be brought back: how many steps it was; null without one */
  left: { steps: number } | null;
  /** the panels whose options are unfolded */
  unfolded: readonly Slot[];
  /** what the reader asked about: a layer, a knob, a column */
  explained: string | null;
  /** the mark under the pointer, for as long as it is there */
  pointed: string | null;
  dialog: Dialog | null;
  /** what was drawn by hand, while its dialog is closed too; null before the first stroke */
  drawing: Drawing | null;
  /** what is asked once the dialog that is open is closed */
  question: FileDialog | null;
}

export type Change = (state: State) => State;
