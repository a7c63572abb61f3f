// Runs a series in turn: each to the end of its budgets, until all is measured.
import { isTrainable } from "../state/panel";
import type { Change, PanelState, RunSeries, State } from "../state/state";
import type { Bench } from "./bench";
import type { Commands } from "./commands";
import type { Openings } from "./openings";
import type { Pasts } from "./pasts";

const LOOK_MS = 100;

interface Parts {
  state(): State;
  change(change: Change): void;
  bench: Pick<Bench, "isSettled">;
  commands: Pick<Commands, "train" | "pause">;
  openings: Pick<Openings, "restart">;
  /** what was there before the first is left; those in between are results */
  pasts: Pick<Pasts, "leave">;
  /** until it is to be looked at again */
  wait?: () => Promise<void>;
}

export class SeriesRunner {
  readonly #parts: Required<Parts>;

  constructor(parts: Parts) {
    this.#parts = { wait: () => new Promise((resolve) => setTimeout(resolve, LOOK_MS)), ...parts };
  }

  async start(series: RunSeries): Promise<void> {
    const { openings, pasts } = this.#parts;
    this.#tell(series);
    try {
      // Whoever asks for a series has these by now: no first visit waits for them.
      const [{ setRun }, { resultOf }] = await Promise.all([import("../state/series"), import("../evidence/finished")]);
      const isKept = (panel: PanelState) => !isTrainable(panel) || (resultOf(panel)?.costs.length ?? 0) > 0;
      for (const [i, run] of series.runs.entries()) {
        const begin = () => openings.restart(setRun(series, run));
        if (!(await this.#run(i === 0 ? () => pasts.leave(begin) : begin, isKept))) break;
        this.#tell({ done: i + 1 });
      }
    } catch {
      // What it was refused for, or failed at, stands in its panel.
    }
    const done = this.#parts.state().series?.done ?? 0;
    this.#tell({ phase: done === series.runs.length ? "done" : "stopped" });
  }

  /** What is finished stays. */
  stop(): void {
    this.#tell({ phase: "stopping" });
    void this.#parts.commands.pause();
  }

  /** Whether it came to its end. */
  async #run(begin: () => Promise<boolean>, isKept: (panel: PanelState) => boolean): Promise<boolean> {
    const { state, commands, wait } = this.#parts;
    if (!(await begin()) || !this.#goesOn) return false;
    await commands.train();
    while (this.#goesOn && !this.#isMeasured(isKept)) await wait();
    return this.#goesOn && state().panels.every(({ spent }) => spent >= 1);
  }

  /** Its pictures may be unfinished: the next run has others. */
  #isMeasured(isKept: (panel: PanelState) => boolean): boolean {
    const { panels } = this.#parts.state();
    return panels.every(isKept) || this.#parts.bench.isSettled(panels.map(({ slot }) => slot));
  }

  get #goesOn(): boolean {
    return this.#parts.state().series?.phase === "running";
  }

  #tell(part: RunSeries | Partial<RunSeries>): void {
    this.#parts.change((state) => ({ ...state, series: { ...(state.series as RunSeries), ...part } }));
  }
}
