// One panel's run: trains it, and keeps its picture and its measurement up to date.
import { budgetOf, type MethodKind } from "./experiment/presets";
import type { Run } from "./library";
import { keyOf, type Ledger, nextTask, type Situation, type Task } from "./schedule";
import type { Box, Curves, Picture } from "./stage/frame";
import { viewBox } from "./stage/view";
import { type Change, changePanel, changePicture, progressed, type State, untrained } from "./state";

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
  readonly method: MethodKind;
  readonly run: Run;
  readonly #host: PanelHost;
  #ledger: Ledger = {};
  #busy = false;
  #disposed = false;
  #resets = 0;
  #tile = FIRST_TILE;

  constructor(method: MethodKind, run: Run, host: PanelHost) {
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

  /** Trains for so many steps, but not beyond the budget. */
  async train(maxSteps: number): Promise<void> {
    const steps = Math.min(maxSteps, budgetOf(this.method) - this.run.step);
    if (steps <= 0) return;
    this.#panel({ phase: "training", error: null });
    try {
      await this.run.train(steps, { onProgress: (progress) => this.#change(progressed(this.method, progress)) });
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
    this.#change(untrained(this.method, "seed"));
    this.#change(changePicture(this.method, { density: null }));
  }

  /** Asks for what is due, one thing at a time. Called every frame. */
  keepUp(nowMs: number): void {
    if (this.#busy || this.#disposed || this.#host.state.panels[this.method].phase === "failed") return;
    const situation = this.#situation(nowMs);
    const task = nextTask(situation, this.#ledger);
    if (task === null) return;
    this.#busy = true;
    this.#perform(task)
      .then((finished) => {
        if (finished) this.#enter(task, situation, nowMs);
      })
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#busy = false;
      });
  }

  dispose(): void {
    this.#disposed = true;
    this.run.dispose();
  }

  #situation(nowMs: number): Situation {
    const { setup, view, panels } = this.#host.state;
    const { phase, origin, step } = panels[this.method];
    return {
      version: this.#version,
      sampler: `${setup.solver} ${setup.solverSteps}`,
      layers: view.layers,
      training: phase === "training",
      measurable: step > 0 || origin === "pretrained",
      pathsAreFixed: this.method === "flow-matching",
      nowMs,
    };
  }

  get #version(): string {
    return `${this.#resets}:${this.run.step}`;
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
    }
  }

  #generated(n: number): Promise<Curves> {
    const { solver, solverSteps: steps } = this.#host.state.setup;
    return this.run.trajectories(n, { from: "noise", solver, steps });
  }

  async #paths(): Promise<Curves> {
    const conditional = await this.run.conditionalPaths(NUM_PATHS, { times: NUM_PATH_TIMES });
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

  #panel(panel: Partial<State["panels"][MethodKind]>): void {
    this.#change(changePanel(this.method, panel));
  }

  #picture(picture: Partial<Picture>): void {
    this.#change(changePicture(this.method, picture));
  }

  #fail(error: unknown): void {
    this.#panel({ phase: "failed", error: error instanceof Error ? error.message : String(error) });
  }
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
