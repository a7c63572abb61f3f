// What a run answers, in the middle of training too: its points and curves, its field, and how good it is.
import type { Experiment } from "../experiment/experiment";
import { PICTURE_DATA } from "../experiment/pictures";
import { asClass, asName, asObserved, asPoint, asPoints, asSeed, count, METRICS, time } from "./arguments";
import { classifierFile } from "./classifier";
import type { Keeper } from "./keeper";
import type {
  AskedClass,
  AskedLaw,
  AskedNumbers,
  CostPoint,
  Inspection,
  LabelledPoints,
  LogDensities,
  LossFloor,
  Measurement,
  Measuring,
  Metric,
  RoundReport,
  SamplerKind,
  Trajectories,
  TrajectoryStart,
} from "./protocol";
import { completed, type SamplingOptions, type SolverOptions, sampling, solving } from "./sampling";

export type SampleOptions = SamplingOptions & {
  seed?: number;
};

export type TrajectoryOptions = SampleOptions & {
  /** "noise", the default, generates: times run from 1 to 0. "data" encodes, which a solver can: times run from 0 to 1. */
  from?: TrajectoryStart;
};

export type TransportOptions = SamplingOptions & {
  /** where the points are: at the "noise", the default, and are generated from; or at the "data", and are encoded */
  from?: TrajectoryStart;
};

export interface InspectOptions extends SolverOptions {
  /** how many conditional paths are shown, 12 unless given */
  paths?: number;
  seed?: number;
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

export interface MeasuredPoints {
  /** how many points each number is measured on: 2000 unless given, 500 for each round, 4096 draws for a loss's floor */
  n?: number;
  seed?: number;
}

export interface CostOptions extends MeasuredPoints {
  /** what is measured, all but the weights of samples (`reweighting`) unless given; the rest is null */
  metrics?: readonly Metric[];
  /** which solvers and samplers are compared: Euler's from 1 to 64 evaluations, and four tolerances, unless given */
  solvers?: readonly SamplingOptions[];
}

export type MeasureOptions = MeasuredPoints &
  SamplingOptions & {
    /** what is measured, all but the weights of samples (`reweighting`) unless given; the rest is null */
    metrics?: readonly Metric[];
  };

const MEASURED_POINTS = 2000;
const ROUND_POINTS = 500;
const FLOOR_DRAWS = 4096;
const SHOWN_PATHS = 12;

/** Asked of a run as it is at the moment. */
export abstract class Readings {
  readonly #keeper: Keeper;
  #judging: Promise<null> | undefined;

  /** @internal */
  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  abstract get experiment(): Experiment;
  abstract get dim(): number;

  /** `n` points of the data P: of the caller's own, or freshly drawn */
  async data(n: number, seed = this.experiment.seed): Promise<Float64Array> {
    return this.#keeper.call("data", { n: count("n", n), seed: asSeed(seed) });
  }

  /** `n` points of the noise Q */
  async noise(n: number, seed = this.experiment.seed): Promise<Float64Array> {
    return this.#keeper.call("noise", { n: count("n", n), seed: asSeed(seed) });
  }

  /**
   * Asks everything from now on for a class, for what is given numbers, or, with null, for nothing in particular: samples, densities and metrics, and the
   * data that they are compared with. For an experiment with a `condition`.
   */
  async ask(asked: AskedClass | AskedNumbers | null): Promise<AskedLaw> {
    if (asked === null) return this.#keeper.call("ask", { asked });
    const { guidance } = asked;
    const given =
      "numbers" in asked ? { numbers: Array.from(asked.numbers, asObserved) } : { class: asClass(asked.class) };
    return this.#keeper.call("ask", { asked: { ...given, ...(guidance !== undefined && { guidance }) } });
  }

  /** `n` points of the data P with the number of each one's class and its numbers, whatever is asked for. */
  async labelled(n: number, { seed }: { seed?: number } = {}): Promise<LabelledPoints> {
    return this.#keeper.call("labelled", { n: count("n", n), seed: asSeed(seed ?? this.experiment.seed) });
  }

  /** The samplers that suit the method as it stands, beside the solvers; none for a distilled student. */
  async samplers(): Promise<SamplerKind[]> {
    return this.#keeper.call("samplers", {});
  }

  /** `n` generated points */
  async sample(n: number, options: SampleOptions = {}): Promise<Float64Array> {
    return this.#keeper.call("sample", { n: count("n", n), sampling: sampling(options), ...seeded(options) });
  }

  /** The solution curves of `n` points at every solver step; a sampler's are paths of its SDE, the same for the same seed. */
  async trajectories(n: number, options: TrajectoryOptions = {}): Promise<Trajectories> {
    const from = asName("from", options.from ?? "noise", ["noise", "data"]);
    const drawn = { sampling: sampling(options), ...seeded(options) };
    return this.#keeper.call("trajectories", { n: count("n", n), from, ...drawn });
  }

  /** The solution curves of the caller's own points, at every solver step, from one end of time to the other. */
  async transport(points: Float64Array | Float32Array, options: TransportOptions = {}): Promise<Trajectories> {
    const from = asName("from", options.from ?? "noise", ["noise", "data"]);
    const start = { points: asPoints(points, this.dim), from };
    return this.#keeper.call("transport", { ...start, sampling: sampling(options) });
  }

  /** The method's interpolation paths between `n` pairs of data and noise; null where the method has none. */
  async conditionalPaths(n: number, options: ConditionalPathOptions = {}): Promise<Trajectories | null> {
    const seed = asSeed(options.seed ?? this.experiment.seed);
    return this.#keeper.call("conditionalPaths", {
      n: count("n", n),
      numTimes: count("times", options.times ?? 2),
      seed,
    });
  }

  /** The velocity field f(x, t) at each point. */
  async velocity(points: Float64Array | Float32Array, t: number): Promise<Float32Array> {
    return this.#keeper.call("velocity", { points: asPoints(points, this.dim), t: time(t) });
  }

  /** The divergence of that field at each point: the trace of its Jacobian, exact for few coordinates. */
  async divergence(points: Float64Array | Float32Array, t: number): Promise<Float32Array> {
    return this.#keeper.call("divergence", { points: asPoints(points, this.dim), t: time(t) });
  }

  /** What the model says of one point and time, and the conditional paths through it, whose mean velocity it should be. */
  async inspect(point: readonly number[], t: number, options: InspectOptions = {}): Promise<Inspection> {
    const paths = count("paths", options.paths ?? SHOWN_PATHS);
    const seed = asSeed(options.seed ?? this.experiment.seed);
    const config = { paths, seed, solver: completed(options, this.experiment.solver) };
    return this.#keeper.call("inspect", { point: asPoint(point, this.dim), t: time(t), config });
  }

  /** The model's log-density at each point, in nats. */
  async logDensity(points: Float64Array | Float32Array, options: LogDensityOptions = {}): Promise<Float32Array> {
    return this.#keeper.call("logDensity", this.#densityInput(points, options));
  }

  /** The same, with each point's standard error where the divergence is estimated, and what it took. */
  async logDensityEstimate(
    points: Float64Array | Float32Array,
    options: LogDensityOptions = {},
  ): Promise<LogDensities> {
    return this.#keeper.call("logDensityEstimate", this.#densityInput(points, options));
  }

  #densityInput(points: Float64Array | Float32Array, options: LogDensityOptions) {
    return { points: asPoints(points, this.dim), t: time(options.t ?? 0), solver: solving(options) };
  }

  /** How good the model is, on held-out points. What is undefined or not converged is null, never NaN. */
  async measure(options: MeasureOptions = {}): Promise<Measurement> {
    return this.#keeper.call("measure", { ...(await this.#measuring(options)), sampling: sampling(options) });
  }

  /** Quality at every cost: how good the samples of each solver or sampler are, and how many evaluations they take. */
  async qualityAgainstCost(options: CostOptions = {}): Promise<CostPoint[]> {
    const usual = this.experiment.solver;
    const samplings = (options.solvers ?? []).map((one) => (one.sampler ? sampling(one) : completed(one, usual)));
    return this.#keeper.call("qualityAgainstCost", { samplings, ...(await this.#measuring(options)) });
  }

  /** What the flow after each round so far reaches: each reflow's straightness, each block's free energy. */
  async rounds(options: MeasuredPoints = {}): Promise<RoundReport[]> {
    return this.#keeper.call("rounds", this.#measuredOn(options, ROUND_POINTS));
  }

  /** The least loss that this round's training can come to: what is left is noise. null where it is unknown. */
  async lossFloor(options: MeasuredPoints = {}): Promise<LossFloor | null> {
    return this.#keeper.call("lossFloor", this.#measuredOn(options, FLOOR_DRAWS));
  }

  async #measuring({ metrics, ...points }: MeasuredPoints & { metrics?: readonly Metric[] }): Promise<Measuring> {
    const measured = this.#measuredOn(points, MEASURED_POINTS);
    const named = metrics?.map((metric) => asName("metrics", metric, METRICS));
    const isJudged = PICTURE_DATA.includes(this.experiment.data.kind) && (named?.includes("frechet") ?? true);
    const classifier = isJudged ? await classifierFile() : undefined;
    if (classifier !== undefined) await this.#judge(classifier);
    return { ...measured, ...(named && { metrics: named }) };
  }

  /** Sent once: engines that take over are told by whoever opens them. */
  #judge(classifier: Uint8Array): Promise<null> {
    const judging = this.#judging ?? this.#keeper.call("judge", { classifier });
    this.#judging = judging;
    judging.catch(() => {
      this.#judging = undefined;
    });
    return judging;
  }

  #measuredOn({ n, seed }: MeasuredPoints, usual: number): { n: number; seed: number } {
    return { n: count("n", n ?? usual), seed: asSeed(seed ?? this.experiment.seed) };
  }

  /** The weights as safetensors bytes. */
  async weights(): Promise<Uint8Array> {
    return this.#keeper.call("weights", {});
  }
}

function seeded({ seed }: { seed?: number }): { seed?: number } {
  return seed === undefined ? {} : { seed: asSeed(seed) };
}
