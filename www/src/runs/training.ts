// The training of one panel's run: one at a time, interrupted while nobody looks, ended by whoever stops it.
import type { Run } from "../library";

type Trained = Pick<Run, "step" | "train" | "pause">;
type OnProgress = NonNullable<NonNullable<Parameters<Run["train"]>[1]>["onProgress"]>;

/** Until it is over. */
interface Sleep {
  over: Promise<void>;
  end: () => void;
}

export class PanelTraining {
  readonly #run: Trained;
  readonly #onProgress: OnProgress;
  #sleep: Sleep | undefined;
  /** how often it was put to sleep: what ended a training, if it was not that */
  #sleeps = 0;
  #current: AbortController | undefined;
  /** the last one, at rest; never rejected */
  #rested: Promise<unknown> = Promise.resolve();

  constructor(run: Trained, onProgress: OnProgress) {
    this.#run = run;
    this.#onProgress = onProgress;
  }

  get isUnderWay(): boolean {
    return this.#current !== undefined;
  }

  /**
   * For so many steps, or until the budget is spent; sleep interrupts it and does not end it. Resolves once it rests: whether
   * there is no newer one, which has the say then.
   */
  async train(numSteps?: number): Promise<boolean> {
    this.stop();
    const own = new AbortController();
    this.#current = own;
    const trained = this.#trainAwake(own.signal, numSteps);
    this.#rested = trained.catch(() => undefined);
    try {
      await trained;
    } finally {
      if (this.#current === own) this.#current = undefined;
    }
    return this.#current === undefined;
  }

  /** What is left of it is not gone on with, wherever it was interrupted. */
  stop(): void {
    this.#current?.abort();
    this.#current = undefined;
  }

  /** Stopped, and at rest. */
  async pause(): Promise<void> {
    this.stop();
    await this.#run.pause();
    await this.#rested;
  }

  /** Where nobody sees it, it does not compute. */
  sleep(failed: (error: unknown) => void): void {
    if (this.#sleep !== undefined) return;
    this.#sleeps += 1;
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#sleep = { over, end };
    if (this.isUnderWay) this.#run.pause().catch(failed);
  }

  wake(): void {
    this.#sleep?.end();
    this.#sleep = undefined;
  }

  async #trainAwake(signal: AbortSignal, numSteps?: number): Promise<void> {
    const end = numSteps === undefined ? undefined : this.#run.step + numSteps;
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    for (;;) {
      while (this.#sleep !== undefined && !signal.aborted) await Promise.race([this.#sleep.over, stopped]);
      const left = end === undefined ? undefined : end - this.#run.step;
      if (signal.aborted || (left !== undefined && left <= 0)) return;
      const sleeps = this.#sleeps;
      const { paused } = await this.#run.train(left, { onProgress: this.#onProgress });
      // Paused by the run's own owner, it stays so; put to sleep, it may be awake again by now.
      if (!paused || sleeps === this.#sleeps) return;
    }
  }
}
