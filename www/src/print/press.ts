// When a playground is printed: by its own button, by the browser's menu, or by whoever makes handouts.
import { evidenceCode } from "../controls/evidence-section";
import type { EvidenceCharts } from "../drawn/evidence";
import type { Stages } from "../drawn/stages";
import { Late } from "../late";
import type { Change, Slot, State } from "../state/state";

/** After all that is looked at. */
const LOAD_MS = 2000;
/** Until what has come is in the page, and has told its size. */
const PLACED_MS = 200;
const handout = new Late(() => import("./handout"));

/** Whose it is. */
interface PressHost {
  readonly state: State;
  change(change: Change): void;
  link(): string | null;
}

export class Press {
  readonly #host: HTMLElement;
  readonly #owner: PressHost;
  readonly #stages: Stages;
  readonly #evidence: EvidenceCharts;
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
  }

  /** Asked for by the browser's own menu, what is printed must be there at once. */
  prepare(signal: AbortSignal): void {
    // A timer would hold what was removed meanwhile.
    if (signal.aborted) return;
    const loading = setTimeout(() => void this.#load().catch(() => undefined), LOAD_MS);
    signal.addEventListener("abort", () => clearTimeout(loading));
  }

  async print(): Promise<void> {
    await this.layOut();
    print();
  }

  /** Puts the handout into the page, where only paper shows it. */
  async layOut(): Promise<void> {
    const charts = this.#owner.state.hidden.includes("evidence") ? null : this.#evidence.loaded();
    await Promise.all([charts, this.#load()]);
    this.#layOut();
  }

  async #load(): Promise<void> {
    const isShown = !this.#owner.state.hidden.includes("evidence");
    await Promise.all([handout.load(), ...(isShown ? [this.#loadEvidence()] : [])]);
  }

  async #loadEvidence(): Promise<void> {
    const isThere = evidenceCode.now !== null;
    await evidenceCode.load();
    if (isThere) return;
    this.#owner.change((state) => ({ ...state }));
    await new Promise((resolve) => setTimeout(resolve, PLACED_MS));
  }

  #layOut(): void {
    const { state } = this.#owner;
    this.#stages.drawAll();
    this.#evidence.drawAll(state);
    const scene = (slot: Slot) => this.#stages.shown(slot)?.scene ?? null;
    this.#handout?.remove();
    this.#handout = handout.now?.handoutOf(this.#host, state, scene, this.#owner.link());
    if (this.#handout) this.#host.prepend(this.#handout);
  }
}
