// One panel's run: trains it, and keeps its picture and its measurement up to date.
import { type MethodId, methodOf, numRounds, whyNoDensity } from "./experiment/methods";
import { samplerFor } from "./experiment/presets";
import { FlowError, type Run } from "./library";
import { keyOf, type Ledger, nextTask, type Situation, type Task } from "./schedule";
import type { Box, Curves, Picture } from "./stage/frame";
import { viewBox } from "./stage/view";
import {
  type Change,
  changePanel,
  changePicture,
  type Opened,
  type Origin,
  type PanelState,
  panelAt,
  progressed,
  type Slot,
  type State,
  untrained,
} from "./state";

/** few, so that there is something to see at once; more follow */
const NUM_FIRST_PARTICLES = 256;
const NUM_SHOWN_AT_ENDS = 700;
const NUM_PATHS = 24;
const NUM_PATH_TIMES = 25;
/** The first heat map is for a glance: half the solver steps will do. */
const COARSE = { size: 24, steps: 10 };
/** One call this long at most, so that a click on Train is not kept waiting by a heat map. */
const TILE_MS = 120;
const FIRST_TILE = 192;

export interface PanelHost {
  readonly state: State;
  change(change: Change): void;
}

export class Panel {
  readonly slot: Slot;
  readonly method: MethodId;
  readonly run: Run;
  readonly #host: PanelHost;
  #ledger: Ledger = {};
  #busy = false;
  #disposed = false;
  #resets = 0;
  #tile = FIRST_TILE;
  /** conditional paths do not change in training, trajectories do; known at the first answer */
  #pathsAreFixed = true;

  constructor(slot: Slot, method: MethodId, run: Run, host: PanelHost) {
    this.slot = slot;
    this.method = method;
    this.run = run;
    this.#host = host;
  }

  /** Everything a first look needs at once, so that a new run replaces an old one's picture whole. */
  async firstPicture(): Promise<Picture> {
    const [data, noise, generated] = await Promise.all([
      this.run.data(NUM_SHOWN_AT_ENDS),
      this.run.noise(NUM_SHOWN_AT_ENDS),
      this.#generated(NUM_FIRST_PARTICLES),
    ]);
    return { data, noise, generated, paths: null, density: null };
  }

  opened(origin: Origin): Opened {
    const { device, scaling, training } = this.run;
    const { center, scale } = scaling;
    return { origin, device, center, scale, spent: training.spent, budget: this.#budget };
  }

  /** Trains for so many steps or to the end of the budget, but not beyond it. */
  async train(numSteps?: number): Promise<void> {
    if (this.run.training.spent >= 1 || this.#phase === "training") return;
    this.#panel({ phase: "training", error: null });
    try {
      await this.run.train(numSteps, { onProgress: (progress) => this.#change(progressed(this.slot, progress)) });
      this.#panel({ phase: "ready" });
    } catch (error) {
      this.#fail(error);
    }
  }

  async pause(): Promise<void> {
    await this.run.pause().catch((error) => this.#fail(error));
  }

  async reset(): Promise<void> {
    await this.run.reset();
    this.#resets++;
    this.#change(untrained(this.slot, this.opened("seed")));
    this.#change(changePicture(this.slot, { density: null }));
  }

  /** One more block or reflow. What it is refused for is said in the panel. */
  async addRound(): Promise<void> {
    try {
      await this.run.addRound();
      this.#panel({ spent: this.run.training.spent, budget: this.#budget });
    } catch (error) {
      this.#stumble(error);
    }
  }

  /** Asks for what is due, one thing at a time. Called every frame. */
  keepUp(nowMs: number): void {
    if (this.#busy || this.#disposed || this.#phase === "failed") return;
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
    this.run.dispose();
  }

  #situation(nowMs: number): Situation {
    const { setup, view } = this.#host.state;
    const { spent, round } = this.run.training;
    const { solver, steps } = samplerFor(this.method, setup);
    return {
      version: `${this.#resets}:${this.run.step}`,
      round: `${this.#resets}:${round}`,
      sampler: `${solver} ${steps}`,
      layers: { ...view.layers, density: view.layers.density && !whyNoDensity(this.method, setup.data) },
      training: this.#phase === "training",
      measurable: spent > 0 || this.#state?.origin === "pretrained",
      hasRounds: methodOf(this.method).rounds?.measure !== undefined,
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

  get #budget(): PanelState["budget"] {
    const { budget, method } = this.run.experiment;
    return { steps: budget.steps, rounds: numRounds(method) };
  }

  #enter(task: Task, situation: Situation, startMs: number): void {
    const atMs = performance.now();
    this.#ledger[task.kind] = { key: keyOf(task, situation), atMs, costMs: atMs - startMs };
  }

  /** False if it was given up half way because the weights moved on. */
  async #perform(task: Task): Promise<boolean> {
    switch (task.kind) {
      case "generated":
        this.#picture({ generated: await this.#generated(task.n) });
        return true;
      case "paths":
        this.#picture({ paths: await this.#paths() });
        return true;
      case "density":
        return this.#density(task);
      case "measured":
        await this.#measure(task.n);
        return true;
      case "rounds":
        this.#panel({ rounds: await this.run.rounds({ n: task.n }) });
        return true;
    }
  }

  #generated(n: number): Promise<Curves> {
    return this.run.trajectories(n, { from: "noise", ...samplerFor(this.method, this.#host.state.setup) });
  }

  async #paths(): Promise<Curves> {
    const conditional = await this.run.conditionalPaths(NUM_PATHS, { times: NUM_PATH_TIMES });
    this.#pathsAreFixed = conditional !== null;
    return conditional ?? this.run.trajectories(NUM_PATHS, { from: "data" });
  }

  async #density(task: DensityTask): Promise<boolean> {
    const { size } = task;
    const accuracy = size === COARSE.size ? { steps: COARSE.steps } : {};
    const box = viewBox(this.run.scaling.center, this.run.scaling.scale);
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
      if (!situation.training && !isStillDue(task, nextTask(situation, this.#ledger))) return false;
    }
    this.#picture({ density: { size, box, logDensity } });
    return true;
  }

  async #measure(n: number): Promise<void> {
    const { step } = this.run;
    const { solver, ...measurement } = await this.run.measure({ n });
    this.#panel({ measured: { ...measurement, step, solver: `${solver.kind} × ${solver.steps}` } });
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type DensityTask = Extract<Task, { kind: "density" }>;

function isStillDue({ size }: DensityTask, due: Task | null): boolean {
  return due?.kind === "density" && due.size === size;
}

/** Flat points, row by row from the bottom left. */
function cellCenters({ x, y }: Box, size: number): Float32Array {
  const cells = new Float32Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = 2 * (row * size + column);
      cells[at] = x[0] + ((column + 0.5) / size) * (x[1] - x[0]);
      cells[at + 1] = y[0] + ((row + 0.5) / size) * (y[1] - y[0]);
    }
  }
  return cells;
}
