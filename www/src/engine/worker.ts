// A run's worker: the only importer of the wasm.
import { messageOf } from "./error";
import { type Glue, Host } from "./host";
import type { Bundle, Reply, Request } from "./protocol";
import { turnsAt } from "./turns";

declare global {
  /** Called by the panic hook in Rust. With panic=abort the promise that panicked never settles. */
  var __flowPlaygroundPanic: ((message: string) => void) | undefined;
}

function post(reply: Reply, transfer: Transferable[] = []): void {
  globalThis.postMessage(reply, { transfer });
}

function fatal(thrown: unknown): void {
  post({ kind: "fatal", message: messageOf(thrown) });
}

function loadGlue(bundle: Bundle): Promise<Glue> {
  return bundle === "cpu"
    ? import("../../generated/cpu/flow_playground.js")
    : import("../../generated/gpu/flow_playground.js");
}

globalThis.__flowPlaygroundPanic = fatal;
globalThis.addEventListener("unhandledrejection", (event) => fatal(event.reason));
globalThis.addEventListener("error", (event) => fatal(event.message));

const host = new Host(loadGlue, post, (lock) => turnsAt(lock, navigator.locks));
globalThis.addEventListener("message", (event: MessageEvent<Request>) => host.receive(event.data));
