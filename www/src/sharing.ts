// When those outside are told what is to be shared: once a second, and before another comparison is asked for.
import { type Shared, sharedOf } from "./state/shared";
import type { State } from "./state/state";

/** Browsers take addresses of a page a hundred times in half a minute, and no more. */
const LEAST_MS = 1000;

/** Told what is to be shared, and what was left for it: a training that can be shown again, or none. */
export type TellShared = (shared: Shared, left: Shared | null) => void;

export class Sharing {
  /** Nothing is told while what is on screen is no longer what was told, and not yet what takes its place. */
  isSilent = false;
  readonly #tell: TellShared;
  #told: State | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;
  #shared: Shared | undefined;
  #left: Shared | null = null;

  constructor(tell: TellShared = () => undefined) {
    this.#tell = tell;
  }

  inTime(state: State, nowMs: number): void {
    if (this.isSilent || state === this.#told || nowMs - this.#toldMs < LEAST_MS) return;
    this.#toldMs = nowMs;
    this.now(state);
  }

  /** Otherwise Back would undo, with a comparison, the setting that was changed just before it. Returns what was told. */
  now(state: State): Shared {
    const isTold = this.#shared !== undefined && state === this.#told;
    const shared = isTold && this.#shared ? this.#shared : sharedOf(state);
    this.#told = state;
    this.#shared = shared;
    if (isTold) return shared;
    this.#tell(shared, this.#left);
    this.#left = null;
    return shared;
  }

  /** A training that was shared as this was left, for what is told next. */
  leave(shared: Shared): void {
    this.#left = shared;
  }

  /** What was told last, which is what a browser's history has of it. */
  get told(): Shared | undefined {
    return this.#shared;
  }
}
