import type { FileSource } from "../experiment/answer";
import type { FileOptions } from "../experiment/files";
import type { PanelChoice, PresetId, Setup } from "../experiment/presets";
import type { Camera } from "../stage/view";
import type { AskedBudget } from "../state/extending";
import type { AskedDevice, Change, RunSeries, Slot, State } from "../state/state";

/** What the page around a playground has, and embedded ones have not. */
export type Around = "present" | "tour" | "help";

/** What a control can ask for: a change of the state alone, or something that needs the engine. */
export interface Actions {
  change(change: Change): void;
  toggleTraining(): void;
  trainOneStep(): void;
  /** the training that something took the place of last, as it was */
  undo(): void;
  reset(): void;
  /** the weights as they were at a share of the training so far, 0 to 1 */
  rewind(share: number): void;
  /** what the panels share: all start anew, unless it only draws */
  set(part: Partial<Setup>): void;
  /** another budget: trainings that have begun go on with it */
  extend(asked: AskedBudget): void;
  /** another method, or other options of it, made of what is chosen when its turn comes: that panel starts anew */
  choose(slot: Slot, change: (now: PanelChoice) => PanelChoice): void;
  /** one more, chosen for those that there are by then */
  addPanel(choose: (state: State) => PanelChoice): void;
  removePanel(slot: Slot): void;
  /** one of the comparisons that are offered, in the place of all panels */
  compare(id: PresetId): void;
  /** on this device from now on, those that train included */
  compute(device: AskedDevice): void;
  /** all of it once more with the next seed, to the end of the budget */
  repeat(): void;
  /** runs in turn, and the end of them */
  runSeries(series: RunSeries): void;
  stopSeries(): void;
  /** one more block or reflow */
  addRound(slot: Slot): void;
  /** what takes long to measure: begun or gone on with, and ended where it has come to */
  measureLikelihood(slot: Slot): void;
  stopLikelihood(slot: Slot): void;
  /** a file or pasted text; `options`: what was chosen of it */
  read(source: FileSource, name: string, options?: FileOptions): Promise<void>;
  /** points in two coordinates: drawn by hand; or longitudes and latitudes, looked at from there */
  usePoints(points: Float64Array, name: string, globe?: Camera): void;
  /** a file of weights, from which the panel goes on */
  loadWeights(slot: Slot, file: Blob): void;
  /** what is around; null where there is nothing */
  readonly ask: ((what: Around) => void) | null;
  readonly take: TakeAwayActions;
}

/** What a control shows, and what it asks. */
export interface Shown {
  state: State;
  actions: Actions;
}

/** What is taken along. */
export interface TakeAwayActions {
  /** a link to everything as it is now; null where its points are too many for one */
  link(): string | null;
  /** that link onto the clipboard */
  copyLink(): void;
  /** a text onto the clipboard, and what is said then */
  copy(text: string, done: string): void;
  /** all of it as a file that the page opens again: settings, points, weights, training, view */
  keep(): void;
  /** all of it as a handout, to a printer or a PDF */
  print(): void;
  /** files: tables of numbers */
  results(format: "csv" | "json" | "tex" | "md"): void;
  samples(slot: Slot): void;
  trajectories(slot: Slot): void;
  metrics(slot: Slot): void;
  losses(slot: Slot): void;
  /** a file: "svg", in the colors of light on "white", or PNG with so many pixels for each on the screen */
  picture(slot: Slot, format: "svg" | "white" | number): void;
  film(slot: Slot, format: "gif" | "film"): void;
  experiment(slot: Slot): void;
  weights(slot: Slot): void;
  pytorch(slot: Slot): void;
}
