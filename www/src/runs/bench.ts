// The runs side by side: started, trained, paused and reset together, or one of them alone.
import { arePixels } from "../experiment/pictures";
import { type BudgetChoice, experimentFor, type PanelChoice } from "../experiment/presets";
import { shippedFor } from "../experiment/shipped";
import type { Engine, RunInput } from "../library";
import { EMPTY_PICTURE, type Picture } from "../stage/frame";
import type { TrainedOn } from "../state/keys";
import { changePanel, changePicture, movedTo, panelAt, untrained } from "../state/panel";
import type { Origin, Slot } from "../state/state";
import { say } from "../state/talk";
import { type Again, Panel } from "./panel";
import type { PanelHost } from "./place";
import { pretrainedWeights } from "./pretrained";

/** A run to be started: where, and with which weights. */
type Asked = {
  slot: Slot;
  engine: Engine;
  origin: Origin;
  weights?: Uint8Array;
  firstBudget?: BudgetChoice;
  /** what training goes on from */
  checkpoint?: Uint8Array;
} & PanelChoice;

/** What runs are started from, and which panels get a new one. */
export type Start = Omit<TrainedOn, "panels"> & { panels: readonly Asked[] };

interface OpenedRun {
  panel: Panel;
  origin: Origin;
  picture: Partial<Picture>;
}

/** Null where all panels were given new runs; else what the first was refused for. */
export type RefusedRun = { slot: Slot; reason: unknown } | null;

export class Bench {
  readonly #host: PanelHost;
  readonly #panels = new Map<Slot, Panel>();
  #asleep = false;

  constructor(host: PanelHost) {
    this.#host = host;
  }

  /**
   * Gives panels new runs, all of them or none: what is on screen stays until the new is there, and for good if the new
   * is refused.
   */
  async begin(start: Start): Promise<RefusedRun> {
    const attempts = await Promise.allSettled(start.panels.map((one) => this.#open(one, start)));
    const opened = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    for (const [i, attempt] of attempts.entries()) {
      const slot = start.panels[i]?.slot;
      if (attempt.status === "fulfilled" || slot === undefined) continue;
      for (const { panel } of opened) panel.dispose();
      return { slot, reason: attempt.reason };
    }
    for (const one of opened) this.#introduce(one);
    return null;
  }

  /** Those that aren't training already, for so many steps or until their budgets are spent. */
  async train(slots: readonly Slot[], numSteps?: number): Promise<void> {
    await Promise.all(slots.map((slot) => this.#panels.get(slot)?.train(numSteps)));
  }

  async pause(slots: readonly Slot[] = [...this.#panels.keys()]): Promise<void> {
    await Promise.all(slots.map((slot) => this.#panels.get(slot)?.pause()));
  }

  /** The same initial weights again. False if a run is no longer able to. */
  async reset(): Promise<boolean> {
    try {
      await Promise.all([...this.#panels.values()].map((panel) => panel.reset()));
      return true;
    } catch {
      return false;
    }
  }

  async rewind(share: number): Promise<void> {
    await Promise.all([...this.#panels.values()].map((panel) => panel.rewind(share)));
  }

  /** Nothing trains while nobody looks. */
  sleep(asleep: boolean): void {
    this.#asleep = asleep;
    for (const panel of this.#panels.values()) asleep ? panel.sleep() : panel.wake();
  }

  keepUp(nowMs: number): void {
    if (this.#asleep) return;
    for (const panel of this.#panels.values()) panel.keepUp(nowMs);
  }

  /** Whether all of these are there and at rest, with their pictures. */
  isSettled(slots: readonly Slot[]): boolean {
    return slots.every((slot) => this.#panels.get(slot)?.isSettled ?? false);
  }

  panel(slot: Slot): Panel | undefined {
    return this.#panels.get(slot);
  }

  /** Everyone on the device that is meant for it, in the middle of training too. Resolves with why any stays where it is. */
  async moveAll(engine: Engine): Promise<unknown[]> {
    const moves = [...this.#panels.values()].map(async ({ run, slot }) => {
      const { device, reason } = engine.placementOf(run.experiment);
      try {
        await run.moveTo(device, reason);
      } catch (error) {
        // Given another run meanwhile, its panel has nothing to tell of this one.
        return this.#panels.get(slot)?.run === run ? [error] : [];
      }
      return [];
    });
    return (await Promise.all(moves)).flat();
  }

  /** Ends a panel's run. */
  close(slot: Slot): void {
    this.#panels.get(slot)?.dispose();
    this.#panels.delete(slot);
  }

  async #open(choice: Asked, { setup, user }: Start): Promise<OpenedRun> {
    const { slot, engine, origin, method, own, options, firstBudget, checkpoint } = choice;
    const weights =
      choice.weights ?? (origin === "pretrained" ? await pretrainedWeights(shippedFor(choice, setup)) : null);
    const owned = (own.data ?? setup.data) === "points" ? user : null;
    // Begun with the first of its budgets, where it went on with others.
    const experiment = experimentFor(
      firstBudget ? { ...choice, own: { ...own, budget: firstBudget } } : choice,
      setup,
      owned,
    );
    const data = owned && arePixels(owned.columns) ? ({ kind: "pictures" } as const) : experiment.data;
    const { pointsOnSpace } = owned && setup.angles !== "none" ? await import("../experiment/angles") : {};
    const input: RunInput = {
      ...(owned &&
        (pointsOnSpace?.(owned.points, setup.angles) ?? { points: owned.points, dim: owned.columns.length })),
      ...(owned?.labels && { labels: owned.labels.of, classes: owned.labels.classes }),
      ...(owned?.observed && { numbers: owned.observed.of, names: [owned.observed.column] }),
    };
    const run = await engine.run(
      { ...experiment, ...(data && { data }) },
      {
        ...input,
        ...(weights && { weights }),
        ...(checkpoint && { checkpoint }),
        onPlaced: ({ device, reason, isReplacement = false }) => {
          this.#host.change(movedTo(slot, device, reason));
          if (isReplacement) this.#host.change(say({ kind: "info", at: "engine", text: reason }));
        },
      },
    );
    const again: Again = (weights, probes) =>
      engine.run({ ...run.experiment, divergence: { probes } }, { ...input, weights });
    const panel = new Panel({ slot, choice: { method, own, options }, run, points: owned, again }, this.#host);
    try {
      return {
        panel,
        origin: weights === null && checkpoint === undefined ? "seed" : origin,
        picture: await panel.firstPicture(),
      };
    } catch (error) {
      panel.dispose();
      throw error;
    }
  }

  #introduce({ panel, origin, picture }: OpenedRun): void {
    const { slot, choice } = panel;
    // Closed by the reader while it was being opened, or given another method, which is due then.
    const shown = panelAt(this.#host.state, slot);
    const parts = ["method", "own", "options"] as const;
    if (shown === undefined || parts.some((part) => shown[part] !== choice[part])) {
      panel.dispose();
      return;
    }
    this.close(slot);
    this.#panels.set(slot, panel);
    if (this.#asleep) panel.sleep();
    this.#host.change(changePanel(slot, { ...choice, floor: null }));
    this.#host.change(untrained(slot, panel.opened(origin)));
    this.#host.change(changePicture(slot, { ...EMPTY_PICTURE, ...picture }));
  }
}
