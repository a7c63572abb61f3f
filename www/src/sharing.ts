// When those outside are told what is to be shared: once a second, and before another comparison is asked for.
import { type Shared, sharedOf } from "./state/shared";
import type { State } from "./state/state";

/** Browsers take addresses of a page a hundred times in half a minute, and no more. */
const LEAST_MS = 1000;

export class Sharing {
  readonly #tell: (shared: Shared) => void;
  #told: State | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(tell: (shared: Shared) => void = () => undefined) {
    this.#tell = tell;
  }

  inTime(state: State, nowMs: number): void {
    if (state === this.#told || nowMs - this.#toldMs < LEAST_MS) return;
    this.#toldMs = nowMs;
    this.now(state);
  }

  /** Otherwise Back would undo, with a comparison, the setting that was changed just before it. */
  now(state: State): void {
    if (state === this.#told) return;
    this.#told = state;
    this.#tell(sharedOf(state));
  }
}
