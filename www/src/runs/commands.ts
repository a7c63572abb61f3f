// What all trainings are told together, one request after the other. What calls what, from whoever asks to the engine:
//
//   controls, elements ──▶ Commands ──▶ Openings ◀── Engines      which panels need a new run, and where it computes
//                             │            │
//                             ▼            ▼
//   every frame ───────▶   Bench ──▶ Panel, one a run             side by side, asleep while nobody looks
//                                       │
//                       ┌───────────────┼────────────────┐
//                       ▼               ▼                ▼
//                 PanelTraining       Upkeep ──────▶   Place      its part of the state, until it is closed
//                       │               │ asks for what schedule says is due: pictures, measurements
//                       ▼               ▼
//                   Run.train     Run.sample, Run.measure, …      the library

import { count } from "../engine/arguments";
import { isHeavy } from "../experiment/networks";
import { msg } from "../language";
import { needsNewRun, panelAt } from "../state/panel";
import { changeSetup } from "../state/setup";
import type { Change, PanelState, Slot, State } from "../state/state";
import { showDialog } from "../state/talk";
import { costOf, trainingLabel } from "../state/training";
import type { Bench } from "./bench";
import type { Openings } from "./openings";

/** Longer than this is said before it is begun. */
const LONG_SECONDS = 300;
/** They tell what one of those takes that take no time. */
const FEW_STEPS = 10;

export class Commands {
  readonly #now: () => State;
  readonly #change: (change: Change) => void;
  readonly #openings: Openings;
  readonly #bench: Bench;
  /** where a reader drags to, as a share of the training; null while nobody does */
  #rewindTo: number | null = null;
  /** how often what was under way was to stop */
  #pauses = 0;

  constructor(state: () => State, change: (change: Change) => void, openings: Openings, bench: Bench) {
    this.#now = state;
    this.#change = change;
    this.#openings = openings;
    this.#bench = bench;
  }

  /** Resolves once all rest; rejects where a run fails or can't be begun. */
  async train(numSteps?: number): Promise<void> {
    if (numSteps !== undefined) count("numSteps", numSteps);
    let rest: Promise<void> | undefined;
    await this.#openings.inTurn(async () => {
      // Not within the turn, so that it can be paused.
      if (await this.#openings.prepareTraining()) rest = this.#train(numSteps);
    });
    await rest;
    const { panels, notice } = this.#now();
    const failed = panels.find(({ phase }) => phase === "failed");
    if (failed || rest === undefined)
      throw new Error(failed?.error ?? notice?.text ?? msg("It can't be trained as it is set."));
  }

  /** At once, whatever is waited for in turn; and after that, what that has started. */
  async pause(): Promise<void> {
    this.#pauses++;
    const inTurn = this.#openings.inTurn(() => this.#bench.pause());
    await Promise.all([this.#bench.pause(), inTurn]);
  }

  toggle(): void {
    // What the button said when it was pressed, whatever is being opened before it is done.
    const isPausing = trainingLabel(this.#now()) === "pause";
    void (isPausing ? this.pause() : this.#openings.inTurn(() => this.#startAll()));
  }

  trainOneStep(): Promise<void> {
    return this.#openings.inTurn(async () => {
      if (await this.#openings.prepareTraining()) await this.#train(1);
    });
  }

  reset(): Promise<void> {
    return this.#openings.inTurn(async () => {
      const { panels } = this.#now();
      if (!panels.some(needsNewRun) && (await this.#bench.reset())) return;
      await this.#bench.pause();
      for (const { slot } of this.#now().panels) this.#openings.makeDue(slot);
      await this.#openings.begin();
    });
  }

  /** The same again with the next seed, to its end. */
  async repeat(): Promise<void> {
    const { seed } = this.#now().setup;
    if (await this.#openings.restart(changeSetup({ seed: seed + 1 })))
      void this.#openings.inTurn(() => this.#startAll());
  }

  /** What was done is gone on with at once. */
  addRound(slot: Slot): Promise<void> {
    return this.#openings.inTurn(async () => {
      const wasDone = (panelAt(this.#now(), slot)?.spent ?? 0) >= 1;
      await this.#bench.panel(slot)?.addRound();
      if (wasDone) void this.#bench.train([slot]);
    });
  }

  /** Back in all trainings while a reader drags: the newest place asked for, several while one is on its way being one. */
  rewind(share: number): void {
    const isUnderWay = this.#rewindTo !== null;
    this.#rewindTo = share;
    if (!isUnderWay) void this.#openings.inTurn(() => this.#rewind());
  }

  async #rewind(): Promise<void> {
    try {
      await this.#bench.pause();
      for (let next = this.#rewindTo; next !== null; next = this.#rewindTo === next ? null : this.#rewindTo) {
        await this.#bench.rewind(next);
      }
    } finally {
      this.#rewindTo = null;
    }
  }

  async #startAll(): Promise<void> {
    if (await this.#openings.prepareTraining()) void this.#trainKnowingly();
  }

  /** What may take hours is begun with as few steps as tell so, and gone on with where it doesn't, or is asked for then. */
  async #trainKnowingly(): Promise<void> {
    const isUnknown = ({ experiment, step, firstStep }: PanelState) =>
      experiment !== null && isHeavy(experiment) && step === firstStep;
    if (this.#now().panels.some(isUnknown)) {
      const pauses = this.#pauses;
      const unfinished = this.#now().panels.filter(({ spent }) => spent < 1);
      const first = unfinished.map((panel) => this.#bench.train([panel.slot], isUnknown(panel) ? 1 : fewSteps(panel)));
      await Promise.all(first);
      if (pauses !== this.#pauses) return;
      const { panels } = this.#now();
      if (panels.some((panel) => (costOf(panel)?.inAll ?? 0) > LONG_SECONDS))
        return this.#change(showDialog({ kind: "cost" }));
    }
    await this.#train();
  }

  #train(numSteps?: number): Promise<void> {
    const slots = this.#now().panels.map(({ slot }) => slot);
    return this.#bench.train(slots, numSteps);
  }
}

/** Never more than its budget leaves. How many steps go into seconds or evaluations is not known before the first. */
function fewSteps({ budget, step }: PanelState): number {
  const isOfSteps = budget.seconds === null && budget.networkEvaluations === null;
  return isOfSteps ? Math.min(FEW_STEPS, budget.steps - step) : 1;
}
