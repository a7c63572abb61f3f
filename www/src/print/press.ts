// When a playground is printed: by its own button, by the browser's menu, or by whoever makes handouts.
import type { EvidenceCharts } from "../drawn/evidence";
import type { Stages } from "../drawn/stages";
import type { Slot, State } from "../state/state";

/** After all that is looked at. */
const LOAD_MS = 2000;

/** Whose it is. */
interface PressHost {
  readonly state: State;
  link(): string | null;
}

export class Press {
  readonly #host: HTMLElement;
  readonly #owner: PressHost;
  readonly #stages: Stages;
  readonly #evidence: EvidenceCharts;
  #loaded: typeof import("./handout") | undefined;
  #handout: HTMLElement | undefined;

  constructor(host: HTMLElement, owner: PressHost, stages: Stages, evidence: EvidenceCharts) {
    this.#host = host;
    this.#owner = owner;
    this.#stages = stages;
    this.#evidence = evidence;
  }

  /** Until `signal` is aborted. */
  listen(signal: AbortSignal): void {
    addEventListener("beforeprint", () => this.#layOut(), { signal });
    addEventListener("afterprint", () => this.#handout?.remove(), { signal });
    // Asked for by the browser's own menu, it must be there at once.
    const loading = setTimeout(() => void this.#load().catch(() => undefined), LOAD_MS);
    signal.addEventListener("abort", () => clearTimeout(loading));
  }

  async print(): Promise<void> {
    await this.layOut();
    print();
  }

  /** Puts the handout into the page, where only paper shows it. */
  async layOut(): Promise<void> {
    if (!this.#owner.state.hidden.includes("evidence")) await this.#evidence.loaded();
    await this.#load();
    this.#layOut();
  }

  async #load(): Promise<void> {
    this.#loaded ??= await import("./handout");
  }

  #layOut(): void {
    const { state } = this.#owner;
    this.#stages.drawAll();
    this.#evidence.drawAll(state);
    const scene = (slot: Slot) => this.#stages.shown(slot)?.scene ?? null;
    this.#handout?.remove();
    this.#handout = this.#loaded?.handoutOf(this.#host, state, scene, this.#owner.link());
    if (this.#handout) this.#host.prepend(this.#handout);
  }
}
