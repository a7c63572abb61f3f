import type { DistributionKind, Experiment, ExperimentInput } from "../experiment/experiment";
import { msg } from "../language";
import { asName, asSeed, count, withinLimits } from "./arguments";
import { bundleFor, compiledBundle } from "./bundle";
import { calibrate } from "./calibrate";
import { CalibrationStore, choose } from "./calibration";
import { type Capability, type Gpu, probeWebGpu } from "./capability";
import { Client } from "./client";
import { FlowError, messageOf } from "./error";
import type { Placement } from "./keeper";
import type { DeviceKind } from "./protocol";
import { Run, type RunInput } from "./run";
import { DEVICE_MS, within } from "./within";

/** Which adapter there is is mostly known at once; who starts on the CPU anyway does not wait for it longer. */
const SOON_MS = 2000;

export interface EngineOptions {
  /** "auto", the default, takes WebGPU where it is faster than the CPU; "webgpu" takes even a software adapter. */
  device?: "auto" | DeviceKind;
  /** told which share of the engine's bytes has come, from 0 to 1, ten times a second at most; 1 once it is compiled */
  onLoading?: (share: number) => void;
}

/**
 * Starts an engine. It never fails for want of WebGPU: then it runs on the CPU and `deviceReason` says why. "auto" starts on
 * the CPU at once and measures WebGPU beside it: runs that are started after `measured` go where they are faster.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const asked = asName("device", options.device ?? "auto", ["auto", "cpu", "webgpu"]);
  const { onLoading } = options;
  if (asked === "cpu") return new Engine({ device: "cpu", reason: msg("The CPU engine was asked for.") }, onLoading);

  const { gpu } = (globalThis.navigator ?? {}) as { gpu?: Gpu };
  const probing = probeWebGpu(gpu, asked === "webgpu");
  if (asked === "auto") {
    const reason = msg("WebGPU has not answered yet: until it does, this runs on the CPU.");
    const engine = new Engine({ device: "cpu", reason }, onLoading);
    void engine.measure(probing);
    await Promise.race([probing, new Promise((resolve) => setTimeout(resolve, SOON_MS))]);
    return engine;
  }
  const { usable, reason } = await probing;
  if (!usable) return new Engine({ device: "cpu", reason: withoutIt(reason) }, onLoading);
  try {
    if (onLoading !== undefined) await compiledBundle("gpu", onLoading);
    await tryWebGpu();
    return new Engine({ device: "webgpu", reason });
  } catch (error) {
    return new Engine({ device: "cpu", reason: withoutWebGpu(error) });
  }
}

function withoutIt(reason: string): string {
  return msg(`${reason}, so this runs on the CPU.`);
}

function withoutWebGpu(error: unknown): string {
  const reason = messageOf(error).replace(/\s+/g, " ").replace(/\.$/, "");
  return msg(`WebGPU could not start (${reason}), so this runs on the CPU.`);
}

/** An adapter that is offered may still fail to compile, or compute wrongly; a worker of its own finds out. */
async function tryWebGpu(): Promise<void> {
  const client = await Client.open("webgpu");
  try {
    await within(DEVICE_MS, client.call("checkEngine", { device: "webgpu" }), msg("the graphics device"));
  } finally {
    client.dispose();
  }
}

/** The digits and their codes come as points do, and are fetched where the caller has none of them. */
async function withDigits({ data }: ExperimentInput, input: RunInput): Promise<RunInput> {
  const isOfCodes = data?.kind === "digit-codes";
  if (!(isOfCodes || data?.kind === "digits") || input.points !== undefined) return input;
  const { fetchedCodes, fetchedDigits } = await import("../experiment/digits");
  try {
    return { ...(await (isOfCodes ? fetchedCodes : fetchedDigits)()), ...input };
  } catch (error) {
    const message = msg(`The digits could not be fetched: ${messageOf(error)}`);
    throw new FlowError({ code: "data-unavailable", message }, { cause: error });
  }
}

/** Makes runs, each in a worker of its own. */
export class Engine {
  /** done when "auto" knows which device is faster; at once where there is nothing to measure */
  measured: Promise<void> = Promise.resolve();
  #placement: Placement;
  #choose: (experiment: ExperimentInput) => Placement = () => this.#placement;
  readonly #runs = new Set<Run>();
  /** answers what needs no run; opened at the first such question */
  #sessionless: Promise<Client> | undefined;
  #disposed = false;

  /** @internal Use `createEngine`. */
  constructor(placement: Placement, onLoading?: (share: number) => void) {
    this.#placement = placement;
    // The download starts before the first run is asked for; should it fail, that run says so.
    compiledBundle(bundleFor(placement.device), onLoading).catch(() => undefined);
  }

  /** where a run of this experiment is started, and why there */
  placementOf(experiment: ExperimentInput): Placement {
    return this.#choose(experiment);
  }

  /** where a run of the default experiment is started */
  get device(): DeviceKind {
    return this.#choose({}).device;
  }

  /** one sentence: why there */
  get deviceReason(): string {
    return this.#choose({}).reason;
  }

  /** @internal */
  measure(probing: Promise<Capability>): Promise<void> {
    this.measured = this.#measure(probing);
    return this.measured;
  }

  async #measure(probing: Promise<Capability>): Promise<void> {
    const { usable, reason, adapter = "" } = await probing;
    const told = usable ? msg(`${reason} Until it is measured, this runs on the CPU.`) : withoutIt(reason);
    this.#placement = { device: "cpu", reason: told };
    if (!usable) return;
    const store = new CalibrationStore(adapter, storage());
    try {
      const known = store.load();
      const calibration = known ?? (await calibrate());
      if (known === null) store.save(calibration);
      this.#choose = (experiment) => choose(calibration, experiment, adapter);
      if (this.device === "webgpu") compiledBundle("gpu").catch(() => undefined);
    } catch (error) {
      this.#placement = { device: "cpu", reason: withoutWebGpu(error) };
    }
  }

  /** Starts a run: an experiment, of which any part may be left out, on built-in data or on the caller's points. */
  async run(experiment: ExperimentInput = {}, input: RunInput = {}): Promise<Run> {
    this.#refuseIfDisposed();
    const run = await this.#start(this.#choose(experiment), experiment, await withDigits(experiment, input));
    if (this.#disposed) {
      run.dispose();
      this.#refuseIfDisposed();
    }
    this.#runs.add(run);
    return run;
  }

  /** What WebGPU fails at the CPU takes on. */
  async #start(placement: Placement, experiment: ExperimentInput, input: RunInput): Promise<Run> {
    const ended = (run: Run) => this.#runs.delete(run);
    try {
      return await Run.start(placement, experiment, input, ended);
    } catch (error) {
      const isEngine = error instanceof FlowError && error.code.startsWith("engine-");
      if (placement.device === "cpu" || !isEngine) throw error;
      return Run.start({ device: "cpu", reason: withoutWebGpu(error) }, experiment, input, ended);
    }
  }

  /** The experiment completed with the defaults, or a `FlowError` that names the field which can't be. */
  async checkExperiment(experiment: ExperimentInput): Promise<Experiment> {
    return (await this.#openSessionless()).call("checkExperiment", { experiment: withinLimits(experiment) });
  }

  /** `n` points of a built-in distribution, flat [x0, y0, x1, y1, ..]. */
  async samplePoints(distribution: DistributionKind, n: number, seed = 0): Promise<Float64Array> {
    const input = { distribution, n: count("n", n), seed: asSeed(seed) };
    return (await this.#openSessionless()).call("samplePoints", input);
  }

  /** Ends every run of this engine and frees their workers. What was still asked is rejected with "disposed". */
  dispose(): void {
    this.#disposed = true;
    for (const run of [...this.#runs]) run.dispose();
    this.#sessionless?.then(
      (client) => client.dispose(),
      () => undefined,
    );
  }

  #openSessionless(): Promise<Client> {
    this.#refuseIfDisposed();
    this.#sessionless ??= Client.open(this.#placement.device);
    return this.#sessionless;
  }

  #refuseIfDisposed(): void {
    if (this.#disposed) throw new FlowError({ code: "disposed", message: msg("This engine was disposed.") });
  }
}

/** A page may be forbidden to keep anything. */
function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
