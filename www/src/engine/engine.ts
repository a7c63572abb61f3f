import type { DistributionKind, Experiment, ExperimentInput } from "../experiment/experiment";
import { seed as checkedSeed, count, oneOf } from "./arguments";
import { bundleFor, compiledBundle } from "./bundle";
import { type Gpu, probeWebGpu } from "./capability";
import { Client } from "./client";
import { FlowError, messageOf } from "./error";
import type { DeviceKind } from "./protocol";
import { Run, type RunInput } from "./run";

export interface EngineOptions {
  /** "auto", the default, takes WebGPU where it is faster than the CPU; "webgpu" takes even a software adapter. */
  device?: "auto" | DeviceKind;
}

/** Enough to compile every kernel of a training step and see a number come back. */
const TRIAL: ExperimentInput = { network: { width: 8, depth: 1 }, optimizer: { batch: 16 } };

/** Starts an engine. It never fails for want of WebGPU: then it runs on the CPU and `deviceReason` says why. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const asked = oneOf("device", options.device ?? "auto", ["auto", "cpu", "webgpu"]);
  if (asked === "cpu") return new Engine("cpu", "The CPU engine was asked for.");

  const { gpu } = navigator as { gpu?: Gpu };
  const { usable, reason } = await probeWebGpu(gpu, asked === "webgpu");
  if (!usable) return new Engine("cpu", `${reason}, so this runs on the CPU.`);
  try {
    return new Engine("webgpu", reason, await tryWebGpu());
  } catch (error) {
    return new Engine("cpu", `WebGPU could not start (${messageOf(error)}), so this runs on the CPU.`);
  }
}

/** An adapter that is offered may still fail to compile or run; one training step in a worker of its own finds out. */
async function tryWebGpu(): Promise<Client> {
  const client = await Client.open("webgpu");
  try {
    await client.call("start", { experiment: TRIAL, device: "webgpu" });
    await client.call("train", { steps: 1 });
    return client;
  } catch (error) {
    client.dispose();
    throw error;
  }
}

/** Makes runs, each in a worker of its own, all on one device. */
export class Engine {
  readonly device: DeviceKind;
  /** one sentence: why this device */
  readonly deviceReason: string;
  readonly #runs = new Set<Run>();
  /** answers what needs no run; opened at the first such question */
  #sessionless: Promise<Client> | undefined;
  #disposed = false;

  /** @internal Use `createEngine`. */
  constructor(device: DeviceKind, deviceReason: string, sessionless?: Client) {
    this.device = device;
    this.deviceReason = deviceReason;
    if (sessionless !== undefined) this.#sessionless = Promise.resolve(sessionless);
    // The download starts before the first run is asked for; should it fail, that run says so.
    compiledBundle(bundleFor(device)).catch(() => undefined);
  }

  /** Starts a run: an experiment, of which any part may be left out, on built-in data or on the caller's points. */
  async run(experiment: ExperimentInput = {}, input: RunInput = {}): Promise<Run> {
    this.#refuseIfDisposed();
    const run = await Run.start(this.device, experiment, input, (ended) => this.#runs.delete(ended));
    if (this.#disposed) {
      run.dispose();
      this.#refuseIfDisposed();
    }
    this.#runs.add(run);
    return run;
  }

  /** The experiment completed with the defaults, or a `FlowError` that names the field which can't be. */
  async checkExperiment(experiment: ExperimentInput): Promise<Experiment> {
    return (await this.#openSessionless()).call("checkExperiment", { experiment });
  }

  /** `n` points of a built-in distribution, flat [x0, y0, x1, y1, ..]. */
  async samplePoints(distribution: DistributionKind, n: number, seed = 0): Promise<Float32Array> {
    const input = { distribution, n: count("n", n), seed: checkedSeed(seed) };
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
    this.#sessionless ??= Client.open(this.device);
    return this.#sessionless;
  }

  #refuseIfDisposed(): void {
    if (this.#disposed) throw new FlowError({ code: "disposed", message: "This engine was disposed." });
  }
}
