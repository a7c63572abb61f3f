// Engines that die, that a run moves between, and that are measured: whatever happens, no more than the last second is lost.
import { brotliCompressSync, constants } from "node:zlib";
import type { Page, Worker } from "@playwright/test";
import { ENGINE_NAMES } from "../../www/src/experiment/engines";
import { expect, test } from "./blank";
import { firstView, leaveDrawer, setBudget, taken, trainToEnd } from "./opened";

test.setTimeout(300_000);

/** Half a minute and more of a software adapter each; others of their kind are always run, here or natively. */
const slowTest = process.env.SLOW === undefined ? test.skip : test;

const EXPERIMENT = {
  seed: 3,
  method: { kind: "flow-matching" },
  network: { width: 16, depth: 2 },
  optimizer: { batch: 64 },
  budget: { steps: 100_000 },
} as const;

/** Trains in the page and keeps what it hears in `window.heard`. */
async function startTraining(page: Page, device: "cpu" | "webgpu", steps: number): Promise<void> {
  await page.evaluate(
    async ({ experiment, device, steps }) => {
      const heard = { losses: [] as number[], placements: [] as { device: string; reason: string }[] };
      const engine = await window.flow.createEngine({ device });
      const run = await engine.run(experiment, { onPlaced: (placement) => heard.placements.push({ ...placement }) });
      const training = run.train(steps, { onProgress: ({ losses }) => heard.losses.push(...losses) });
      Object.assign(window, { heard, engine, run, training });
    },
    { experiment: EXPERIMENT, device, steps },
  );
}

/** The run's own worker: the newest. */
function runWorker(page: Page): Worker {
  return page.workers().at(-1) as Worker;
}

async function untilStep(page: Page, step: number): Promise<void> {
  await page.waitForFunction((step) => (window as unknown as Heard).run.step >= step, step, { timeout: 120_000 });
}

interface Heard {
  heard: { losses: number[]; placements: { device: string; reason: string }[] };
  run: { step: number; device: string; deviceReason: string };
  training: Promise<{ step: number; paused: boolean }>;
}

async function outcome(page: Page) {
  return page.evaluate(async () => {
    const { heard, run, training } = window as unknown as Heard;
    const { step, paused } = await training;
    return { ...heard, step, paused, device: run.device, reason: run.deviceReason };
  });
}

/** All steps were made and told once, with losses that are numbers. */
function expectWhole(found: Awaited<ReturnType<typeof outcome>>, steps: number): void {
  expect({ step: found.step, paused: found.paused }).toEqual({ step: steps, paused: false });
  expect(found.losses).toHaveLength(steps);
  expect(found.losses.every(Number.isFinite)).toBe(true);
}

test.describe("an engine that fails in the middle of training", () => {
  // What the browser and the engine write on the console when a device dies.
  test.use({ allowedErrors: /lost|destroyed|panicked|cubecl|wgpu|GPU|WGSL|unreachable/i });

  test("a lost graphics device is replaced, and after another the CPU goes on", async ({ page }) => {
    await startTraining(page, "webgpu", 400);
    for (const [step, devices] of [
      [60, ["webgpu"]],
      [150, ["webgpu", "cpu"]],
    ] as const) {
      await untilStep(page, step);
      await runWorker(page).evaluate(() => globalThis.__flowPlaygroundDevices?.at(-1)?.destroy());
      await expect
        .poll(() => page.evaluate(() => (window as unknown as Heard).heard.placements.map(({ device }) => device)), {
          timeout: 60_000,
        })
        .toEqual(devices);
    }
    const found = await outcome(page);
    expectWhole(found, 400);
    expect(found.device).toBe("cpu");
    expect(found.reason).toMatch(/graphics device was lost.* Training goes on from step \d+ on the CPU\.$/);
  });

  for (const device of ["cpu", "webgpu"] as const) {
    slowTest(`a worker that ends without a word is replaced (${device})`, async ({ page }) => {
      const steps = device === "cpu" ? 20_000 : 300;
      await startTraining(page, device, steps);
      await untilStep(page, 50);
      await runWorker(page).evaluate(() => self.close());
      const found = await outcome(page);
      expectWhole(found, steps);
      expect(found.placements).toHaveLength(1);
      expect(found.reason).toContain("its worker ended");
      expect(found.device).toBe(device);
    });
  }

  slowTest("a command that the device refuses is noticed", async ({ page }) => {
    await startTraining(page, "webgpu", 300);
    await untilStep(page, 50);
    await runWorker(page).evaluate(() => {
      const device = globalThis.__flowPlaygroundDevices?.at(-1) as unknown as {
        createShaderModule(source: { code: string }): void;
      };
      device.createShaderModule({ code: "this is no shader" });
    });
    const found = await outcome(page);
    expectWhole(found, 300);
    expect(found.placements.length).toBeGreaterThan(0);
    expect(found.reason).toContain("refused a command");
  });

  slowTest("what memory cannot hold is refused alone, and training goes on", async ({ page }) => {
    await startTraining(page, "webgpu", 500);
    await untilStep(page, 20);
    const refusal = await page.evaluate(() => {
      const { run } = window as unknown as { run: import("../../www/src/library").Run };
      return run.trajectories(1_000_000, { solver: "rk4", steps: 1000 }).then(
        () => "given",
        (error: Error) => error.message,
      );
    });
    expect(refusal).toContain("which is what fits in memory");
    expectWhole(await outcome(page), 500);
  });
});

slowTest("a run moves to another device and back without losing a step", async ({ page }) => {
  const [moved, unmoved] = await page.evaluate(async (experiment) => {
    const results = [];
    for (const isMoving of [true, false]) {
      const engine = await window.flow.createEngine({ device: "cpu" });
      const run = await engine.run(experiment);
      const losses: number[] = [];
      const onProgress = (progress: { losses: number[] }) => losses.push(...progress.losses);
      const devices: string[] = [run.device];
      for (const device of ["webgpu", "cpu"] as const) {
        await run.train(20, { onProgress });
        const training = run.train(20, { onProgress });
        if (isMoving) await run.moveTo(device);
        await training;
        devices.push(run.device);
      }
      const sample = await run.sample(16, { solver: "euler", steps: 4, seed: 1 });
      results.push({ losses, devices, sample: [...sample], step: run.step });
      engine.dispose();
    }
    return results;
  }, EXPERIMENT);
  expect(moved?.devices).toEqual(["cpu", "webgpu", "cpu"]);
  expect([moved?.step, unmoved?.step]).toEqual([80, 80]);
  for (const key of ["losses", "sample"] as const) {
    expect(moved?.[key]).toHaveLength(unmoved?.[key].length ?? -1);
    const differences = moved?.[key].map((value, i) => Math.abs(value - (unmoved?.[key][i] as number))) ?? [];
    expect(Math.max(...differences), key).toBeLessThan(2e-3 * 8);
  }
});

slowTest("a training step is at most four dispatches", async ({ page }) => {
  await startTraining(page, "webgpu", 10_000);
  await untilStep(page, 50);
  const worker = runWorker(page);
  await worker.evaluate(() => {
    const { GPUComputePassEncoder } = globalThis as unknown as {
      GPUComputePassEncoder: { prototype: { dispatchWorkgroups(...counts: number[]): void } };
    };
    const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
    const counted = globalThis as unknown as { dispatches: number };
    counted.dispatches = 0;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...counts) {
      counted.dispatches += 1;
      return dispatchWorkgroups.apply(this, counts);
    };
  });
  const count = async () => ({
    step: await page.evaluate(() => (window as unknown as Heard).run.step),
    dispatches: await worker.evaluate(() => (globalThis as unknown as { dispatches: number }).dispatches),
  });
  const before = await count();
  await untilStep(page, before.step + 200);
  const after = await count();
  expect(after.dispatches).toBeGreaterThan(200);
  // A chunk of steps that is under way, and a checkpoint each second, are counted with them.
  expect((after.dispatches - before.dispatches) / (after.step - before.step)).toBeLessThan(4);
});

for (const [what, adapter, reason] of [
  ["no adapter", null, "no graphics adapter"],
  ["an adapter without timestamps", { features: [], info: {} }, "timestamp-query"],
] as const) {
  test(`with ${what} the CPU computes, and says so`, async ({ page }) => {
    const found = await page.evaluate(async (adapter) => {
      const { gpu } = navigator as unknown as { gpu: object };
      Object.getPrototypeOf(gpu).requestAdapter = async () => adapter && { ...adapter, features: new Set() };
      const engine = await window.flow.createEngine({ device: "webgpu" });
      const run = await engine.run({ network: { width: 8 } });
      return { device: engine.device, reason: engine.deviceReason, ran: (await run.train(5)).step, on: run.device };
    }, adapter);
    expect(found).toMatchObject({ device: "cpu", ran: 5, on: "cpu" });
    expect(found.reason).toContain(reason);
    expect(found.reason).toMatch(/so this runs on the CPU\.$/);
  });
}

test("where the device is refused the CPU computes, and says so", async ({ page }) => {
  page.on("worker", (worker) =>
    worker.evaluate(() => {
      const { GPUAdapter } = globalThis as unknown as { GPUAdapter: { prototype: Record<string, unknown> } };
      GPUAdapter.prototype.requestDevice = () => Promise.reject(new DOMException("not today", "OperationError"));
    }),
  );
  const found = await page.evaluate(async () => {
    const engine = await window.flow.createEngine({ device: "webgpu" });
    return [engine.device, engine.deviceReason];
  });
  expect(found[0]).toBe("cpu");
  expect(found[1]).toMatch(/^WebGPU could not start \(.*so this runs on the CPU\.$/);
});

slowTest(
  "auto measures an adapter that looks real, keeps what it measured, and says which is faster",
  async ({ page }) => {
    const measured = await page.evaluate(async () => {
      const { GPUAdapter } = window as unknown as { GPUAdapter: { prototype: object } };
      Object.defineProperty(GPUAdapter.prototype, "info", { value: { vendor: "acme", architecture: "swift" } });
      const engine = await window.flow.createEngine({ device: "auto" });
      const before = { device: engine.device, reason: engine.deviceReason };
      await engine.measured;
      const run = await engine.run({ network: { width: 32 } });
      const kept = () => Object.entries(localStorage).filter(([key]) => key.includes("acme swift"));
      const first = kept();
      const again = await window.flow.createEngine({ device: "auto" });
      await again.measured;
      return {
        before,
        device: run.device,
        reason: run.deviceReason,
        first,
        later: kept(),
        again: again.deviceReason,
      };
    });
    expect(measured.before.device).toBe("cpu");
    expect(measured.before.reason).toContain("Until it is measured");
    const times =
      /^Measured here: a training step takes about [\d.]+ [mµ]s on the CPU and [\d.]+ m?s on WebGPU \(acme swift\)\.$/;
    expect(measured.reason).toMatch(times);
    // A software adapter under another name.
    expect(measured).toMatchObject({ device: "cpu", later: measured.first });
    expect(measured.first).toHaveLength(1);
    expect(measured.again).toMatch(times);
  },
);

test("the engine is no larger than a visitor should wait for", async ({ page, baseURL }) => {
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith(".wasm")),
    page.evaluate(() => window.flow.createEngine({ device: "webgpu" }).then(({ device }) => device)),
  ]);
  expect(response.url().startsWith(new URL(baseURL ?? "").origin)).toBe(true);
  const size = brotliCompressSync(await response.body(), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  expect(size).toBeLessThanOrEqual(1_700_000);
});

test("on the page the runs go to the engine that the reader chooses, and training goes on", async ({
  page,
  baseURL,
}) => {
  await leaveDrawer(page, "pinned");
  await page.goto(baseURL ?? "");
  // A likelihood's second a step, and a density's many, are for another test: this one waits for steps.
  await page.getByRole("button", { name: "Remove panel A" }).click();
  await page.locator('[data-layer="density"]').click();
  await setBudget(page, "steps", 1_000_000);
  const engine = page.getByRole("region", { name: "Engine" });
  await expect(engine.getByRole("button", { name: "Auto" })).toHaveAttribute("aria-pressed", "true");
  await expect(engine).toContainText("so this runs on the CPU.");
  await page.getByRole("button", { name: /^Train/ }).click();
  const shown = page.locator('[data-method="flow-matching"] .status');
  await expect.poll(async () => stepOf(await shown.innerText())).toBeGreaterThan(100);
  await engine.getByRole("button", { name: "WebGPU" }).click();
  await expect(shown.locator(".engine dd")).toHaveText("WebGPU", { timeout: 120_000 });
  const moved = stepOf(await shown.innerText());
  await expect.poll(async () => stepOf(await shown.innerText()), { timeout: 60_000 }).toBeGreaterThan(moved + 10);
  await engine.getByRole("button", { name: "CPU" }).click();
  await expect(shown.locator(".engine dd")).toHaveText("CPU", { timeout: 60_000 });
  await expect(engine).toContainText("The CPU engine was asked for.");
});

test("a link opens, and trains as far as it says, on the engine that was asked for", async ({ page, baseURL }) => {
  const link = "panels=flow-matching;step:20&width=16&depth=1&budget=steps/40&layers=samples&hide=evidence&v=1";
  await page.goto(`${baseURL ?? ""}?device=webgpu#${link}`);
  const shown = page.locator('[data-method="flow-matching"]');
  const notes = page.getByRole("region", { name: "About these pictures" });
  await expect(notes).toContainText("Trained to step 20, as the link says.", { timeout: 240_000 });
  await expect(shown.locator(".engine dd")).toHaveText("WebGPU");
});

slowTest("on the page a U-Net learns pictures on either engine alike, and shows them", async ({ page, baseURL }) => {
  const pictures = "panels=flow-matching;optimizer.batch:4&data=drawn-digits&side=8&network=u-net&budget=steps/4";
  const quick = "solver=euler&steps=2&layers=samples,glyphs&hide=evidence&v=1";
  const open = async (device: "cpu" | "webgpu") => {
    await page.goto("about:blank");
    await page.goto(`${baseURL ?? ""}?device=${device}#${pictures}&${quick}`);
    await firstView(page);
    await expect(page.locator(".status .engine dd")).toHaveText(ENGINE_NAMES[device] ?? "", { timeout: 60_000 });
  };
  const lossesOf = async () => {
    const [, ...rows] = (await taken(page, "Flow matching", "Losses")).bytes.toString().trim().split("\n");
    return rows.map((row) => Number(row.split(",")[1]));
  };
  await open("cpu");
  await expect.poll(async () => (await stripOf(page)).length).toBeGreaterThan(0);
  const untrained = await stripOf(page);
  await trainToEnd(page);
  // Of grays of 0 to 255.
  const seen = async (than: readonly number[]) => worstDifference(than, await stripOf(page));
  await expect.poll(() => seen(untrained)).toBeGreaterThan(8);
  const [losses, strip] = [await lossesOf(), await stripOf(page)];
  await open("webgpu");
  await trainToEnd(page);
  await expect.poll(() => seen(strip), { timeout: 120_000 }).toBeLessThan(4);
  expect(losses).toHaveLength(4);
  expect(worstDifference(losses, await lossesOf())).toBeLessThan(1e-3);
});

/** The grays of one picture on its way. */
function stripOf(page: Page): Promise<number[]> {
  const strip = page.locator(".panel .strips > div .strip").first().locator("canvas");
  return strip.evaluateAll((canvases) =>
    (canvases as HTMLCanvasElement[]).flatMap((one) => {
      const { data } = one.getContext("2d")?.getImageData(0, 0, one.width, one.height) ?? { data: [] };
      return [...data].filter((_, i) => i % 4 === 0);
    }),
  );
}

/** Infinite where one has more of them. */
function worstDifference(wanted: readonly number[], found: readonly number[]): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  return Math.max(...wanted.map((value, i) => Math.abs(value - (found[i] ?? 0))));
}

/** "step 1,234 / 5,000" as 1234. */
function stepOf(status: string): number {
  return Number(/([\d,]+) \//.exec(status)?.[1]?.replaceAll(",", "") ?? 0);
}
