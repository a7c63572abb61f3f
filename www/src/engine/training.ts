// The training of one session, a chunk at a time, and what it has come to.
import type { WebSession } from "../../generated/cpu/flow_playground";
import { nextChunk } from "./chunk";
import type { TrainingProgress, TrainingState } from "./protocol";

/** One step's loss is the mean of one batch and jumps about; this many steps' mean can be read as a number. */
const LOSS_WINDOW = 100;

type Trainable = Pick<WebSession, "advance">;

export class Training {
  readonly #session: Trainable;
  /** the request it answers */
  id = 0;
  state: TrainingState = { step: 0, loss: null, seconds: 0, networkEvaluations: 0 };
  #stepsLeft = 0;
  #chunk = 1;
  #recentLosses: number[] = [];

  constructor(session: Trainable) {
    this.#session = session;
  }

  get running(): boolean {
    return this.#stepsLeft > 0;
  }

  begin(id: number, steps: number): void {
    this.id = id;
    this.#stepsLeft = steps;
  }

  end(): void {
    this.#stepsLeft = 0;
  }

  async advance(): Promise<TrainingProgress> {
    const numSteps = Math.min(this.#chunk, this.#stepsLeft);
    const startMs = performance.now();
    const { step, losses, networkEvaluations } = await this.#session.advance(numSteps);
    const elapsedMs = performance.now() - startMs;

    this.#stepsLeft -= numSteps;
    this.#chunk = nextChunk(numSteps, elapsedMs);
    this.#recentLosses = [...this.#recentLosses, ...losses].slice(-LOSS_WINDOW);
    this.state = {
      step,
      loss: mean(this.#recentLosses),
      seconds: this.state.seconds + elapsedMs / 1000,
      networkEvaluations,
    };
    return { ...this.state, losses };
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
