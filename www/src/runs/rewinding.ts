// Goes back in all trainings while a reader drags: the newest place asked for, several while one is on its way being one.
import type { Bench } from "./bench";
import type { Openings } from "./openings";

export class Rewinding {
  readonly #openings: Openings;
  readonly #bench: Bench;
  /** a share of the training; null while none is asked for */
  #to: number | null = null;

  constructor(openings: Openings, bench: Bench) {
    this.#openings = openings;
    this.#bench = bench;
  }

  to(share: number): void {
    const isUnderWay = this.#to !== null;
    this.#to = share;
    if (!isUnderWay) void this.#openings.inTurn(() => this.#rewind());
  }

  async #rewind(): Promise<void> {
    try {
      await this.#bench.pause();
      for (let next = this.#to; next !== null; next = this.#to === next ? null : this.#to) {
        await this.#bench.rewind(next);
      }
    } finally {
      this.#to = null;
    }
  }
}
