// What a reader takes along: a link, and files.
import type { TakeAwayActions } from "./controls/actions";
import type { Stages } from "./drawn/stages";
import { csvFromPoints } from "./experiment/csv";
import { samplerFor } from "./experiment/presets";
import { TOO_MANY_FOR_LINK } from "./link/points";
import type { Bench } from "./runs/bench";
import { panelAt } from "./state/panel";
import type { Change, Notice, Slot, State } from "./state/state";
import { say } from "./state/talk";

const NUM_SAMPLES = 2000;

/** Whose it is. */
interface Owner {
  readonly state: State;
  link(): string | null;
}

export class TakeAway implements TakeAwayActions {
  readonly #owner: Owner;
  readonly #change: (change: Change) => void;
  readonly #bench: Bench;
  readonly #stages: Stages;

  constructor(owner: Owner, change: (change: Change) => void, bench: Bench, stages: Stages) {
    this.#owner = owner;
    this.#change = change;
    this.#bench = bench;
    this.#stages = stages;
  }

  link(): string | null {
    return this.#owner.link();
  }

  async copyLink(): Promise<void> {
    const url = this.link();
    if (url === null) return this.#tell("error", TOO_MANY_FOR_LINK);
    await this.copy(url, "Copied: the link opens all of this as it is now.");
  }

  async copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#tell("info", done);
    } catch {
      this.#tell("error", "This browser lets the page copy nothing: the address bar has the link.");
    }
  }

  /** In the data's own units and under their own names. */
  async samples(slot: Slot): Promise<void> {
    const panel = this.#bench.panel(slot);
    if (panel === undefined) return;
    const { setup, user } = this.#owner.state;
    const { method, own } = panel.choice;
    const isOwnPoints = (own.data ?? setup.data) === "points";
    const { run } = panel;
    const points = await run.sample(NUM_SAMPLES, samplerFor(method, setup));
    const names = run.dim === 2 ? ["x", "y"] : Array.from({ length: run.dim }, (_, j) => `x${j + 1}`);
    const columns = isOwnPoints && user !== null ? user.columns : names;
    save(csvFromPoints(points, columns), "text/csv", `${method}-samples.csv`);
  }

  picture(slot: Slot): void {
    const svg = this.#stages.svg(slot);
    const method = panelAt(this.#owner.state, slot)?.method;
    if (svg !== null && method !== undefined) save(svg, "image/svg+xml", `${method}.svg`);
  }

  #tell(kind: Notice["kind"], text: string): void {
    this.#change(say({ kind, at: "link", text }));
  }
}

function save(content: BlobPart, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
