// The wasm of each bundle, fetched and compiled once for all runs: a compiled module is shared with workers by
// message, so the second run downloads and compiles nothing.

import cpuUrl from "../../generated/cpu/flow_playground_bg.wasm?url";
import cpuRestUrl from "../../generated/cpu/flow_playground_rest.wasm?url";
import gpuUrl from "../../generated/gpu/flow_playground_bg.wasm?url";
import { msg } from "../language";
import { FlowError, messageOf } from "./error";
import { Loading, type OnLoading } from "./loading";
import type { Bundle, DeviceKind } from "./protocol";

const URLS: Record<Bundle, string> = { cpu: cpuUrl, gpu: gpuUrl };
/** What a first minute does without, in a file of its own. */
const REST_URLS: Partial<Record<Bundle, string>> = { cpu: cpuRestUrl };
/** Of the files, which is not what their hosts say: those count what they have compressed. */
const SIZES: Record<Bundle, number> = import.meta.env.VITE_ENGINE_BYTES;

interface Load {
  module: Promise<WebAssembly.Module>;
  loading: Loading;
}
const loads = new Map<Bundle, Load>();

export function bundleFor(device: DeviceKind): Bundle {
  return device === "webgpu" ? "gpu" : "cpu";
}

/** Told is the share that has come, from 0 to 1. */
export function compiledBundle(bundle: Bundle, onLoading?: OnLoading): Promise<WebAssembly.Module> {
  let load = loads.get(bundle);
  if (load === undefined) {
    load = begun(bundle, onLoading !== undefined);
    loads.set(bundle, load);
    // A failed download is tried again by the next engine.
    load.module.catch(() => loads.delete(bundle));
  }
  if (onLoading !== undefined) load.loading.tell(onLoading);
  return load.module;
}

function begun(bundle: Bundle, isWatched: boolean): Load {
  const loading = new Loading(SIZES[bundle]);
  const module = compile(bundle, isWatched ? loading : null);
  module.then(
    () => loading.end(),
    () => undefined,
  );
  return { module, loading };
}

/** Absolute, as a worker wants it, whose script may be elsewhere; `undefined` of an engine in one part. */
export function restUrlOf(bundle: Bundle): string | undefined {
  const url = REST_URLS[bundle];
  return url && new URL(url, globalThis.location.href).href;
}

/** So long after an engine is there its first picture and first steps are not in want of the network any more. */
const REST_AFTER_MS = 4000;
/** What is told when a rest has come; once it is there, its module. */
type LaterPart = { module: WebAssembly.Module } | { waiting: Set<(module: WebAssembly.Module) => void> };
const rests = new Map<string, LaterPart>();

/**
 * Tells of the rest of an engine, in time; at once for all engines but the first. Who needs it before, or where it does not come,
 * fetches it for itself. Returns what ends the wait, so that nothing is held for who has gone.
 */
export function whenRest(url: string, tell: (module: WebAssembly.Module) => void): () => void {
  const rest = rests.get(url) ?? begunRest(url);
  if ("module" in rest) {
    tell(rest.module);
    return () => undefined;
  }
  rest.waiting.add(tell);
  return () => rest.waiting.delete(tell);
}

function begunRest(url: string): LaterPart {
  const waiting = new Set<(module: WebAssembly.Module) => void>();
  // Whoever comes then begins anew.
  const giveUp = () => rests.delete(url);
  const bring = async () => {
    const module = await fetchCompiled(url, null);
    rests.set(url, { module });
    for (const tell of waiting) tell(module);
    waiting.clear();
  };
  setTimeout(() => (waiting.size === 0 ? giveUp() : bring().catch(giveUp)), REST_AFTER_MS);
  rests.set(url, { waiting });
  return { waiting };
}

async function fetchCompiled(url: string, watched: Loading | null): Promise<WebAssembly.Module> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(msg(`the server answered ${answer.status}`));
  // A browser keeps what it has compiled only of an answer that nobody else reads.
  const response = watched === null ? answer : watched.counted(answer);
  const isWasm = response.headers.get("content-type")?.startsWith("application/wasm");
  // Some static hosts don't know .wasm; streaming compilation refuses their content type.
  return await (isWasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
}

async function compile(bundle: Bundle, watched: Loading | null): Promise<WebAssembly.Module> {
  try {
    return await fetchCompiled(URLS[bundle], watched);
  } catch (cause) {
    throw new FlowError(
      { code: "engine-unavailable", message: msg(`The ${bundle} engine could not be loaded: ${messageOf(cause)}.`) },
      { cause },
    );
  }
}
