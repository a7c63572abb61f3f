// The runs side by side: started, trained, paused and reset together, or one of them alone.
import type { MethodId } from "./experiment/methods";
import { experimentFor, pretrainedUrl, type Setup } from "./experiment/presets";
import type { Engine } from "./library";
import { Panel, type PanelHost } from "./panel";
import type { Picture } from "./stage/frame";
import {
  changePanel,
  changePicture,
  changeSetup,
  type Origin,
  type Slot,
  say,
  type UserData,
  untrained,
  useUserData,
} from "./state";

/** What runs are started from. */
export interface Start {
  engine: Engine;
  setup: Setup;
  user: UserData | null;
  origin: Origin;
  /** which panels get a new run, and of what */
  panels: readonly { slot: Slot; method: MethodId }[];
}

interface Opened {
  panel: Panel;
  origin: Origin;
  picture: Picture;
}

export class Bench {
  readonly #host: PanelHost;
  readonly #panels = new Map<Slot, Panel>();

  constructor(host: PanelHost) {
    this.#host = host;
  }

  /**
   * Gives panels new runs, all of them or none: what is on screen stays until the new is there, and for good if the new
   * is refused. True if they were given.
   */
  async begin(start: Start): Promise<boolean> {
    const attempts = await Promise.allSettled(start.panels.map(({ slot, method }) => this.#open(slot, method, start)));
    const opened = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    const refused = attempts.find((attempt) => attempt.status === "rejected");
    if (refused !== undefined) {
      for (const { panel } of opened) panel.dispose();
      this.#refuse(refused.reason);
      return false;
    }
    this.#host.change(changeSetup(start.setup));
    if (start.setup.data === "points" && start.user !== null) this.#host.change(useUserData(start.user));
    for (const one of opened) this.#introduce(one);
    return true;
  }

  /** Those that aren't training already, for so many steps or until their budgets are spent. */
  async train(slots: readonly Slot[], numSteps?: number): Promise<void> {
    await Promise.all(slots.map((slot) => this.#panels.get(slot)?.train(numSteps)));
  }

  async pause(): Promise<void> {
    await Promise.all([...this.#panels.values()].map((panel) => panel.pause()));
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

  keepUp(nowMs: number): void {
    for (const panel of this.#panels.values()) panel.keepUp(nowMs);
  }

  panel(slot: Slot): Panel | undefined {
    return this.#panels.get(slot);
  }

  /** Ends a panel's run before another is there. */
  close(slot: Slot): void {
    this.#panels.get(slot)?.dispose();
    this.#panels.delete(slot);
  }

  async #open(slot: Slot, method: MethodId, { engine, setup, user, origin }: Start): Promise<Opened> {
    const weights = origin === "pretrained" ? await pretrainedWeights(method) : null;
    const points = setup.data === "points" ? user?.points : undefined;
    const run = await engine.run(experimentFor(method, setup), {
      ...(points && { points }),
      ...(weights && { weights }),
    });
    const panel = new Panel(slot, method, run, this.#host);
    try {
      return { panel, origin: weights === null ? "seed" : "pretrained", picture: await panel.firstPicture() };
    } catch (error) {
      panel.dispose();
      throw error;
    }
  }

  #introduce({ panel, origin, picture }: Opened): void {
    this.close(panel.slot);
    this.#panels.set(panel.slot, panel);
    this.#host.change(untrained(panel.slot, panel.opened(origin)));
    this.#host.change(changePicture(panel.slot, picture));
  }

  #refuse(reason: unknown): void {
    const text = reason instanceof Error ? reason.message : String(reason);
    this.#host.change(say({ kind: "error", text }));
    for (const { slot } of this.#host.state.panels) {
      // Where nothing runs yet, the panels must not say that they are starting.
      if (!this.#panels.has(slot)) this.#host.change(changePanel(slot, { phase: "failed", error: text }));
    }
  }
}

/** Null where they can't be fetched: then the panel opens with the seed's initial weights. */
async function pretrainedWeights(method: MethodId): Promise<Uint8Array | null> {
  try {
    const response = await fetch(pretrainedUrl(method));
    const isPage = response.headers.get("content-type")?.startsWith("text/html");
    return response.ok && !isPage ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
