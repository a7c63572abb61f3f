// The page's side of the protocol: promises over one worker.
import { msg } from "../language";
import { bundleFor, compiledBundle, restUrlOf, whenRest } from "./bundle";
import { FlowError } from "./error";
import { nextLife, whenDead } from "./life";
import type { CallKind, Checkpoint, DeviceKind, ErrorReport, Input, Output, Reply, TrainingProgress } from "./protocol";
import { spawnWorker } from "./spawn";

interface Pending {
  resolve: (value: never) => void;
  reject: (error: FlowError) => void;
  onProgress: ((progress: TrainingProgress) => void) | undefined;
}

export class Client {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  /** told of each checkpoint that the worker sends by itself while it trains */
  onCheckpoint: (checkpoint: Checkpoint) => void = () => undefined;
  #lastId = 0;
  /** for the rest of the engine */
  #endWait: () => void = () => undefined;
  #ended: ErrorReport | undefined;

  /** A worker with the device's bundle loaded, which takes turns to train at `lock` if there is one. */
  static async open(device: DeviceKind, lock?: string): Promise<Client> {
    const bundle = bundleFor(device);
    const client = new Client(spawnWorker(bundle));
    try {
      const module = await compiledBundle(bundle);
      const [life, restUrl] = [nextLife(), restUrlOf(bundle)];
      await client.call("load", { module, life, ...(restUrl && { restUrl }), ...(lock !== undefined && { lock }) });
      if (restUrl !== undefined) client.#takeRest(restUrl);
      whenDead(life, globalThis.navigator?.locks, () => client.#lost(msg("its worker ended")));
    } catch (error) {
      client.dispose();
      throw isEnd(error) ? notStarted(bundle, error) : error;
    }
    return client;
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = (event: MessageEvent<Reply>) => this.#receive(event.data);
    worker.onerror = (event) => this.#lost(event.message || msg("its worker could not be loaded"));
    worker.onmessageerror = () => this.#lost(msg("a message could not be read"));
  }

  call<K extends CallKind>(
    kind: K,
    input: Input<K>,
    onProgress?: (progress: TrainingProgress) => void,
  ): Promise<Output<K>> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(new FlowError(this.#ended));
        return;
      }
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ ...input, id, kind });
    });
  }

  #takeRest(url: string): void {
    if (this.#ended !== undefined) return;
    this.#endWait = whenRest(url, (module) => void this.call("rest", { module }).catch(() => undefined));
  }

  dispose(): void {
    this.#end({ code: "disposed", message: msg("This run was disposed.") });
  }

  #receive(reply: Reply): void {
    if (reply.kind === "fatal") {
      this.#lost(reply.message);
      return;
    }
    if (reply.kind === "checkpoint") {
      this.onCheckpoint(reply.checkpoint);
      return;
    }
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if (reply.kind === "progress") {
      pending.onProgress?.(reply.progress);
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === "done") pending.resolve(reply.value as never);
    else pending.reject(new FlowError(reply.error));
  }

  /** Ends a worker that can no longer be used; what it was asked counts as lost with it. */
  lose(reason: string): void {
    this.#lost(reason);
  }

  #lost(message: string): void {
    this.#end({ code: "engine-lost", message: msg(`The engine stopped: ${message.replace(/\.$/, "")}.`) });
  }

  #end(reason: ErrorReport): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#worker.terminate();
    this.#endWait();
    for (const { reject } of this.#pending.values()) reject(new FlowError(reason));
    this.#pending.clear();
  }
}

function isEnd(error: unknown): error is FlowError {
  return error instanceof FlowError && error.code === "engine-lost";
}

/** What ends before it has begun was never there. */
function notStarted(bundle: string, error: FlowError): FlowError {
  const message = error.message.replace(msg("The engine stopped"), msg(`The ${bundle} engine could not be started`));
  return new FlowError({ code: "engine-unavailable", message }, { cause: error });
}
