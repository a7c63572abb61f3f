// The two runs side by side: started, trained, paused and reset together.
import { budgetOf, experimentFor, METHODS, type MethodKind, pretrainedUrl, type Setup } from "./experiment/presets";
import type { Engine } from "./library";
import { Panel, type PanelHost } from "./panel";
import type { Picture } from "./stage/frame";
import {
  changePanel,
  changePicture,
  changeSetup,
  type Origin,
  say,
  type UserData,
  untrained,
  useUserData,
} from "./state";

/** What both runs are started from. */
export interface Start {
  engine: Engine;
  setup: Setup;
  user: UserData | null;
  origin: Origin;
}

interface Opened {
  panel: Panel;
  origin: Origin;
  picture: Picture;
}

export class Duel {
  readonly #host: PanelHost;
  #panels: readonly Panel[] = [];

  constructor(host: PanelHost) {
    this.#host = host;
  }

  /**
   * Replaces both runs by new ones, whole or not at all: what is on screen stays until the new is there, and for good
   * if the new is refused. True if it was replaced.
   */
  async begin(start: Start): Promise<boolean> {
    const attempts = await Promise.allSettled(METHODS.map((method) => this.#open(method, start)));
    const opened = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    const refused = attempts.find((attempt) => attempt.status === "rejected");
    if (refused !== undefined) {
      for (const { panel } of opened) panel.dispose();
      this.#refuse(refused.reason);
      return false;
    }
    for (const panel of this.#panels) panel.dispose();
    this.#panels = opened.map(({ panel }) => panel);
    this.#host.change(changeSetup(start.setup));
    if (start.setup.data === "points" && start.user !== null) this.#host.change(useUserData(start.user));
    for (const one of opened) this.#introduce(one);
    return true;
  }

  async train(numSteps?: number): Promise<void> {
    await Promise.all(this.#panels.map((panel) => panel.train(numSteps ?? budgetOf(panel.method))));
  }

  async pause(): Promise<void> {
    await Promise.all(this.#panels.map((panel) => panel.pause()));
  }

  /** The same initial weights again. False if a run is no longer able to. */
  async reset(): Promise<boolean> {
    try {
      await Promise.all(this.#panels.map((panel) => panel.reset()));
      return true;
    } catch {
      return false;
    }
  }

  keepUp(nowMs: number): void {
    for (const panel of this.#panels) panel.keepUp(nowMs);
  }

  panel(method: MethodKind): Panel | undefined {
    return this.#panels.find((panel) => panel.method === method);
  }

  async #open(method: MethodKind, { engine, setup, user, origin }: Start): Promise<Opened> {
    const weights = origin === "pretrained" ? await pretrainedWeights(method) : null;
    const points = setup.data === "points" ? user?.points : undefined;
    const run = await engine.run(experimentFor(method, setup), {
      ...(points && { points }),
      ...(weights && { weights }),
    });
    const panel = new Panel(method, run, this.#host);
    try {
      return { panel, origin: weights === null ? "seed" : "pretrained", picture: await panel.firstPicture() };
    } catch (error) {
      panel.dispose();
      throw error;
    }
  }

  #introduce({ panel, origin, picture }: Opened): void {
    const { method, run } = panel;
    const { center, scale } = run.scaling;
    this.#host.change(untrained(method, origin));
    this.#host.change(changePanel(method, { device: run.device, center, scale }));
    this.#host.change(changePicture(method, picture));
  }

  #refuse(reason: unknown): void {
    const text = reason instanceof Error ? reason.message : String(reason);
    this.#host.change(say({ kind: "error", text }));
    for (const method of METHODS) {
      // Where nothing runs yet, the panels must not say that they are starting.
      if (this.panel(method) === undefined) this.#host.change(changePanel(method, { phase: "failed", error: text }));
    }
  }
}

/** Null where they can't be fetched: then the panel opens with the seed's initial weights. */
async function pretrainedWeights(method: MethodKind): Promise<Uint8Array | null> {
  try {
    const response = await fetch(pretrainedUrl(method));
    const isPage = response.headers.get("content-type")?.startsWith("text/html");
    return response.ok && !isPage ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
