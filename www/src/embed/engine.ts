// What an element computes with, fetched while its playground still is.
import { bundleFor, compiledBundle } from "../engine/bundle";
import { type Gpu, probeWebGpu } from "../engine/capability";
import type { OnLoading } from "../engine/loading";

/** The CPU's, with which every playground opens; that of WebGPU where it was asked for by name and can be had. */
export async function loadEngine(isOfGpu: boolean, onLoading: OnLoading): Promise<void> {
  const { gpu } = navigator as { gpu?: Gpu };
  const { usable } = isOfGpu ? await probeWebGpu(gpu, true) : { usable: false };
  await compiledBundle(bundleFor(usable ? "webgpu" : "cpu"), onLoading);
}
