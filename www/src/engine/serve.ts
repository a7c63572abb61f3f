// What a run's worker does, with the glue of its engine: each engine's worker has but its own, and the CPU's is in every first view.
import { messageOf } from "./error";
import { type Glue, Host } from "./host";
import { holdForLife } from "./life";
import type { Reply, Request } from "./protocol";
import { turnsAt } from "./turns";

declare global {
  /** Called by the panic hook in Rust. With panic=abort the promise that panicked never settles. */
  var __flowPlaygroundPanic: ((message: string) => void) | undefined;
}

function post(reply: Reply, transfer: Transferable[] = []): void {
  globalThis.postMessage(reply, { transfer });
}

/** After it nothing more is to be had of this worker. */
export function fatal(thrown: unknown): void {
  post({ kind: "fatal", message: messageOf(thrown) });
}

export function serve(loadGlue: () => Promise<Glue>): void {
  globalThis.__flowPlaygroundPanic = fatal;
  globalThis.addEventListener("unhandledrejection", (event) => fatal(event.reason));
  globalThis.addEventListener("error", (event) => fatal(event.message));

  const host = new Host(loadGlue, post, (lock) => turnsAt(lock, navigator.locks));
  globalThis.addEventListener("message", async ({ data: request }: MessageEvent<Request>) => {
    // The first request of all: nothing overtakes it.
    if (request.kind === "load") await holdForLife(request.life, navigator.locks);
    host.receive(request);
  });
}
