// The worker of a run on WebGPU.
import { watchDevices } from "./gpu-watch";
import { fatal, serve } from "./serve";

const { GPUAdapter } = globalThis as { GPUAdapter?: { prototype: Parameters<typeof watchDevices>[0] } };
watchDevices(GPUAdapter?.prototype, fatal);

serve(() => import("../../generated/gpu/flow_playground.js"));
