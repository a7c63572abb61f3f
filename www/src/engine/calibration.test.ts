import { expect, test } from "vitest";
import { CalibrationStore, choose, fitted, operationsOf, stepMs, TIMED } from "./calibration";

const FAST_GPU = { cpu: { fixed: 0.2, perOperation: 4e-8 }, webgpu: { fixed: 0.5, perOperation: 1e-9 } };

test("the line through two timed steps gives both back, and noise never a negative cost", () => {
  const cost = { fixed: 0.5, perOperation: 2e-8 };
  const timed = (experiment: (typeof TIMED)[number]) => ({
    operations: operationsOf(experiment),
    ms: stepMs(cost, experiment),
  });
  const [small, large] = TIMED.map(timed) as [ReturnType<typeof timed>, ReturnType<typeof timed>];
  const found = fitted(small, large);
  expect(found.fixed).toBeCloseTo(cost.fixed);
  expect(found.perOperation).toBeCloseTo(cost.perOperation, 12);
  expect(fitted(small, { ...large, ms: small.ms / 2 })).toEqual({ fixed: small.ms, perOperation: 0 });
});

test("small experiments go to the CPU and large ones to a fast graphics device, with both times", () => {
  const small = choose(FAST_GPU, { network: { width: 32 }, optimizer: { batch: 64 } }, "acme");
  const large = choose(FAST_GPU, { network: { width: 256 }, optimizer: { batch: 4096 } }, "acme");
  expect([small.device, large.device]).toEqual(["cpu", "webgpu"]);
  expect(large.reason).toMatch(/^Measured here: .* ms on the CPU and .* ms on WebGPU \(acme\)\.$/);
});

test("a step grows with width, batch and depth, and a likelihood's is many", () => {
  const usual = operationsOf({});
  expect(operationsOf({ network: { width: 128 } }) / usual).toBeGreaterThan(3);
  expect(operationsOf({ optimizer: { batch: 512 } }) / usual).toBe(2);
  expect(operationsOf({ network: { depth: 5 } })).toBeGreaterThan(usual);
  expect(operationsOf({ method: { kind: "normalizing-flow" } }) / usual).toBeGreaterThan(50);
});

test("what was measured is kept for each adapter, and broken storage is as good as none", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  expect(new CalibrationStore("a", storage).load()).toBeNull();
  new CalibrationStore("a", storage).save(FAST_GPU);
  expect(new CalibrationStore("a", storage).load()).toEqual(FAST_GPU);
  expect(new CalibrationStore("b", storage).load()).toBeNull();
  for (const broken of ["{", "null", '{"cpu":{}}', '{"cpu":{"fixed":1,"perOperation":null},"webgpu":{}}']) {
    for (const key of kept.keys()) kept.set(key, broken);
    expect(new CalibrationStore("a", storage).load()).toBeNull();
  }
  const forbidden = { getItem: fail, setItem: fail };
  expect(new CalibrationStore("a", forbidden).load()).toBeNull();
  expect(() => new CalibrationStore("a", forbidden).save(FAST_GPU)).not.toThrow();
  expect(new CalibrationStore("a", undefined).load()).toBeNull();
});

function fail(): never {
  throw new Error("forbidden");
}
