import type { Experiment, ExperimentInput, SolverConfig, SolverKind } from "../experiment/experiment";
import { points as checkedPoints, seed as checkedSeed, count, oneOf, time, withOwnPoints } from "./arguments";
import { Client } from "./client";
import type {
  DeviceKind,
  Measurement,
  Scaling,
  Started,
  TrainingProgress,
  TrainingResult,
  TrainingState,
  Trajectories,
  TrajectoryStart,
} from "./protocol";

export interface RunInput {
  /** the caller's own data, flat [x0, y0, x1, y1, ..], in any units */
  points?: Float32Array;
  /** coordinates a point, 2 unless given */
  dim?: number;
  /** safetensors bytes, as `Run.weights` returns them, to start from instead of the seed's initial weights */
  weights?: Uint8Array;
}

export interface TrainOptions {
  /** called about every 30 ms */
  onProgress?: (progress: TrainingProgress) => void;
}

/** What is left out comes from the experiment. */
export interface SolverOptions {
  solver?: SolverKind;
  steps?: number;
  /** error allowed in a solver step, 1e-9 to 0.1, for "bosh3", "dopri5" and "tsit5": steps are then as long as it allows */
  tolerance?: number;
}

export interface SampleOptions extends SolverOptions {
  seed?: number;
}

export interface TrajectoryOptions extends SampleOptions {
  /** "noise", the default, generates: times run from 1 to 0. "data" encodes: times run from 0 to 1. */
  from?: TrajectoryStart;
}

export interface ConditionalPathOptions {
  /** points in time along each path, 2 unless given */
  times?: number;
  seed?: number;
}

export interface LogDensityOptions extends SolverOptions {
  /** 0, the default, is the model's density of the data; 1 is the noise's */
  t?: number;
}

export interface MeasureOptions {
  /** how many points each number is measured on, 2000 unless given */
  n?: number;
  seed?: number;
}

const MEASURED_POINTS = 2000;
const UNTRAINED: TrainingState = { step: 0, loss: null, seconds: 0, networkEvaluations: 0 };

/**
 * An experiment being run, in a worker of its own. Points go in and come out in the data's own units, n*d numbers,
 * row by row; t = 0 is the data's end of time and t = 1 the noise's.
 */
export class Run {
  readonly device: DeviceKind;
  #client: Client;
  #started: Started;
  #training = UNTRAINED;
  readonly #onDispose: (run: Run) => void;

  /** @internal Use `Engine.run`. */
  static async start(
    device: DeviceKind,
    experiment: ExperimentInput,
    input: RunInput,
    onDispose: (run: Run) => void,
  ): Promise<Run> {
    const chosen = input.points === undefined ? experiment : withOwnPoints(experiment);
    const session = { experiment: chosen, device, ...checkedInput(input) };
    const client = await Client.open(device);
    try {
      return new Run(device, client, await client.call("start", session), onDispose);
    } catch (error) {
      client.dispose();
      throw error;
    }
  }

  private constructor(device: DeviceKind, client: Client, started: Started, onDispose: (run: Run) => void) {
    this.device = device;
    this.#client = client;
    this.#started = started;
    this.#onDispose = onDispose;
  }

  /** the experiment, complete */
  get experiment(): Experiment {
    return this.#started.experiment;
  }

  /** how the caller's points were centered and scaled: modelled = (own - center) / scale */
  get scaling(): Scaling {
    return this.#started.scaling;
  }

  /** coordinates a point */
  get dim(): number {
    return this.#started.dim;
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

  /** Trains for so many more steps. Everything else may be asked meanwhile and is answered in between. */
  async train(steps: number, options: TrainOptions = {}): Promise<TrainingResult> {
    const onProgress = (progress: TrainingProgress) => {
      const { losses: _, ...state } = progress;
      this.#training = state;
      options.onProgress?.(progress);
    };
    return this.#client.call("train", { steps: count("steps", steps) }, onProgress);
  }

  /** Ends the training under way after its current steps; its promise resolves with `paused: true`. */
  async pause(): Promise<void> {
    await this.#client.call("pause", {});
  }

  /** Starts over with the same experiment, points and initial weights. The same training gives the same bits. */
  async reset(): Promise<void> {
    this.#started = await this.#client.call("reset", {});
    this.#training = UNTRAINED;
  }

  /** `n` points of the data P: of the caller's own, or freshly drawn */
  async data(n: number, seed = this.experiment.seed): Promise<Float32Array> {
    return this.#client.call("data", { n: count("n", n), seed: checkedSeed(seed) });
  }

  /** `n` points of the noise Q */
  async noise(n: number, seed = this.experiment.seed): Promise<Float32Array> {
    return this.#client.call("noise", { n: count("n", n), seed: checkedSeed(seed) });
  }

  /** `n` generated points */
  async sample(n: number, options: SampleOptions = {}): Promise<Float32Array> {
    return this.#client.call("sample", { n: count("n", n), ...solving(options), ...seeded(options) });
  }

  /** The solution curves of `n` points, at every solver step. */
  async trajectories(n: number, options: TrajectoryOptions = {}): Promise<Trajectories> {
    const from = oneOf("from", options.from ?? "noise", ["noise", "data"]);
    return this.#client.call("trajectories", { n: count("n", n), from, ...solving(options), ...seeded(options) });
  }

  /** The method's interpolation paths between `n` pairs of data and noise; null where the method has none. */
  async conditionalPaths(n: number, options: ConditionalPathOptions = {}): Promise<Trajectories | null> {
    const seed = checkedSeed(options.seed ?? this.experiment.seed);
    return this.#client.call("conditionalPaths", {
      n: count("n", n),
      numTimes: count("times", options.times ?? 2),
      seed,
    });
  }

  /** The velocity field f(x, t) at each point. */
  async velocity(points: Float32Array, t: number): Promise<Float32Array> {
    return this.#client.call("velocity", { points: checkedPoints(points, this.dim), t: time(t) });
  }

  /** The model's log-density at each point, in nats. */
  async logDensity(points: Float32Array, options: LogDensityOptions = {}): Promise<Float32Array> {
    const input = { points: checkedPoints(points, this.dim), t: time(options.t ?? 0), ...solving(options) };
    return this.#client.call("logDensity", input);
  }

  /** How good the model is, on held-out points. What is undefined or not converged is null, never NaN. */
  async measure(options: MeasureOptions = {}): Promise<Measurement> {
    const seed = checkedSeed(options.seed ?? this.experiment.seed);
    return this.#client.call("measure", { n: count("n", options.n ?? MEASURED_POINTS), seed });
  }

  /** The weights as safetensors bytes. */
  async weights(): Promise<Uint8Array> {
    return this.#client.call("weights", {});
  }

  /** Frees the worker. What was still asked is rejected with the code "disposed". */
  dispose(): void {
    this.#client.dispose();
    this.#onDispose(this);
  }
}

function checkedInput({ points, dim, weights }: RunInput): RunInput {
  const input: RunInput = {};
  if (points !== undefined) {
    input.dim = count("dim", dim ?? 2);
    input.points = checkedPoints(points, input.dim);
  }
  if (weights !== undefined) input.weights = weights;
  return input;
}

function solving({ solver, steps, tolerance }: SolverOptions): { solver: Partial<SolverConfig> } {
  const chosen: Partial<SolverConfig> = {};
  if (solver !== undefined) chosen.kind = solver;
  if (steps !== undefined) chosen.steps = count("steps", steps);
  if (tolerance !== undefined) chosen.tolerance = tolerance;
  return { solver: chosen };
}

function seeded({ seed }: SampleOptions): { seed?: number } {
  return seed === undefined ? {} : { seed: checkedSeed(seed) };
}
