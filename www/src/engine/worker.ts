// A run's worker: the only importer of the wasm.
import { messageOf } from "./error";
import { watchDevices } from "./gpu-watch";
import { type Glue, Host } from "./host";
import { holdForLife } from "./life";
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

const { GPUAdapter } = globalThis as { GPUAdapter?: { prototype: Parameters<typeof watchDevices>[0] } };
watchDevices(GPUAdapter?.prototype, fatal);

const host = new Host(loadGlue, post, (lock) => turnsAt(lock, navigator.locks));
globalThis.addEventListener("message", async ({ data: request }: MessageEvent<Request>) => {
  // The first request of all: nothing overtakes it.
  if (request.kind === "load") await holdForLife(request.life, navigator.locks);
  host.receive(request);
});
