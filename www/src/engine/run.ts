import type { Experiment, ExperimentInput, KnownNumber } from "../experiment/experiment";
import { msg } from "../language";
import { asName, asPoints, asStep, count, withinLimits, withOwnPoints } from "./arguments";
import { Keeper, notMoved, type Placement } from "./keeper";
import type {
  Checkpoint,
  DeviceKind,
  Scaling,
  SessionInput,
  Started,
  TrainingProgress,
  TrainingResult,
  TrainingState,
} from "./protocol";
import { Readings } from "./readings";
import { engineSays } from "./says";

export interface RunInput {
  /** the caller's own data, flat [x0, y0, x1, y1, ..], in any units */
  points?: Float64Array | Float32Array;
  /** coordinates a point, 2 unless given */
  dim?: number;
  /** for an experiment with a `condition`: the number of each point's class among `classes`, their names */
  labels?: Uint32Array | readonly number[];
  classes?: readonly string[];
  /** or those of each point, flat, as many as `names` */
  numbers?: Float64Array | readonly number[];
  names?: readonly string[];
  /** safetensors bytes, as `Run.weights` returns them, to start from instead of the seed's initial weights */
  weights?: Uint8Array;
  /** the bytes that `Run.checkpoint` returned of a run of the same experiment and points: this one goes on from there */
  checkpoint?: Uint8Array;
  /** called when the run goes on elsewhere: its engine was lost, or it was moved */
  onPlaced?: (placement: Placement) => void;
}

export interface TrainOptions {
  /** called about every 30 ms */
  onProgress?: (progress: TrainingProgress) => void;
}

/**
 * An experiment being run, in a worker of its own. Points go in and come out in the data's own units, n*d numbers,
 * row by row; t = 0 is the data's end of time and t = 1 the noise's.
 */
export class Run extends Readings {
  readonly #keeper: Keeper;
  #started: Started;
  #training: TrainingState;
  readonly #onDispose: (run: Run) => void;

  /** @internal Use `Engine.run`. */
  static async start(
    { device, reason }: Placement,
    experiment: ExperimentInput,
    input: RunInput,
    onDispose: (run: Run) => void,
  ): Promise<Run> {
    const chosen = withinLimits(input.points === undefined ? experiment : withOwnPoints(experiment));
    const session = { experiment: chosen, device, ...checkedInput(input) };
    const { keeper, started } = await Keeper.open(session, reason, input.checkpoint);
    if (input.onPlaced !== undefined) keeper.onPlaced = input.onPlaced;
    return new Run(keeper, started, onDispose);
  }

  private constructor(keeper: Keeper, started: Started, onDispose: (run: Run) => void) {
    super(keeper);
    this.#keeper = keeper;
    this.#started = started;
    this.#training = started.training;
    this.#onDispose = onDispose;
  }

  /** where it computes now */
  get device(): DeviceKind {
    return this.#keeper.placement.device;
  }

  /** one sentence: why there */
  get deviceReason(): string {
    return this.#keeper.placement.reason;
  }

  /** Goes on with everything on another device, in the middle of training if need be. */
  async moveTo(device: DeviceKind, reason: string = msg("It was asked for.")): Promise<void> {
    try {
      await this.#keeper.moveTo(asName("device", device, ["cpu", "webgpu"]), reason);
    } catch (error) {
      throw notMoved(device, error);
    }
  }

  /** the experiment, complete */
  get experiment(): Experiment {
    return this.#started.experiment;
  }

  /** how the caller's points were centered and scaled: modelled = (own - center) / scale */
  get scaling(): Scaling {
    return this.#started.scaling;
  }

  /** why there is no density to ask for, in one sentence; null where there is one */
  get whyNoDensity(): string | null {
    const why = this.#started.whyNoDensity;
    return why === null ? null : engineSays(why);
  }

  /** coordinates a point */
  get dim(): number {
    return this.#started.dim;
  }

  /** the names of the data's classes, in the order of their numbers; none where it has none */
  get classes(): readonly string[] {
    return this.#started.classes;
  }

  /** the numbers that are known of every data point, each with its name and between which values it can be asked for */
  get numbers(): readonly KnownNumber[] {
    return this.#started.numbers;
  }

  get numParameters(): number {
    return this.#started.numParameters;
  }

  /** training steps done */
  get step(): number {
    return this.#training.step;
  }

  /** where training stood at the last report */
  get training(): TrainingState {
    return this.#training;
  }

  /**
   * Trains for so many more steps, or until the budget is spent if no number is given; a budget of seconds or network
   * evaluations ends either. Everything else may be asked meanwhile and is answered in between.
   */
  async train(steps?: number, options: TrainOptions = {}): Promise<TrainingResult> {
    const onProgress = (progress: TrainingProgress) => {
      const { losses: _, ...state } = progress;
      this.#training = state;
      options.onProgress?.(progress);
    };
    return this.#keeper.train(steps === undefined ? undefined : count("steps", steps), onProgress);
  }

  /** Ends the training under way after its current steps; its promise resolves with `paused: true`. */
  async pause(): Promise<void> {
    await this.#keeper.call("pause", {});
  }

  /** Starts over with the same experiment, points and initial weights. The same training gives the same bits. */
  async reset(): Promise<void> {
    this.#restarted(await this.#keeper.call("reset", {}));
  }

  /** Lets the method have one more block or reflow, and the budget grow by its share: `experiment` then says so. */
  async addRound(): Promise<void> {
    this.#restarted(await this.#keeper.call("addRound", {}));
  }

  /**
   * Goes on from where it stands, until another budget is spent: the learning rate goes down along the cosine of that budget,
   * from the share of it that is spent. Where that is all of it, it ends there. Nothing earlier can be rewound to then.
   */
  async extend(budget: ExperimentInput["budget"]): Promise<void> {
    this.#restarted(await this.#keeper.extend(budget ?? {}));
  }

  /** All that training goes on from, as bytes, and at which step it is: for the `checkpoint` of another run of the same experiment and points. */
  async checkpoint(): Promise<Checkpoint> {
    return this.#keeper.call("checkpoint", {});
  }

  /** The training steps that `rewind` can return to, ascending; 0 is always among them. */
  async snapshots(): Promise<number[]> {
    return this.#keeper.call("snapshots", {});
  }

  /**
   * Returns to the latest snapshot at or before `step`, with everything that training goes on from: the same steps from
   * there give the same bits on the CPU. Later snapshots, and the state it was in, stay until it trains on.
   */
  async rewind(step: number): Promise<TrainingState> {
    this.#training = await this.#keeper.call("rewind", { step: asStep(step) });
    return this.#training;
  }

  #restarted(started: Started): void {
    this.#started = started;
    this.#training = started.training;
  }

  /** Frees the worker. What was still asked is rejected with the code "disposed". */
  dispose(): void {
    this.#keeper.dispose();
    this.#onDispose(this);
  }
}

function checkedInput(input: RunInput): Omit<SessionInput, "experiment" | "device"> {
  const { points, dim = 2, labels, classes, numbers, names = ["x"], weights } = input;
  return {
    ...(points && { dim: count("dim", dim), points: asPoints(points, dim) }),
    ...(points && labels && { labels: Uint32Array.from(labels), classes: namedClasses(classes, labels) }),
    ...(points && numbers && { numbers: Float64Array.from(numbers), names: names.map(String) }),
    ...(weights && { weights }),
  };
}

/** By number, where the caller has no names for them. */
function namedClasses(classes: readonly string[] | undefined, labels: Iterable<number>): readonly string[] {
  if (classes !== undefined) return classes.map(String);
  const last = [...labels].reduce((largest, label) => Math.max(largest, label), 0);
  return Array.from({ length: last + 1 }, (_, number) => `class ${number}`);
}
