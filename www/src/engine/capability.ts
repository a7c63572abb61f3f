// Can this browser run the WebGPU engine, and should it? Asked before anything of that engine is fetched.

import { msg } from "../language";
import { messageOf } from "./error";
import { ADAPTER_MS, within } from "./within";

/** The parts of WebGPU read here; the rest is Rust's business. */
interface AdapterInfo {
  vendor?: string;
  architecture?: string;
  device?: string;
  description?: string;
  isFallbackAdapter?: boolean;
}
export interface Adapter {
  features: { has(name: string): boolean };
  info?: AdapterInfo;
}
export interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

export interface Capability {
  usable: boolean;
  /** one sentence, for the user */
  reason: string;
  /** its name, where it is usable */
  adapter?: string;
}

const SOFTWARE_ADAPTERS = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

function no(reason: string): Capability {
  return { usable: false, reason };
}

/** `acceptSoftware`: "webgpu" asked for by name takes what there is, "auto" only what is faster than the CPU engine. */
export async function probeWebGpu(gpu: Gpu | undefined, acceptSoftware: boolean): Promise<Capability> {
  if (gpu === undefined) return no(msg("This browser has no WebGPU here"));
  const asked = gpu.requestAdapter().catch(() => null);
  const adapter = await within(ADAPTER_MS, asked, "WebGPU").catch(messageOf);
  if (typeof adapter === "string") return no(adapter);
  if (adapter === null) return no(msg("WebGPU found no graphics adapter"));
  // cubecl-wgpu panics on its first stream without this feature (burn.md, 6).
  if (!adapter.features.has("timestamp-query")) return no(msg("The graphics adapter lacks timestamp-query"));
  if (isSoftware(adapter.info ?? {}) && !acceptSoftware) return no(msg("The only WebGPU adapter is a software one"));
  const name = nameOf(adapter.info ?? {});
  return { usable: true, reason: msg(`WebGPU runs on ${name}.`), adapter: name };
}

function isSoftware(info: AdapterInfo): boolean {
  return info.isFallbackAdapter === true || SOFTWARE_ADAPTERS.test(nameOf(info));
}

function nameOf(info: AdapterInfo): string {
  const parts = [info.description, info.device, info.vendor, info.architecture];
  return parts.filter((part) => part).join(" ") || msg("an unnamed adapter");
}
