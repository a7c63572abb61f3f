// One panel's run: trains it, and keeps its picture and its measurements up to date.
import { resultOf } from "./evidence/finished";
import { methodOf, numRounds, whyNoDensity } from "./experiment/methods";
import { withRounds } from "./experiment/options";
import { type Projector, projectorOf } from "./experiment/plane";
import { type PanelChoice, type Setup, samplerFor } from "./experiment/presets";
import { FlowError, type Run } from "./library";
import { carriedLattice, cellCenters, fieldSlices, generate, planarCurves, planarInspection, viewOf } from "./pictures";
import { keyOf, type Ledger, nextTask, type Situation, type Task } from "./schedule";
import type { Curves, Picture } from "./stage/frame";
import {
  changePanel,
  changePicture,
  measured,
  type Opened,
  panelAt,
  progressed,
  rewound,
  untrained,
} from "./state/panel";
import { keepResult } from "./state/setup";
import type { Change, Origin, PanelState, Slot, State, View } from "./state/state";
import { layersFor } from "./state/view";

/** few, so that there is something to see at once; more follow */
const NUM_FIRST_PARTICLES = 256;
const NUM_SHOWN_AT_ENDS = 700;
const NUM_PATHS = 24;
const NUM_PATH_TIMES = 25;
const NUM_INSPECTED_PATHS = 14;
/** The first heat map is for a glance: half the solver steps will do. */
const COARSE = { size: 24, steps: 10 };
/** A likelihood wants a converged solver, whatever samples are drawn with; the engine checks it with twice the steps. */
const LIKELIHOOD = { solver: "rk4", steps: 20 } as const;
/** as a share of the budget */
const EARLIEST_MEASURED = 0.01;
/** One call this long at most, so that a click on Train is not kept waiting by a heat map. */
const TILE_MS = 120;
const FIRST_TILE = 192;

export interface PanelHost {
  readonly state: State;
  change(change: Change): void;
}

export class Panel {
  readonly slot: Slot;
  readonly choice: PanelChoice;
  readonly run: Run;
  readonly #host: PanelHost;
  #ledger: Ledger = {};
  #busy = false;
  #disposed = false;
  #resets = 0;
  #tile = FIRST_TILE;
  /** conditional paths do not change in training, trajectories do; known at the first answer */
  #pathsAreFixed = true;
  #data: Float32Array = new Float32Array();
  #projector: { plane: View["plane"]; projector: Projector } | undefined;
  /** what a sleeping training waits for */
  #awake: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #stopped = false;

  constructor(slot: Slot, choice: PanelChoice, run: Run, host: PanelHost) {
    this.slot = slot;
    this.choice = choice;
    this.run = run;
    this.#host = host;
  }

  /** Everything a first look needs at once, so that a new run replaces an old one's picture whole. */
  async firstPicture(): Promise<Partial<Picture>> {
    this.#data = await this.run.data(NUM_SHOWN_AT_ENDS);
    const { planar } = this.#plane();
    const noise = planar(await this.run.noise(NUM_SHOWN_AT_ENDS));
    return { data: planar(this.#data), noise, ...(await this.#generated(NUM_FIRST_PARTICLES)) };
  }

  opened(origin: Origin): Opened {
    const { device, deviceReason, training, experiment, dim } = this.run;
    const { center, scale } = this.#plane();
    const where = { device, deviceReason };
    return { origin, experiment, ...where, dim, center, scale, spent: training.spent, budget: this.#budget };
  }

  /** Trains for so many steps or to the end of the budget, but not beyond it. Sleep interrupts it and does not end it. */
  async train(numSteps?: number): Promise<void> {
    if (this.run.training.spent >= 1 || this.#phase === "training") return;
    this.#panel({ phase: "training", error: null });
    this.#stopped = false;
    try {
      await this.#trainAwake(numSteps);
      this.#panel({ phase: "ready" });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #trainAwake(numSteps?: number): Promise<void> {
    const end = numSteps === undefined ? Number.POSITIVE_INFINITY : this.run.step + numSteps;
    let goesOn = true;
    while (goesOn) {
      await this.#awake;
      if (this.#stopped) return;
      const left = Number.isFinite(end) ? end - this.run.step : undefined;
      const onProgress = (progress: Parameters<typeof progressed>[1]) => this.#change(progressed(this.slot, progress));
      const { paused } = await this.run.train(left, { onProgress });
      // Put to sleep, and perhaps awake again by now.
      goesOn = paused && !this.#stopped;
    }
  }

  async pause(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.run.pause().catch((error) => this.#fail(error));
  }

  /** Where nobody sees it, it does not compute. */
  sleep(): void {
    if (this.#wake !== undefined) return;
    this.#awake = new Promise((resolve) => {
      this.#wake = resolve;
    });
    if (this.#phase === "training") void this.run.pause().catch((error) => this.#fail(error));
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  async reset(): Promise<void> {
    this.#stopped = true;
    await this.run.reset();
    this.#resets++;
    this.#change(untrained(this.slot, this.opened("seed")));
    this.#change(changePicture(this.slot, { density: null, field: null, lattice: null, inspection: null }));
  }

  /** Back, or forward again, to the share of the training there has been. */
  async rewind(share: number): Promise<void> {
    const { losses, step } = panelAt(this.#host.state, this.slot) ?? { losses: [], step: 0 };
    const asked = Math.round(share * losses.length);
    if (losses.length === 0 || asked === step) return;
    try {
      let reached = await this.run.rewind(asked);
      // Between two snapshots, forward means the next one.
      const next = asked > step && reached.step === step && (await this.run.snapshots()).find((one) => one > step);
      if (next) reached = await this.run.rewind(next);
      this.#resets++;
      this.#change(rewound(this.slot, reached));
      this.#panel({ phase: "ready", error: null });
    } catch (error) {
      this.#stumble(error);
    }
  }

  /** One more block or reflow. What it is refused for is said in the panel. */
  async addRound(): Promise<void> {
    try {
      await this.run.addRound();
      const { experiment, training } = this.run;
      this.#panel({ spent: training.spent, budget: this.#budget, experiment });
      this.#change(changePanel(this.slot, ({ options }) => ({ options: withRounds(options, experiment.method) })));
    } catch (error) {
      this.#stumble(error);
    }
  }

  /** Asks for what is due, one thing at a time. Called every frame. */
  keepUp(nowMs: number): void {
    const isIdle = this.#phase === "ready" || this.#phase === "training";
    if (this.#busy || this.#disposed || !isIdle) return;
    this.#lookThrough();
    const situation = this.#situation(nowMs);
    const task = nextTask(situation, this.#ledger);
    if (task === null) return;
    this.#busy = true;
    this.#perform(task)
      .catch((error) => this.#stumble(error))
      .then((finished) => {
        if (finished) this.#enter(task, situation, nowMs);
      })
      .finally(() => {
        this.#busy = false;
      });
  }

  dispose(): void {
    this.#disposed = true;
    this.wake();
    this.run.dispose();
  }

  #situation(nowMs: number): Situation {
    const { view } = this.#host.state;
    const { spent, round } = this.run.training;
    const { solver, steps } = this.#sampler;
    const training = this.#phase === "training";
    const isPlanar = this.run.dim === 2;
    const seen = layersFor(view, this.run.dim);
    return {
      version: `${this.#resets}:${this.run.step}`,
      round: `${this.#resets}:${round}`,
      sampler: `${solver} ${steps}`,
      plane: isPlanar ? "" : JSON.stringify(view.plane),
      layers: { ...seen, density: seen.density && !this.#noDensity },
      particles: view.particles,
      // While it plays the time moves on with every frame; two decimals are what the eye can tell.
      inspected: view.inspected && isPlanar ? `${view.inspected} ${view.t.toFixed(2)}` : null,
      training,
      // The very first steps say nothing of a training, and would squeeze all that follows into the corner of a chart.
      measurable: spent > (training ? EARLIEST_MEASURED : 0) || this.#state?.origin === "pretrained",
      hasRounds: methodOf(this.choice.method).rounds?.measure !== undefined,
      pathsAreFixed: this.#pathsAreFixed,
      nowMs,
    };
  }

  get #state(): PanelState | undefined {
    return panelAt(this.#host.state, this.slot);
  }

  get #phase(): PanelState["phase"] | undefined {
    return this.#state?.phase;
  }

  get #setup(): Setup {
    return { ...this.#host.state.setup, ...this.choice.own };
  }

  get #sampler() {
    return samplerFor(this.choice.method, this.#setup);
  }

  get #noDensity(): boolean {
    const { method, data } = this.run.experiment;
    const isStudent = method.kind === "reflow" && method.distill > 0;
    return isStudent || whyNoDensity(this.choice.method, data.kind) !== undefined;
  }

  get #budget(): PanelState["budget"] {
    const { budget, method } = this.run.experiment;
    const { steps, seconds = null, networkEvaluations = null } = budget;
    return { steps, seconds, networkEvaluations, rounds: numRounds(method) };
  }

  #plane(): Projector {
    const { plane } = this.#host.state.view;
    if (this.#projector?.plane !== plane) {
      this.#projector = { plane, projector: projectorOf(plane, this.#data, this.run.scaling) };
    }
    return this.#projector.projector;
  }

  /** Where many coordinates are seen through another plane now, the data are seen through it at once. */
  #lookThrough(): void {
    if (this.run.dim === 2 || this.#projector?.plane === this.#host.state.view.plane) return;
    const { center, scale, planar } = this.#plane();
    this.#panel({ center, scale });
    this.#picture({ data: planar(this.#data), noise: null, paths: null });
    void this.run.noise(NUM_SHOWN_AT_ENDS).then((noise) => this.#picture({ noise: planar(noise) }));
  }

  #enter(task: Task, situation: Situation, startMs: number): void {
    const atMs = performance.now();
    this.#ledger[task.kind] = { key: keyOf(task, situation), atMs, costMs: atMs - startMs };
  }

  /** False if it was given up half way because the weights moved on. */
  async #perform(task: Task): Promise<boolean> {
    if (task.kind === "density") return this.#density(task);
    await this.#ask(task);
    return true;
  }

  async #ask(task: Exclude<Task, DensityTask>): Promise<void> {
    switch (task.kind) {
      case "generated":
        return this.#picture(await this.#generated(task.n));
      case "inspection":
        return this.#inspect();
      case "paths":
        return this.#picture({ paths: await this.#paths() });
      case "field":
        return this.#picture({ field: await fieldSlices(this.run, this.#plane(), task.divergence) });
      case "lattice":
        return this.#picture({ lattice: await carriedLattice(this.run, this.#sampler, this.#plane()) });
      case "floor":
        return this.#panel({ floor: await this.run.lossFloor() });
      case "measured":
        return this.#measure(task.n);
      case "costs":
        return this.#compare(task.n);
      case "rounds":
        return this.#panel({ rounds: await this.run.rounds({ n: task.n }) });
    }
  }

  async #generated(n: number): Promise<Pick<Picture, "generated" | "glyphs">> {
    const { curves, glyphs } = await generate(this.run, n, this.#sampler, this.#plane());
    return { generated: curves, glyphs };
  }

  async #inspect(): Promise<void> {
    const { inspected, t } = this.#host.state.view;
    if (inspected === null) return;
    const found = await this.run.inspect(inspected, t, { paths: NUM_INSPECTED_PATHS, ...LIKELIHOOD });
    this.#picture({ inspection: planarInspection(inspected, t, found) });
  }

  async #paths(): Promise<Curves> {
    const conditional = await this.run.conditionalPaths(NUM_PATHS, { times: NUM_PATH_TIMES });
    this.#pathsAreFixed = conditional !== null;
    return planarCurves(conditional ?? (await this.run.trajectories(NUM_PATHS, { from: "data" })), this.#plane());
  }

  async #density({ size }: DensityTask): Promise<boolean> {
    const accuracy = size === COARSE.size ? { steps: COARSE.steps } : {};
    const box = viewOf(this.#plane());
    const cells = cellCenters(box, size);
    const logDensity = new Float32Array(size * size);
    for (let done = 0; done < logDensity.length; ) {
      const stop = Math.min(done + this.#tile, logDensity.length);
      const startMs = performance.now();
      logDensity.set(await this.run.logDensity(cells.subarray(2 * done, 2 * stop), accuracy), done);
      const elapsedMs = performance.now() - startMs;
      this.#tile = Math.round(Math.min(2048, Math.max(64, ((stop - done) * TILE_MS) / Math.max(1, elapsedMs))));
      done = stop;
      const situation = this.#situation(performance.now());
      // In training the weights move on between two tiles: there a coarse map may mix a few steps.
      const due = nextTask(situation, this.#ledger);
      if (!situation.training && !(due?.kind === "density" && due.size === size)) return false;
    }
    this.#picture({ density: { size, box, logDensity } });
    return true;
  }

  async #measure(n: number): Promise<void> {
    const { step, seconds, networkEvaluations } = this.run.training;
    const resets = this.#resets;
    const samples = await this.run.measure({ n, metrics: ["sliced-w2"], ...this.#sampler });
    const found = this.#noDensity
      ? samples
      : { ...(await this.run.measure({ n, metrics: ["likelihood"], ...LIKELIHOOD })) };
    // Reset or rewound between the two questions, they are of different weights.
    if (resets !== this.#resets) return;
    const { slicedW2, slicedW2Floor, nfe, solver } = samples;
    const cost = { step, seconds, networkEvaluations, solver: `${solver.kind} × ${solver.steps}` };
    this.#change(measured(this.slot, { ...found, slicedW2, slicedW2Floor, nfe, ...cost }));
    this.#keepResult();
  }

  async #compare(n: number): Promise<void> {
    const { step } = this.run;
    const points = await this.run.qualityAgainstCost({ n, metrics: ["sliced-w2"] });
    this.#panel({ costs: { step, points } });
    this.#keepResult();
  }

  /** A finished training is kept, to be averaged over seeds. */
  #keepResult(): void {
    const state = this.#state;
    const result = state && resultOf(state, this.#host.state);
    if (result) this.#change(keepResult(result));
  }

  #change(change: Change): void {
    if (!this.#disposed) this.#host.change(change);
  }

  #panel(panel: Partial<PanelState>): void {
    this.#change(changePanel(this.slot, panel));
  }

  #picture(picture: Partial<Picture>): void {
    this.#change(changePicture(this.slot, picture));
  }

  #fail(error: unknown): void {
    this.#panel({ phase: "failed", error: messageOf(error) });
  }

  /** What one question is refused for is said once; only without an engine can nothing be gone on with. */
  #stumble(error: unknown): boolean {
    if (error instanceof FlowError && error.code !== "engine-lost") this.#panel({ error: error.message });
    else this.#fail(error);
    return true;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type DensityTask = Extract<Task, { kind: "density" }>;
