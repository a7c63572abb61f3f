import { expect, test, vi } from "vitest";
import { type Adapter, probeWebGpu } from "./capability";

function gpuWith(adapter: Adapter | null) {
  return { requestAdapter: async () => adapter };
}

const timed = { has: (name: string) => name === "timestamp-query" };

test.each([
  ["no WebGPU", undefined, "no WebGPU"],
  ["no adapter", gpuWith(null), "no graphics adapter"],
  ["no timestamps", gpuWith({ features: { has: () => false } }), "timestamp-query"],
  ["SwiftShader", gpuWith({ features: timed, info: { architecture: "swiftshader" } }), "software"],
  ["a fallback adapter", gpuWith({ features: timed, info: { isFallbackAdapter: true } }), "software"],
])("auto refuses %s and says why", async (_, gpu, reason) => {
  const capability = await probeWebGpu(gpu, false);
  expect(capability.usable).toBe(false);
  expect(capability.reason).toContain(reason);
});

test("auto takes a real adapter and names it", async () => {
  const adapter = { features: timed, info: { vendor: "nvidia", architecture: "hopper" } };
  expect(await probeWebGpu(gpuWith(adapter), false)).toEqual({
    usable: true,
    reason: "WebGPU runs on nvidia hopper.",
    adapter: "nvidia hopper",
  });
});

test("webgpu asked for by name takes a software adapter", async () => {
  const adapter = { features: timed, info: { architecture: "swiftshader" } };
  expect((await probeWebGpu(gpuWith(adapter), true)).usable).toBe(true);
});

test("a browser that fails to answer counts as one without an adapter", async () => {
  const gpu = { requestAdapter: () => Promise.reject(new Error("denied")) };
  expect((await probeWebGpu(gpu, true)).usable).toBe(false);
});

test("a driver that never answers is given up, with a sentence", async () => {
  vi.useFakeTimers();
  const probing = probeWebGpu({ requestAdapter: () => new Promise(() => undefined) }, true);
  await vi.runAllTimersAsync();
  expect(await probing).toEqual({ usable: false, reason: "WebGPU gave no answer within 10 seconds" });
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
