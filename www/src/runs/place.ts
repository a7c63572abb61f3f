// Where a run is shown: its panel's part of the state, until the panel is closed.
import { messageOf } from "../engine/error";
import { FlowError } from "../library";
import type { Picture } from "../stage/frame";
import type { DrawnFrom } from "../state/keys";
import { changePanel, changePicture, panelAt } from "../state/panel";
import type { Change, PanelState, Slot, State } from "../state/state";

/** After which nothing answers, because no other engine could take its place. */
const WITHOUT_ENGINE: readonly string[] = ["engine-lost", "engine-unavailable"];

export interface PanelHost {
  readonly state: State;
  change(change: Change): void;
}

export class Place {
  readonly slot: Slot;
  readonly #host: PanelHost;
  #closed = false;

  constructor(slot: Slot, host: PanelHost) {
    this.slot = slot;
    this.#host = host;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** From now on nothing is shown here. */
  close(): void {
    this.#closed = true;
  }

  /** Of the whole page's what pictures and measurements depend on. */
  get state(): DrawnFrom {
    return this.#host.state;
  }

  get panel(): PanelState | undefined {
    return panelAt(this.#host.state, this.slot);
  }

  change(change: Change): void {
    if (!this.#closed) this.#host.change(change);
  }

  changePanel(part: Partial<PanelState>): void {
    this.change(changePanel(this.slot, part));
  }

  changePicture(part: Partial<Picture>): void {
    this.change(changePicture(this.slot, part));
  }

  fail(error: unknown): void {
    this.changePanel({ phase: "failed", error: messageOf(error) });
  }

  /** What one question is refused for is said once; only without an engine can nothing be gone on with. */
  stumble(error: unknown): void {
    if (error instanceof FlowError && !WITHOUT_ENGINE.includes(error.code)) this.changePanel({ error: error.message });
    else this.fail(error);
  }
}
