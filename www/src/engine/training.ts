// The training of one session, a chunk at a time, and what it has come to.
import type { WebSession } from "../../generated/cpu/flow_playground";
import { nextChunk } from "./chunk";
import type { Checkpoint, TrainingProgress, TrainingState } from "./protocol";

/** One step's loss is the mean of one batch and jumps about; this many steps' mean can be read as a number. */
const LOSS_WINDOW = 100;

type Trainable = Pick<
  WebSession,
  "advance" | "checkpoint" | "experiment" | "networkEvaluations" | "restore" | "rewind" | "spent" | "step"
>;

export class Training {
  readonly #session: Trainable;
  /** the request it answers */
  id = 0;
  state: TrainingState;
  #asked: number | "budget" = 0;
  #chunk = 1;
  #recentLosses: number[] = [];

  constructor(session: Trainable) {
    this.#session = session;
    const { step, spent, networkEvaluations } = session;
    this.state = { step, round: 0, spent, loss: null, seconds: 0, networkEvaluations };
  }

  get running(): boolean {
    return this.#stepsLeft() > 0;
  }

  /** Without a number of `steps` it goes on until the budget is spent. */
  begin(id: number, steps?: number): void {
    this.id = id;
    this.#asked = steps ?? "budget";
    if (!this.running) this.end();
  }

  end(): void {
    this.#asked = 0;
  }

  /** What a longer budget makes of the share that is spent. */
  measureSpent(): void {
    this.state = { ...this.state, spent: this.#session.spent };
  }

  /** Back to the latest snapshot at or before `step`. The losses before it are not kept, so there is none until it trains. */
  rewind(step: number): TrainingState {
    const { losses: _, ...state } = this.#session.rewind(step);
    this.#recentLosses = [];
    this.state = { ...state, loss: null };
    return this.state;
  }

  /** Takes up what training of another session has come to. */
  restore(checkpoint: Uint8Array): TrainingState {
    const { losses: _, ...state } = this.#session.restore(checkpoint);
    this.#recentLosses = [];
    this.state = { ...state, loss: null };
    return this.state;
  }

  async checkpoint(): Promise<Checkpoint> {
    const { step } = this.#session;
    return { bytes: await this.#session.checkpoint(), step };
  }

  async advance(): Promise<TrainingProgress> {
    const numSteps = Math.min(this.#chunk, this.#stepsLeft());
    const startMs = performance.now();
    const { losses, ...state } = await this.#session.advance(numSteps);
    const elapsedMs = performance.now() - startMs;

    if (this.#asked !== "budget") this.#asked -= numSteps;
    // The engine stops where a budget of seconds or evaluations ends, and where there is nothing to train. What has
    // ended stays so, even if the budget grows.
    if (losses.length < numSteps || !this.running) this.end();
    this.#chunk = nextChunk(numSteps, elapsedMs);
    this.#recentLosses = [...this.#recentLosses, ...losses].slice(-LOSS_WINDOW);
    this.state = { ...state, loss: mean(this.#recentLosses) };
    return { ...this.state, losses };
  }

  #stepsLeft(): number {
    if (this.#asked !== "budget") return this.#asked;
    const { spent, step, experiment } = this.#session;
    return spent < 1 ? Math.max(1, (experiment.budget?.steps ?? 0) - step) : 0;
  }
}

function mean(values: number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
