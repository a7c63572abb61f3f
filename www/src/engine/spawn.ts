// A worker of this site's, started from whatever page the library is on.
import { msg } from "../language";
import { FlowError, messageOf } from "./error";
import type { Bundle } from "./protocol";
import cpuUrl from "./worker-cpu?worker&url";
import gpuUrl from "./worker-gpu?worker&url";

const URLS: Record<Bundle, string> = { cpu: cpuUrl, gpu: gpuUrl };

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

let trusted: ((url: string) => string) | undefined;

/** A page may take scripts' addresses from named policies only; this one is `flow-playground`. */
function trustedUrl(url: string): string {
  if (trusted === undefined) {
    const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
    const policy = trustedTypes?.createPolicy("flow-playground", { createScriptURL: (one) => one });
    trusted = (one) => policy?.createScriptURL(one) ?? one;
  }
  return trusted(url);
}

/**
 * A worker may only be started from the page's own origin. A blog or a notebook that imports the library from another
 * site, and a sandboxed frame, whose origin is like no other, start a one-line script of their own that imports the real one
 * (which that site must serve with CORS headers). A page that is isolated from other origins does so too: it takes a worker
 * only with the headers that it has itself.
 */
function start(url: string): Worker {
  // Not `location.origin`: in a sandboxed frame that is still the site's.
  // A script of the page's own making, as in a notebook, is of its origin, whatever its scheme makes of that.
  if (url.startsWith("blob:") || (new URL(url).origin === self.origin && !self.crossOriginIsolated))
    return new Worker(trustedUrl(url), { type: "module" });

  // Chromium starts no module from a script of a page without an origin; an isolated page lets only modules in.
  const [code, type] =
    self.origin === "null"
      ? ([`importScripts(${JSON.stringify(url)});`, "classic"] as const)
      : ([`import ${JSON.stringify(url)};`, "module"] as const);
  const scriptUrl = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(trustedUrl(scriptUrl), { type });
  const revoke = () => URL.revokeObjectURL(scriptUrl);
  worker.addEventListener("message", revoke, { once: true });
  worker.addEventListener("error", revoke, { once: true });
  return worker;
}

/** `url` is absolute in what is built; a development server leaves its own origin out. */
export function startWorker(url: string): Worker {
  try {
    if (typeof Worker === "undefined") throw new Error(msg("it runs in a browser, and here is none"));
    return start(new URL(url, self.location.href).href);
  } catch (cause) {
    const message = msg(`The engine's worker could not be started: ${messageOf(cause).replace(/\.$/, "")}.`);
    throw new FlowError({ code: "engine-unavailable", message }, { cause });
  }
}

export function spawnWorker(bundle: Bundle): Worker {
  return startWorker(URLS[bundle]);
}
