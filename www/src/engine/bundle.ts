// The wasm of each bundle, fetched and compiled once for all runs: a compiled module is shared with workers by
// message, so the second run downloads and compiles nothing.
import cpuUrl from "../../generated/cpu/flow_playground_bg.wasm?url";
import gpuUrl from "../../generated/gpu/flow_playground_bg.wasm?url";
import { FlowError, messageOf } from "./error";
import type { Bundle, DeviceKind } from "./protocol";

const URLS: Record<Bundle, string> = { cpu: cpuUrl, gpu: gpuUrl };
const compiled = new Map<Bundle, Promise<WebAssembly.Module>>();

export function bundleFor(device: DeviceKind): Bundle {
  return device === "webgpu" ? "gpu" : "cpu";
}

export function compiledBundle(bundle: Bundle): Promise<WebAssembly.Module> {
  let module = compiled.get(bundle);
  if (module === undefined) {
    module = compile(bundle);
    compiled.set(bundle, module);
    // A failed download is tried again by the next engine.
    module.catch(() => compiled.delete(bundle));
  }
  return module;
}

async function compile(bundle: Bundle): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(URLS[bundle]);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const isWasm = response.headers.get("content-type")?.startsWith("application/wasm");
    // Some static hosts don't know .wasm; streaming compilation refuses their content type.
    return await (isWasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (cause) {
    throw new FlowError(
      { code: "engine-unavailable", message: `The ${bundle} engine could not be loaded: ${messageOf(cause)}.` },
      { cause },
    );
  }
}
