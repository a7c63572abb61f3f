// The worker's side of the protocol: one session, its requests answered strictly one after another, training in
// between. A wasm session must never be entered twice at once (Rust would panic on the second borrow), and the CPU
// engine never yields by itself; so training runs in chunks, each in its turn among the runs of the page, and between
// them, as well as while waiting for a turn, the messages that came in are answered.
import type { WebSession } from "../../generated/cpu/flow_playground";
import type { Experiment, ExperimentInput } from "../experiment/experiment";
import { isErrorReport, messageOf } from "./error";
import {
  type AskedClass,
  type AskedLaw,
  type AskedNumbers,
  type CallKind,
  type ErrorReport,
  type Input,
  type LabelledPoints,
  type Output,
  type Reply,
  type Request,
  type SessionInput,
  type Started,
  type TrainingState,
  transferables,
} from "./protocol";
import { Rest } from "./rest";
import { Training } from "./training";
import { type TakeTurn, type Turn, unshared } from "./turns";

type CpuGlue = typeof import("../../generated/cpu/flow_playground.js");

/** What is used of the wasm module's exports; in these the two bundles are the same. */
export interface Glue extends Pick<CpuGlue, "checkEngine" | "checkExperiment" | "samplePoints" | "WebSession"> {
  default(options: { module_or_path: WebAssembly.Module }): Promise<object>;
}

const CHECKPOINT_MS = 1000;

type Post = (reply: Reply, transfer: Transferable[]) => void;
type Answers = { [K in CallKind]: (input: Input<K>) => Output<K> | Promise<Output<K>> };

export class Host {
  readonly #loadGlue: () => Promise<Glue>;
  readonly #post: Post;
  readonly #turnsAt: (lock: string) => TakeTurn;
  readonly #queue: Request[] = [];
  #awake = false;
  /** tells who waits for a turn that a request came in */
  #noticed: () => void = () => undefined;
  #takeTurn: TakeTurn = unshared;
  /** waited for, or had */
  #turn: Turn | undefined;
  #glue: Glue | undefined;
  #rest: Rest | undefined;
  #sessionInput: SessionInput | undefined;
  #session: WebSession | undefined;
  /** kept for when the session starts over */
  #asked: AskedClass | AskedNumbers | null = null;
  #classifier: Uint8Array | undefined;
  #training: Training | undefined;
  #checkpointMs = 0;

  constructor(loadGlue: () => Promise<Glue>, post: Post, turnsAt: (lock: string) => TakeTurn) {
    this.#loadGlue = loadGlue;
    this.#post = post;
    this.#turnsAt = turnsAt;
  }

  receive(request: Request): void {
    this.#queue.push(request);
    this.#noticed();
    if (!this.#awake) void this.#work();
  }

  async #work(): Promise<void> {
    this.#awake = true;
    while (this.#queue.length > 0 || this.#training?.running) {
      for (const request of this.#queue.splice(0)) await this.#answer(request);
      if (this.#training?.running) await this.#trainInTurn(this.#training);
      else this.#endTurn();
    }
    this.#awake = false;
  }

  /** One chunk, unless a request comes in before the turn does: that is answered first, and the place or turn is kept. */
  async #trainInTurn(training: Training): Promise<void> {
    this.#turn ??= this.#takeTurn();
    const noticed = new Promise<void>((resolve) => {
      this.#noticed = resolve;
    });
    if (this.#queue.length === 0) await Promise.race([this.#turn.ready, noticed]);
    if (this.#queue.length > 0) return;
    await this.#trainChunk(training);
    if (!training.running || this.#turn.isOver()) this.#passTurn(training.running);
    await nextMacrotask();
  }

  /** Who goes on is in the queue for the next turn before the others' come: else it would miss a round. */
  #passTurn(goesOn: boolean): void {
    const next = goesOn ? this.#takeTurn() : undefined;
    this.#endTurn();
    this.#turn = next;
  }

  #endTurn(): void {
    this.#turn?.end();
    this.#turn = undefined;
  }

  async #answer(request: Request): Promise<void> {
    try {
      if (request.kind === "train") {
        this.#beginTraining(request.id, request.steps);
        return;
      }
      const answer = this.#answers[request.kind] as (input: Request) => Output<CallKind> | Promise<Output<CallKind>>;
      this.#done(request.id, await answer(request));
    } catch (thrown) {
      this.#failed(request.id, thrown);
    }
  }

  readonly #answers: Omit<Answers, "train"> = {
    load: async ({ module, restUrl, lock }) => {
      if (lock !== undefined) this.#takeTurn = this.#turnsAt(lock);
      this.#glue = await this.#loadBundle(module, restUrl);
      return null;
    },
    rest: ({ module }) => {
      this.#rest?.take(module);
      return null;
    },
    checkEngine: async ({ device }) => {
      await this.#loaded().checkEngine(device);
      return null;
    },
    checkExperiment: ({ experiment }) => complete(this.#loaded().checkExperiment(experiment)),
    samplePoints: ({ distribution, n, seed }) => this.#loaded().samplePoints(distribution, n, seed),
    start: ({ experiment, device, points, dim, labels, classes, numbers, names, weights }) => {
      // Named one by one: the request's id and kind are no part of a session.
      this.#sessionInput = { experiment, device, points, dim, labels, classes, numbers, names, weights };
      return this.#startSession(this.#sessionInput);
    },
    reset: () => {
      if (this.#sessionInput === undefined) throw new Error("reset came before start");
      this.#endTraining();
      return this.#startSession(this.#sessionInput);
    },
    pause: () => {
      this.#endTraining();
      return null;
    },
    snapshots: () => [...this.#running().snapshots()],
    rewind: ({ step }) => this.#rewind(step),
    ask: ({ asked }) => this.#ask(asked),
    labelled: ({ n, seed }) => this.#labelled(n, seed),
    data: ({ n, seed }) => this.#running().data(n, seed),
    noise: ({ n, seed }) => this.#running().noise(n, seed),
    samplers: () => this.#running().samplers(),
    sample: ({ n, sampling, seed }) => this.#running().sample(n, sampling, seed),
    trajectories: ({ n, sampling, seed, from }) => this.#running().trajectories(n, sampling, seed, from),
    transport: ({ points, sampling, from }) => this.#running().transport(points, sampling, from),
    conditionalPaths: ({ n, numTimes, seed }) => this.#running().conditionalPaths(n, numTimes, seed) ?? null,
    velocity: ({ points, t }) => this.#running().velocity(points, t),
    divergence: ({ points, t }) => this.#running().divergence(points, t),
    inspect: ({ point, t, config }) => this.#running().inspect(point, t, config),
    logDensity: ({ points, t, solver }) => this.#running().logDensity(points, t, solver),
    logDensityEstimate: ({ points, t, solver }) => this.#running().logDensityEstimate(points, t, solver),
    judge: ({ classifier }) => this.#judge(classifier),
    measure: ({ n, seed, sampling, metrics }) => this.#running().measure(n, seed, sampling, metrics),
    qualityAgainstCost: ({ samplings, n, seed, metrics }) =>
      this.#running().qualityAgainstCost(samplings, n, seed, metrics),
    lossFloor: ({ n, seed }) => this.#running().lossFloor(n, seed),
    rounds: ({ n, seed }) => this.#running().rounds(n, seed),
    addRound: () => this.#addRound(this.#running()),
    weights: () => this.#running().weights(),
    checkpoint: () => this.#begun().checkpoint(),
    restore: ({ checkpoint }) => this.#begun().restore(checkpoint),
  };

  async #loadBundle(module: WebAssembly.Module, restUrl?: string): Promise<Glue> {
    try {
      const glue = await this.#loadGlue();
      const exports = await glue.default({ module_or_path: module });
      if (restUrl !== undefined) this.#rest = new Rest(exports, restUrl);
      return glue;
    } catch (thrown) {
      throw { code: "engine-unavailable", message: messageOf(thrown) } satisfies ErrorReport;
    }
  }

  async #startSession(input: SessionInput): Promise<Started> {
    this.#session?.free();
    this.#session = undefined;
    this.#training = undefined;
    const { experiment, device, points, dim, labels, classes, numbers, names, weights } = input;
    const own = points && { points, dim, labels, classes, numbers, names };
    this.#session = await this.#loaded().WebSession.create(experiment, device, own, weights);
    this.#training = new Training(this.#session);
    if (this.#asked !== null) this.#ask(this.#asked);
    if (this.#classifier !== undefined) this.#judge(this.#classifier);
    return this.#started(this.#session, this.#training);
  }

  /** As if nothing were asked for. */
  #labelled(n: number, seed: number): LabelledPoints {
    const session = this.#running();
    const asked = this.#asked;
    session.ask();
    try {
      const [points, labels, numbers] = [session.data(n, seed), session.labels(n, seed), session.observations(n, seed)];
      return { points, labels, numbers };
    } finally {
      tell(session, asked);
    }
  }

  #ask(asked: AskedClass | AskedNumbers | null): AskedLaw {
    const session = this.#running();
    tell(session, asked);
    this.#asked = asked;
    return { whyNoTruth: session.whyNoTruth ?? null, passesPerEvaluation: session.passesPerEvaluation };
  }

  #judge(classifier: Uint8Array): null {
    this.#running().readClassifier(classifier);
    this.#classifier = classifier;
    return null;
  }

  #started(session: WebSession, { state }: Training): Started {
    const { experiment, scaling, dim, numParameters } = session;
    const whyNoDensity = session.whyNoDensity ?? null;
    const known = { classes: session.classes(), numbers: session.numbers() };
    return { experiment: complete(experiment), scaling, whyNoDensity, dim, numParameters, ...known, training: state };
  }

  /** A reset then starts over with as many rounds. */
  #addRound(session: WebSession): Started {
    session.addRound();
    if (this.#sessionInput === undefined || this.#training === undefined) throw new Error("a round came before start");
    this.#sessionInput = { ...this.#sessionInput, experiment: session.experiment };
    this.#training.measureSpent();
    return this.#started(session, this.#training);
  }

  #beginTraining(id: number, steps?: number): void {
    if (this.#training === undefined) throw new Error("training came before start");
    if (this.#training.running) {
      refuseTraining("This run is training already: pause it first, or wait for train() to resolve.");
    }
    this.#training.begin(id, steps);
    if (!this.#training.running) this.#done(id, { ...this.#training.state, paused: false });
  }

  #rewind(step: number): TrainingState {
    if (this.#training === undefined) throw new Error("rewind came before start");
    if (this.#training.running) {
      refuseTraining("This run is training: pause it before you rewind it, or wait for train() to resolve.");
    }
    return this.#training.rewind(step);
  }

  async #trainChunk(training: Training): Promise<void> {
    const { id } = training;
    try {
      const progress = await training.advance();
      this.#post({ kind: "progress", id, progress }, []);
      await this.#keepCheckpoint(training);
      if (!training.running) this.#done(id, { ...training.state, paused: false });
    } catch (thrown) {
      training.end();
      this.#failed(id, thrown);
    }
  }

  #endTraining(): void {
    if (!this.#training?.running) return;
    this.#training.end();
    this.#done(this.#training.id, { ...this.#training.state, paused: true });
  }

  /** What the page goes on from if this worker is lost: no more than a second of training is then. */
  async #keepCheckpoint(training: Training): Promise<void> {
    if (training.running && performance.now() - this.#checkpointMs < CHECKPOINT_MS) return;
    const checkpoint = await training.checkpoint();
    this.#post({ kind: "checkpoint", checkpoint }, transferables(checkpoint));
    this.#checkpointMs = performance.now();
  }

  #begun(): Training {
    if (this.#training === undefined) throw new Error("a request came before start");
    return this.#training;
  }

  #loaded(): Glue {
    if (this.#glue === undefined) throw new Error("a request came before load");
    return this.#glue;
  }

  #running(): WebSession {
    if (this.#session === undefined) throw new Error("a request came before start");
    return this.#session;
  }

  #done(id: number, value: Output<CallKind>): void {
    this.#post({ kind: "done", id, value }, transferables(value));
  }

  #failed(id: number, thrown: unknown): void {
    if (isErrorReport(thrown)) this.#post({ kind: "failed", id, error: thrown }, []);
    else this.#post({ kind: "fatal", message: messageOf(thrown) }, []);
  }
}

function refuseTraining(message: string): never {
  throw { code: "already-training", message } satisfies ErrorReport;
}

/** What comes back from Rust has every field; the generated type also serves for what goes in. */
function complete(experiment: ExperimentInput): Experiment {
  return experiment as Experiment;
}

/** Lets the messages in that arrived meanwhile. Unlike setTimeout(0), a channel is not slowed to 4 ms when nested. */
const nextMacrotask: () => Promise<void> = (() => {
  const { port1, port2 } = new MessageChannel();
  return () =>
    new Promise((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
})();

function tell(session: WebSession, asked: AskedClass | AskedNumbers | null): void {
  if (asked !== null && "numbers" in asked) session.observe(Float64Array.from(asked.numbers), asked.guidance ?? 1);
  else session.ask(asked?.class, asked?.guidance);
}
