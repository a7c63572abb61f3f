// When those outside are told what is to be shared: once a second, and before another comparison is asked for.
import { type Shared, sharedOf } from "./state/shared";
import type { State } from "./state/state";

/** Browsers take addresses of a page a hundred times in half a minute, and no more. */
const LEAST_MS = 1000;

export class Sharing {
  readonly #tell: (shared: Shared) => void;
  #told: State | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;
  #shared: Shared | undefined;

  constructor(tell: (shared: Shared) => void = () => undefined) {
    this.#tell = tell;
  }

  inTime(state: State, nowMs: number): void {
    if (state === this.#told || nowMs - this.#toldMs < LEAST_MS) return;
    this.#toldMs = nowMs;
    this.now(state);
  }

  /** Otherwise Back would undo, with a comparison, the setting that was changed just before it. Returns what was told. */
  now(state: State): Shared {
    const isTold = this.#shared !== undefined && state === this.#told;
    const shared = isTold && this.#shared ? this.#shared : sharedOf(state);
    this.#told = state;
    this.#shared = shared;
    if (!isTold) this.#tell(shared);
    return shared;
  }

  /** What was told last, which is what a browser's history has of it. */
  get told(): Shared | undefined {
    return this.#shared;
  }
}
