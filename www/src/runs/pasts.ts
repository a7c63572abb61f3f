// Trainings that other data, another method or network took the place of: kept, to be gone on with where they were.
import type { Run } from "../library";
import type { Sharing } from "../sharing";
import { type KeptPanel, keptTraining } from "../state/panel";
import type { Shared } from "../state/shared";
import type { Change, PanelState, Slot, State } from "../state/state";
import { hasTrained } from "../state/training";

/** What was trained for less is trained again as quickly. */
const LEAST_SECONDS = 3;
const MOST_PASTS = 6;
/** A U-Net's training is some 5 MB, a perceptron's a tenth of one. */
const MOST_BYTES = 64 * 2 ** 20;

/** A page as it was left. */
export interface Past {
  shared: Shared;
  panels: Promise<readonly KeptPanel[]>;
}

interface Held extends Past {
  /** training steps of the panel that has most of them */
  steps: number;
  runs: readonly { slot: Slot; run: Run; step: number }[];
  /** under way, each of which may take its place */
  changes: number;
  bytes: number;
}

/** What of a bench is needed. */
export interface Keeping {
  panel(slot: Slot): { run: Run; keep(shown: PanelState): Promise<KeptPanel> } | undefined;
}

export class Pasts {
  readonly #now: () => State;
  readonly #change: (change: Change) => void;
  readonly #bench: Keeping;
  readonly #sharing: Sharing;
  /** the newest last */
  #pasts: Held[] = [];
  #leaving: Held | null = null;

  constructor(state: () => State, change: (change: Change) => void, bench: Keeping, sharing: Sharing) {
    this.#now = state;
    this.#change = change;
    this.#bench = bench;
    this.#sharing = sharing;
  }

  /**
   * Does what may take the place of what is on screen, which is shared as `shared`. What is lost by it was kept before. What is
   * asked for before it is done takes the place of the same: by then the settings are other than those that were trained with.
   */
  async leave<T>(change: () => T | Promise<T>, shared?: Shared): Promise<T> {
    const held = this.#leaving ?? this.#hold(shared ?? this.#sharing.now(this.#now()));
    if (held === null) return change();
    this.#leaveFor(held, 1);
    try {
      return await change();
    } finally {
      this.#leaveFor(held, -1);
      if (held.changes === 0) this.#settle(held);
    }
  }

  #leaveFor(held: Held, changes: 1 | -1): void {
    held.changes += changes;
    this.#leaving = held.changes > 0 ? held : null;
    this.#sharing.isSilent = held.changes > 0;
  }

  /** Offered if it is lost, and not brought back already. */
  #settle(held: Held): void {
    if (!this.#pasts.includes(held)) return;
    const isLost = held.runs.some(({ slot, run, step }) => this.#bench.panel(slot)?.run !== run || run.step < step);
    if (!isLost) {
      this.#drop(held);
      return;
    }
    this.#sharing.leave(held.shared);
    const offered = { steps: held.steps };
    this.#change((state) => ({ ...state, left: offered }));
    // What could not be kept is not offered.
    held.panels.catch(() => this.#change((state) => (state.left === offered ? { ...state, left: null } : state)));
  }

  /** As what is shared so was left; undefined where little was. */
  of(shared: Shared): Past | undefined {
    return this.#pasts.findLast((one) => one.shared === shared);
  }

  /** The last that was left: it is on screen again then. */
  takeNewest(): Past | undefined {
    this.#change((state) => ({ ...state, left: null }));
    return this.#pasts.pop();
  }

  #hold(shared: Shared): Held | null {
    const { panels } = this.#now();
    const isWorthIt = panels.some((panel) => hasTrained(panel) && panel.seconds >= LEAST_SECONDS);
    // Told a while ago, it may be of other panels.
    const isOfThese =
      shared.panels.length === panels.length && panels.every(({ method }, i) => shared.panels[i]?.method === method);
    if (!isWorthIt || !isOfThese) return null;
    const held: Held = {
      shared,
      steps: Math.max(...panels.map(({ step }) => step)),
      panels: Promise.all(panels.map((panel) => this.#bench.panel(panel.slot)?.keep(panel) ?? unkept(panel))),
      runs: panels.flatMap((panel) => {
        const run = hasTrained(panel) ? this.#bench.panel(panel.slot)?.run : undefined;
        return run === undefined ? [] : [{ slot: panel.slot, run, step: run.step }];
      }),
      changes: 0,
      bytes: 0,
    };
    this.#pasts.push(held);
    held.panels.then(
      (kept) => this.#weigh(held, kept),
      () => this.#drop(held),
    );
    return held;
  }

  /** Only so many, and so large, are kept: the oldest go, but never the newest. */
  #weigh(held: Held, kept: readonly KeptPanel[]): void {
    held.bytes = kept.reduce((sum, { checkpoint }) => sum + (checkpoint?.length ?? 0), 0);
    const isTooMuch = () =>
      this.#pasts.length > MOST_PASTS || this.#pasts.reduce((sum, { bytes }) => sum + bytes, 0) > MOST_BYTES;
    while (this.#pasts.length > 1 && isTooMuch()) this.#pasts.shift();
  }

  #drop(held: Held): void {
    this.#pasts = this.#pasts.filter((one) => one !== held);
  }
}

/** Of a panel without a run. */
function unkept(panel: PanelState): KeptPanel {
  return { ...keptTraining(panel, panel.step), origin: panel.origin, checkpoint: null, weights: null };
}
