// The WebGPU engine on Chromium's software adapter.
import { expect, test } from "./blank";

const EXPERIMENT = {
  seed: 3,
  data: { kind: "moons" },
  network: { width: 16, depth: 2 },
  optimizer: { batch: 64 },
} as const;

// A software adapter compiles each kernel for seconds and trains a few steps a second.
test.setTimeout(300_000);

for (const method of ["flow-matching", "normalizing-flow"] as const) {
  test(`${method} trains on WebGPU and agrees with the CPU`, async ({ page }) => {
    const [cpu, webgpu] = await page.evaluate(
      async ({ experiment, method, numSteps }) => {
        const results = [];
        for (const device of ["cpu", "webgpu"] as const) {
          const engine = await window.flow.createEngine({ device });
          const run = await engine.run({ ...experiment, method: { kind: method } });
          const losses: number[] = [];
          await run.train(numSteps, { onProgress: (progress) => losses.push(...progress.losses) });
          const sample = await run.sample(32, { solver: "euler", steps: 4, seed: 1 });
          const logDensity = await run.logDensity(sample.slice(0, 16), { solver: "euler", steps: 4 });
          results.push({
            device: engine.device,
            reason: engine.deviceReason,
            losses,
            sample: [...sample],
            logDensity: [...logDensity],
          });
          engine.dispose();
        }
        return results;
      },
      { experiment: EXPERIMENT, method, numSteps: 5 },
    );
    expect(webgpu?.device, webgpu?.reason).toBe("webgpu");
    expect(cpu?.device).toBe("cpu");
    for (const key of ["losses", "sample", "logDensity"] as const) {
      expect(webgpu?.[key]).toHaveLength(cpu?.[key].length ?? -1);
      expect(worstDifference(cpu?.[key] ?? [], webgpu?.[key] ?? []), key).toBeLessThan(2e-3);
    }
  });
}

test("auto leaves a software adapter alone, and does not fetch its engine", async ({ page }) => {
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  const { device, deviceReason } = await page.evaluate(async () => {
    const { device, deviceReason } = await window.flow.createEngine({ device: "auto" });
    return { device, deviceReason };
  });
  expect(device).toBe("cpu");
  expect(deviceReason).toContain("software");
  // The CPU engine's alone.
  expect(urls.filter((url) => url.endsWith(".wasm")).length).toBeLessThanOrEqual(1);
});

function worstDifference(expected: number[], actual: number[]): number {
  return Math.max(
    ...expected.map((value, i) => Math.abs(value - (actual[i] as number)) / Math.max(1, Math.abs(value))),
  );
}
