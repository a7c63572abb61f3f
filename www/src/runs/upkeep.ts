// What is shown of a run, kept up to date: its picture and its measurements, asked of the engine one at a time.
import { resultOf } from "../evidence/finished";
import { metricsFor } from "../evidence/metrics";
import { type AskedFor, askedOf, classOf, conditionOf } from "../experiment/conditions";
import { digestOfWeights } from "../experiment/digest";
import { methodOf, whyNoDensity } from "../experiment/methods";
import { askedName } from "../experiment/names";
import { isCostly, numShown, whyNoLikelihood } from "../experiment/networks";
import { shapeOf } from "../experiment/pictures";
import type { Projector } from "../experiment/plane";
import type { PanelChoice, Setup } from "../experiment/presets";
import { drawnBy, formulasOf, ownSolverOf, samplerFor, solverFor } from "../experiment/samplers";
import { timesFor } from "../experiment/snapshots";
import type { CostPoint, Run } from "../library";
import type { Curves, Picture } from "../stage/frame";
import { isRepeatable, measured } from "../state/panel";
import { keepResult } from "../state/setup";
import { layersFor } from "../state/view";
import type { MeasuringRun } from "./asked-likelihood";
import { Densities } from "./densities";
import { endsAndWay, numFirst } from "./first-look";
import { LikelihoodOf } from "./likelihood";
import { measuredFrom, startEnergyOf, toTry } from "./measured";
import {
  carried,
  carriedLattice,
  fieldSlices,
  generated,
  picturesOf,
  planarCurves,
  planarInspection,
} from "./pictures";
import type { Place } from "./place";
import { type Ledger, nextTask, type Situation, type Task, taskKey } from "./schedule";
import { SeenThrough } from "./seen-through";

const NUM_SHOWN_AT_ENDS = 700;
const NUM_PATHS = 24;
const NUM_PATH_TIMES = 25;
const NUM_INSPECTED_PATHS = 14;
/** A likelihood wants a converged solver, whatever samples are drawn with; the engine checks it with twice the steps. */
const LIKELIHOOD = { solver: "rk4", steps: 20 } as const;
/** Of them, each with its own error on the page: a likelihood takes a hundred times as long as a sample. */
const MOST_LIKELIHOODS = 512;
/** It has no field between its own times. */
const NOT_OF_STUDENTS = { density: false, velocity: false, streamlines: false, divergence: false } as const;
/** as a share of the budget */
const EARLIEST_MEASURED = 0.01;

export class Upkeep {
  readonly #choice: PanelChoice;
  readonly #run: Run;
  readonly #place: Place;
  readonly #densities: Densities;
  readonly likelihood: LikelihoodOf;
  #ledger: Ledger = {};
  #busy = false;
  /** how often the weights became others than by training on */
  #jumps = 0;
  /** conditional paths do not change in training, trajectories do; known at the first answer */
  #pathsAreFixed = true;
  /** of what is asked for, as the engine says it */
  whyNoTruth: string | null = null;
  /** what the run was last told to be asked for */
  #told: AskedFor | null = null;
  readonly #seen: SeenThrough;

  constructor(choice: PanelChoice, run: Run, place: Place) {
    this.#choice = choice;
    this.#run = run;
    this.#place = place;
    this.#densities = new Densities(run);
    this.#seen = new SeenThrough(run, place);
    this.likelihood = new LikelihoodOf(choice, run, place);
  }

  /** Everything a first look needs at once, so that a new run replaces an old one's picture whole. */
  async firstPicture(): Promise<Partial<Picture>> {
    await this.#ask();
    const n = numFirst(this.#run.dim, this.#sampler, this.#numParticles);
    const situation = this.#situation(performance.now());
    const drawing = shapeOf(this.#run.dim) === null ? null : import("./strips");
    const times = timesFor(this.#choice.method, this.#run.classes);
    const ends = { n: NUM_SHOWN_AT_ENDS, isLabelled: times !== null || conditionOf(this.#choice) === "class" };
    const way = carried(this.#run, n, this.#sampler);
    const { labels, noise, blocks } = await endsAndWay(this.#run, ends, way, (data) => this.#seen.choose(data));
    const [{ planar }, { first, picture }] = [this.plane(), this.#shown(blocks)];
    this.#enter({ kind: "generated", n }, situation, situation.nowMs);
    const strips = drawing && [(await drawing).wayOf(first, this.#run.dim)];
    return {
      data: planar(this.#seen.data),
      labels,
      times,
      noise: planar(noise),
      strips,
      space: this.#seen.space,
      ...picture,
    };
  }

  /** Asks for what is due, one thing at a time. Called every frame. */
  keepUp(nowMs: number): void {
    const phase = this.#place.panel?.phase;
    if (this.#place.isClosed || (phase !== "ready" && phase !== "training")) return;
    this.likelihood.keepTo(this.#weights);
    if (this.#busy) return;
    this.#lookThrough();
    const situation = this.#situation(nowMs);
    const task = nextTask(situation, this.#ledger);
    if (task === null) return;
    this.#busy = true;
    this.#perform(task)
      .catch((error) => this.#place.stumble(error))
      .then((finished) => {
        if (finished !== false) this.#enter(task, situation, nowMs);
      })
      .finally(() => {
        this.#busy = false;
      });
  }

  /** Whether there is nothing to be asked for, nor under way: what is shown is all that there is to be. */
  get isSettled(): boolean {
    const phase = this.#place.panel?.phase;
    if (phase !== "ready") return phase === "failed";
    return !this.#busy && nextTask(this.#situation(performance.now()), this.#ledger) === null;
  }

  /** The weights are others than training on would have made them. */
  jumped(): void {
    this.#jumps++;
  }

  /** What the picture is seen through. */
  plane(): Projector {
    return this.#seen.projector;
  }

  #situation(nowMs: number): Situation {
    const { view } = this.#place.state;
    const { spent, round } = this.#run.training;
    const training = this.#place.panel?.phase === "training";
    const isPlanar = this.#run.dim <= 2 && this.#seen.space === null;
    const seen = layersFor(view, this.#run.dim, this.#seen.space);
    return {
      version: this.#version,
      round: `${this.#jumps}:${round}`,
      asked: this.#asked === null ? "" : `${JSON.stringify(this.#asked)} `,
      sampler: JSON.stringify(this.#sampler),
      tried: this.#tried,
      details: metricsFor(this.#place.state.columns).join(" "),
      plane: this.#seen.isWhole ? "" : JSON.stringify(view.plane),
      layers: this.#isStudent
        ? { ...seen, ...NOT_OF_STUDENTS }
        : { ...seen, density: seen.density && !this.#noDensity },
      particles: this.#numParticles,
      arePictures: seen.glyphs,
      isCostly: isCostly(this.#run.experiment),
      isAskedFor: this.likelihood.isThere,
      device: this.#run.device,
      // While it plays the time moves on with every frame; two decimals are what the eye can tell.
      inspected: view.inspected && isPlanar && !this.#isStudent ? `${view.inspected} ${view.t.toFixed(2)}` : null,
      training,
      // The very first steps say nothing of a training, and would squeeze all that follows into the corner of a chart.
      measurable: spent > (training ? EARLIEST_MEASURED : 0) || this.#place.panel?.origin !== "seed",
      isRepeatable: this.#place.panel !== undefined && isRepeatable(this.#place.panel),
      hasRounds: methodOf(this.#choice.method).rounds?.measure !== undefined,
      pathsAreFixed: this.#pathsAreFixed,
      nowMs,
    };
  }

  get #version(): string {
    return `${this.#jumps}:${this.#run.step}`;
  }

  /** What a likelihood is of: the weights, asked for this. */
  get #weights(): string {
    return `${this.#version} ${JSON.stringify(this.#asked)}`;
  }

  get #setup(): Setup {
    return { ...this.#place.state.setup, ...this.#choice.own };
  }

  /** A link may ask for a class that these data have none of. */
  get #asked(): AskedFor | null {
    const { asks } = this.#place.panel ?? this.#choice;
    return askedOf({ options: this.#choice.options, ...(asks && { asks }) }, this.#setup, this.#run);
  }

  /** Told before what is asked next; what is on its way is still of what was asked before. Whether it is another now. */
  async #ask(): Promise<boolean> {
    const asked = this.#asked;
    if (JSON.stringify(asked) === JSON.stringify(this.#told)) return false;
    this.whyNoTruth = (await this.#run.ask(asked)).whyNoTruth;
    this.#told = asked;
    return true;
  }

  get #sampler() {
    return samplerFor(this.#choice, this.#setup);
  }

  /** Whatever its steps: they are tried all. */
  get #tried(): string {
    const { sampler, steps: _, ...rest } = this.#sampler;
    return sampler === undefined ? "ode" : JSON.stringify({ sampler, ...rest });
  }

  get #numParticles(): number {
    return numShown(this.#run.experiment, this.#place.state.view.particles);
  }

  get #isStudent(): boolean {
    return ownSolverOf(this.#choice) !== null;
  }

  get #noDensity(): boolean {
    const { kind } = this.#run.experiment.data;
    return (whyNoLikelihood(this.#run) ?? whyNoDensity(this.#choice.method, kind)) !== undefined;
  }

  /** `open`s another run of these weights, of so many probes. */
  measureLikelihood(open: (probes: number) => Promise<MeasuringRun>): Promise<void> {
    return this.likelihood.measure(this.#weights, this.#asked, open, () => this.#keepResult());
  }

  /** Where many coordinates are seen through another plane now, the data are seen through it at once. */
  #lookThrough(): void {
    if (this.#seen.isChosen) return;
    const projector = this.#seen.choose();
    const { center, scale, planar } = projector;
    this.#place.changePanel({ center, scale });
    this.#place.changePicture({ data: planar(this.#seen.data), noise: null, paths: null });
    this.#seeNoise(projector).catch((error) => this.#place.stumble(error));
  }

  async #seeNoise(projector: Projector): Promise<void> {
    const noise = await this.#run.noise(NUM_SHOWN_AT_ENDS);
    this.#showThrough(projector, { noise: projector.planar(noise) });
  }

  /** What was on its way while another plane was chosen is of no use any more. */
  #showThrough(projector: Projector, picture: Partial<Picture>): void {
    if (projector === this.plane()) this.#place.changePicture(picture);
  }

  #enter(task: Task, situation: Situation, startMs: number): void {
    const atMs = performance.now();
    this.#ledger[task.kind] = { key: taskKey(task, situation), atMs, costMs: atMs - startMs };
  }

  /** False if it was given up half way because the weights moved on. */
  async #perform(task: Task): Promise<unknown> {
    if (await this.#ask()) {
      this.#place.changePanel({ whyNoTruth: this.whyNoTruth });
      if (conditionOf(this.#choice) === "numbers") this.#seen.data = await this.#run.data(NUM_SHOWN_AT_ENDS);
      this.#showThrough(this.plane(), { data: this.plane().planar(this.#seen.data) });
    }
    switch (task.kind) {
      case "density":
        return this.#density(task.size);
      case "costs":
        return this.#compare(task.n);
      case "generated":
        return this.#showThrough(this.plane(), this.#shown(await carried(this.#run, task.n, this.#sampler)).picture);
      case "strips":
      case "learned":
        return this.#strips(task.kind);
      case "inspection":
        return this.#inspect();
      case "paths":
        return this.#showThrough(this.plane(), { paths: await this.#paths(this.plane()) });
      case "field":
        return this.#place.changePicture({ field: await fieldSlices(this.#run, this.plane(), task.divergence) });
      case "lattice":
        return this.#place.changePicture({
          lattice: await carriedLattice(this.#run, solverFor(this.#choice, this.#setup), this.plane()),
        });
      case "floor":
        return this.#place.changePanel({ floor: await this.#run.lossFloor() });
      case "measured":
        return this.#measure(task.n);
      case "details":
        return this.#detail(task.n);
      case "digest":
        return this.#digest();
      case "price":
        return this.likelihood.price();
      case "rounds":
        return this.#place.changePanel({
          rounds: await this.#run.rounds({ n: task.n }),
          startEnergy: await startEnergyOf(this.#run, this.#choice.method),
        });
    }
  }

  #shown(blocks: Parameters<typeof generated>[0]) {
    const { curves, first } = generated(blocks, this.plane());
    const pictures = picturesOf(first, this.#seen.data, this.#run.dim);
    return { first, picture: { generated: curves, pictures, asked: classOf(this.#told) } };
  }

  async #strips(kind: "strips" | "learned"): Promise<void> {
    const [sampler, own] = [this.#sampler, this.#isStudent || formulasOf(this.#choice) !== null];
    if (kind === "strips") {
      const { stripsOf } = await import("./strips");
      return this.#place.changePicture({ strips: await stripsOf(this.#run, sampler, own) });
    }
    const { learnedOf } = await import("./learned");
    const encoder = this.#isStudent ? null : own ? solverFor(this.#choice, this.#setup) : LIKELIHOOD;
    this.#place.changePicture({ learned: await learnedOf(this.#run, sampler, encoder) });
  }

  async #inspect(): Promise<void> {
    const { inspected, t } = this.#place.state.view;
    if (inspected === null) return;
    const point = inspected.slice(2 - this.#run.dim);
    const found = await this.#run.inspect(point, t, { paths: NUM_INSPECTED_PATHS, ...LIKELIHOOD });
    this.#place.changePicture({ inspection: planarInspection(point, t, this.plane(), found) });
  }

  async #paths(projector: Projector): Promise<Curves> {
    const conditional = await this.#run.conditionalPaths(NUM_PATHS, { times: NUM_PATH_TIMES });
    this.#pathsAreFixed = conditional !== null;
    return planarCurves(conditional ?? (await this.#run.trajectories(NUM_PATHS, { from: "data" })), projector);
  }

  async #density(size: number): Promise<boolean> {
    const density = await this.#densities.of(size, this.plane(), () => this.#isStillDue(size));
    if (density !== null) this.#place.changePicture({ density });
    return density !== null;
  }

  /** In training the weights move on between two tiles: there a coarse map may mix a few steps. */
  #isStillDue(size: number): boolean {
    const situation = this.#situation(performance.now());
    const due = nextTask(situation, this.#ledger);
    return situation.training || (due?.kind === "density" && due.size === size);
  }

  async #digest(): Promise<void> {
    const { step } = this.#run;
    const bits = digestOfWeights(await this.#run.weights());
    if (step === this.#run.step) this.#place.changePanel({ digest: { step, bits } });
  }

  async #measure(n: number): Promise<void> {
    const { step, seconds, networkEvaluations } = this.#run.training;
    const jumps = this.#jumps;
    const samples = await this.#run.measure({ n, metrics: ["sliced-w2"], ...this.#sampler });
    const likelihoodN = Math.min(n, MOST_LIKELIHOODS);
    const likelihood = this.#noDensity
      ? (this.likelihood.found(this.#weights) ?? samples)
      : await this.#run.measure({ n: likelihoodN, metrics: ["likelihood"], ...LIKELIHOOD });
    // Reset or rewound between the two questions, they are of different weights.
    if (jumps !== this.#jumps) return;
    const cost = { step, seconds, networkEvaluations };
    const asked = askedName(this.#told, this.#run);
    const found = measuredFrom(samples, likelihood, cost, asked);
    const isFormula = formulasOf(this.#choice) !== null;
    const solver = isFormula ? drawnBy(this.#choice, this.#setup) : found.solver;
    this.#place.change(measured(this.#place.slot, { ...found, solver }));
    this.#keepResult();
  }

  /** One solver or sampler at a time, so that a click is not kept waiting by all; given up when training goes on. */
  async #compare(n: number): Promise<boolean> {
    const { step } = this.#run;
    const jumps = this.#jumps;
    const asked = this.#tried;
    const tried = await toTry(this.#run, this.#sampler);
    const points: CostPoint[] = [];
    for (const one of tried) {
      points.push(...(await this.#run.qualityAgainstCost({ n, metrics: ["sliced-w2"], solvers: [one] })));
      if (jumps !== this.#jumps || step !== this.#run.step || asked !== this.#tried) return false;
    }
    this.#place.changePanel({ costs: { step, points } });
    this.#keepResult();
    return true;
  }

  /** For the columns that are on. */
  async #detail(n: number): Promise<void> {
    const { step } = this.#run;
    const jumps = this.#jumps;
    const metrics = metricsFor(this.#place.state.columns);
    const found = await this.#run.measure({ n, metrics, ...this.#sampler });
    if (jumps === this.#jumps) this.#place.changePanel({ details: { ...found, step } });
  }

  /** A finished training is kept, to be averaged over seeds. */
  #keepResult(): void {
    const state = this.#place.panel;
    const result = state && resultOf(state);
    if (result) this.#place.change(keepResult(result));
  }
}
