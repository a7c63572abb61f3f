// One panel's run: opened, trained, gone back with, and ended.

import type { ExperimentInput } from "../experiment/experiment";
import { NO_LOSSES } from "../experiment/losses";
import { numRounds } from "../experiment/methods";
import { whyNoLikelihood } from "../experiment/networks";
import type { BudgetChoice, PanelChoice } from "../experiment/presets";
import { withAnotherRound } from "../experiment/rounds";
import { spaceOfRun } from "../experiment/spaces";
import { msg } from "../language";
import type { Run } from "../library";
import type { Picture } from "../stage/frame";
import { loadLayersOnSpaces } from "../stage/layers";
import { sawPace } from "../state/pace";
import {
  advanced,
  changePanel,
  changePicture,
  choiceOf,
  type KeptPanel,
  keptTraining,
  type Opened,
  progressed,
  rewound,
  untrained,
} from "../state/panel";
import type { Origin, PanelState, Slot, UserData } from "../state/state";
import { type PanelHost, Place } from "./place";
import { PanelTraining } from "./training";
import { Upkeep } from "./upkeep";
import { Ways } from "./ways";

type Begun = Pick<Panel, "slot" | "choice" | "run" | "points">;

/** Another run of the same data and weights, that estimates divergences by so many probes. */
export type Again = (weights: Uint8Array, probes: number) => Promise<Run>;

export class Panel {
  readonly slot: Slot;
  readonly choice: PanelChoice;
  readonly run: Run;
  /** the reader's, if it was started on them */
  readonly points: UserData | null;
  readonly #again: Again;
  readonly #place: Place;
  readonly #upkeep: Upkeep;
  readonly #ways = new Ways();
  readonly #training: PanelTraining;
  /** what was on screen when its training was to be kept, and what came since; null while nobody keeps it */
  #keeping: PanelState | null = null;
  #kept: Promise<unknown> = Promise.resolve();

  constructor({ slot, choice, run, points, again }: Begun & { again: Again }, host: PanelHost) {
    this.slot = slot;
    this.choice = choice;
    this.run = run;
    this.points = points;
    this.#again = again;
    this.#place = new Place(slot, host);
    this.#upkeep = new Upkeep(choice, run, this.#place);
    this.#training = new PanelTraining(run, (progress) => {
      const before = this.#place.panel?.seconds ?? 0;
      this.#place.change(progressed(slot, progress));
      if (Math.floor(progress.seconds) > Math.floor(before)) this.#place.change(sawPace(slot));
      if (this.#keeping !== null) this.#keeping = advanced(this.#keeping, progress);
    });
  }

  async firstPicture(): Promise<Partial<Picture>> {
    if (spaceOfRun(this.run.experiment.data) !== null) await loadLayersOnSpaces();
    const decoder = await this.#ways.decoder(this.run.experiment.data.kind);
    return { decoder, ...(await this.#upkeep.firstPicture()) };
  }

  /** Whether it is at rest, with all that is shown of it up to date. */
  get isSettled(): boolean {
    return this.#upkeep.isSettled;
  }

  keepUp(nowMs: number): void {
    this.#ways.draw(this.#place, nowMs);
    this.#upkeep.keepUp(nowMs);
  }

  opened(origin: Origin): Opened {
    const { device, deviceReason, training, experiment, dim, classes, numbers } = this.run;
    const { center, scale } = this.#upkeep.plane();
    const where = { device, deviceReason };
    return {
      origin,
      experiment,
      points: this.points,
      firstStep: this.run.step,
      ...where,
      dim,
      whyNoDensity: whyNoLikelihood(this.run) ?? null,
      likelihood: this.#upkeep.likelihood.isThere ? { seconds: null, share: null, isWhole: false } : null,
      whyNoTruth: this.#upkeep.whyNoTruth,
      classes,
      numbers,
      center,
      scale,
      spent: training.spent,
      seconds: training.seconds,
      networkEvaluations: training.networkEvaluations,
      round: training.round,
      budget: this.#budget,
    };
  }

  /** Trains for so many steps or to the end of the budget, but not beyond it. Sleep interrupts it and does not end it. */
  async train(numSteps?: number): Promise<void> {
    if (this.run.training.spent >= 1 || this.#training.isUnderWay) return;
    this.#place.changePanel({ phase: "training", error: null });
    try {
      const isLast = await this.#training.train(numSteps);
      if (isLast && this.#place.panel?.phase === "training") this.#place.changePanel({ phase: "ready" });
    } catch (error) {
      this.#place.fail(error);
    }
  }

  async pause(): Promise<void> {
    await this.#training.pause().catch((error) => this.#place.fail(error));
  }

  /** Where nobody sees it, it does not compute. */
  sleep(): void {
    this.#training.sleep((error) => this.#place.fail(error));
  }

  wake(): void {
    this.#training.wake();
  }

  async reset(): Promise<void> {
    this.#training.stop();
    await this.run.reset();
    this.#upkeep.jumped();
    // Weights from a file are where it starts again.
    const origin = this.#place.panel?.origin === "loaded" ? "loaded" : "seed";
    this.#place.change(untrained(this.slot, this.opened(origin)));
    this.#place.change(
      changePicture(this.slot, { density: null, field: null, lattice: null, inspection: null, learned: null }),
    );
  }

  /** Back, or forward again, to the share of the training there has been. */
  async rewind(share: number): Promise<void> {
    const { losses, step, firstStep } = this.#place.panel ?? { losses: NO_LOSSES, step: 0, firstStep: 0 };
    const asked = firstStep + Math.round(share * losses.count);
    if (losses.count === 0 || asked === step) return;
    try {
      let reached = await this.run.rewind(asked);
      // Between two snapshots, forward means the next one.
      const next = asked > step && reached.step === step && (await this.run.snapshots()).find((one) => one > step);
      if (next) reached = await this.run.rewind(next);
      this.#upkeep.jumped();
      this.#place.change(rewound(this.slot, reached));
      this.#place.changePanel({ phase: "ready", error: null });
    } catch (error) {
      this.#place.stumble(error);
    }
  }

  /** Goes on with `budget` from where it stands, which is after `before`. What it is refused for is said in the panel. */
  async extend(budget: ExperimentInput["budget"], before: BudgetChoice): Promise<boolean> {
    try {
      await this.run.extend(budget);
    } catch (error) {
      this.#place.stumble(error);
      return false;
    }
    const { experiment, training } = this.run;
    const earlier = this.#place.panel?.extended ?? [];
    // A budget that nothing was trained under is none of its budgets.
    const extended =
      (earlier.at(-1)?.step ?? 0) < training.step ? [...earlier, { step: training.step, budget: before }] : earlier;
    this.#place.changePanel({ spent: training.spent, budget: this.#budget, experiment, extended, error: null });
    return true;
  }

  /** One more block or reflow. What it is refused for is said in the panel. */
  async addRound(): Promise<void> {
    try {
      await this.run.addRound();
      const { experiment, training } = this.run;
      this.#place.changePanel({ spent: training.spent, budget: this.#budget, experiment });
      const { setup } = this.#place.state;
      this.#place.change(changePanel(this.slot, (panel) => withAnotherRound(choiceOf(panel), setup, experiment)));
    } catch (error) {
      this.#place.stumble(error);
    }
  }

  /** By a run of its own, which this one's answers don't wait for. */
  async measureLikelihood(): Promise<void> {
    try {
      await this.#upkeep.measureLikelihood(async (probes) => this.#again(await this.run.weights(), probes));
    } catch (error) {
      this.#place.stumble(error);
    }
  }

  stopLikelihood(): void {
    this.#upkeep.likelihood.stop();
  }

  /** What to go on from later, whether it trains or rests, beside what is on screen of it now. */
  keep(shown: PanelState): Promise<KeptPanel> {
    this.#keeping = shown;
    const kept = this.#keep();
    this.#kept = kept
      .catch(() => undefined)
      .then(() => {
        this.#keeping = null;
      });
    return kept;
  }

  async #keep(): Promise<KeptPanel> {
    const { origin = "seed" } = this.#keeping ?? {};
    const hasNone = this.run.numParameters === 0 || origin === "pretrained";
    const { bytes = null, step } = hasNone ? { step: this.run.step } : await this.run.checkpoint();
    const panel = this.#keeping;
    if (panel === null) throw new Error(msg("It was kept once more meanwhile."));
    return { ...keptTraining(panel, step), origin, checkpoint: bytes, weights: null };
  }

  /** Nothing is seen of it any more; its run ends when what is to be kept of it is told. */
  dispose(): void {
    this.#place.close();
    this.#upkeep.likelihood.stop();
    this.#training.stop();
    if (this.#keeping === null) this.run.dispose();
    else void this.#kept.finally(() => this.run.dispose());
  }

  get #budget(): PanelState["budget"] {
    const { budget, method } = this.run.experiment;
    const { steps, seconds = null, networkEvaluations = null } = budget;
    return { steps, seconds, networkEvaluations, rounds: numRounds(method) };
  }
}
