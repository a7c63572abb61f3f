import { expect, test } from "./blank";

/** Small enough to train in a test, large enough to learn something. */
const EXPERIMENT = {
  seed: 3,
  data: { kind: "moons" },
  method: { kind: "flow-matching" },
  network: { width: 32, depth: 2 },
} as const;

test("a run trains and its loss falls", async ({ page }) => {
  const { first, last, reports } = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    const losses: number[] = [];
    let reports = 0;
    const result = await run.train(600, {
      onProgress: (progress) => {
        losses.push(...progress.losses);
        reports += 1;
      },
    });
    engine.dispose();
    return { first: losses[0] as number, last: result, reports };
  }, EXPERIMENT);
  expect(last.step).toBe(600);
  expect(last.paused).toBe(false);
  expect(last.loss).toBeLessThan(0.8 * first);
  expect(last.seconds).toBeGreaterThan(0);
  expect(last.networkEvaluations).toBeGreaterThanOrEqual(600);
  expect(reports).toBeGreaterThan(1);
});

test("an experiment is completed with defaults", async ({ page }) => {
  const experiment = await page.evaluate(async () => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run({ seed: 11 });
    return run.experiment;
  });
  expect(experiment).toMatchObject({ version: 1, seed: 11, network: { width: 64, depth: 3, activation: "silu" } });
});

test("points far from the origin are modelled and come back in their own units", async ({ page }) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const noise = await engine.samplePoints("gaussian", 500, 1);
    const points = noise.map((value, i) => (i % 2 === 0 ? 1000 + 50 * value : -3 + 0.01 * value));
    const run = await engine.run({ ...experiment, data: undefined }, { points });
    await run.train(300);
    const sample = await run.sample(400, { solver: "rk4", steps: 20, seed: 5 });
    const mean = [0, 1].map((j) => sample.filter((_, i) => i % 2 === j).reduce((sum, x) => sum + x, 0) / 400);
    return { mean, length: sample.length, scaling: run.scaling, dim: run.dim };
  }, EXPERIMENT);
  expect(result.length).toBe(800);
  expect(result.dim).toBe(2);
  expect(result.scaling.center[0]).toBeCloseTo(1000, -1);
  expect(Math.abs((result.mean[0] as number) - 1000)).toBeLessThan(25);
  expect(Math.abs((result.mean[1] as number) + 3)).toBeLessThan(0.005);
});

test("trajectories run from the noise to the samples, and back", async ({ page }) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    await run.train(50);
    const options = { solver: "rk4", steps: 8, seed: 2 } as const;
    const generated = await run.trajectories(10, options);
    const encoded = await run.trajectories(10, { ...options, from: "data" });
    const sample = await run.sample(10, options);
    return {
      times: generated.times,
      encodedTimes: encoded.times,
      numPositions: generated.positions.length,
      ends: [...generated.positions.slice(-20)],
      sample: [...sample],
      nfe: generated.nfe,
    };
  }, EXPERIMENT);
  expect(result.times).toHaveLength(9);
  expect([result.times.at(0), result.times.at(-1)]).toEqual([1, 0]);
  expect([result.encodedTimes.at(0), result.encodedTimes.at(-1)]).toEqual([0, 1]);
  expect(result.numPositions).toBe(9 * 10 * 2);
  expect(result.ends).toEqual(result.sample);
  expect(result.nfe).toBe(32);
});

test("interpolation paths join noise and data in straight lines, where a method has them", async ({ page }) => {
  const [paths, none] = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const matching = await engine.run(experiment);
    const likelihood = await engine.run({ ...experiment, method: { kind: "normalizing-flow" } });
    const paths = await matching.conditionalPaths(4, { times: 3 });
    return [paths && { times: paths.times, positions: [...paths.positions] }, await likelihood.conditionalPaths(4)];
  }, EXPERIMENT);
  expect(none).toBeNull();
  expect(paths?.times).toEqual([0, 0.5, 1]);
  const at = (time: number, i: number) => paths?.positions[time * 8 + i] as number;
  for (let i = 0; i < 8; i++) expect(at(1, i)).toBeCloseTo((at(0, i) + at(2, i)) / 2, 5);
});

test("the density integrates to one", async ({ page }) => {
  const total = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    await run.train(200);
    const side = 80;
    const half = 8;
    const cell = (2 * half) / side;
    const grid = new Float32Array(side * side * 2).map((_, i) => {
      const index = i % 2 === 0 ? Math.floor(i / 2) % side : Math.floor(i / 2 / side);
      return -half + (index + 0.5) * cell;
    });
    const logDensity = await run.logDensity(grid, { solver: "rk4", steps: 20 });
    return logDensity.reduce((sum, value) => sum + Math.exp(value), 0) * cell * cell;
  }, EXPERIMENT);
  expect(Math.abs(total - 1)).toBeLessThan(0.02);
});

test("velocities are finite and shaped like the points", async ({ page }) => {
  const velocity = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    return [...(await run.velocity(new Float32Array([0, 0, 1, -1, 2, 2]), 0.5))];
  }, EXPERIMENT);
  expect(velocity).toHaveLength(6);
  expect(velocity.every(Number.isFinite)).toBe(true);
});

test("a measurement holds no NaN, and null where a number is undefined", async ({ page }) => {
  const [measured, ofOwnPoints] = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    await run.train(100);
    const points = await engine.samplePoints("moons", 300, 1);
    const own = await engine.run({ ...experiment, data: undefined }, { points });
    return [await run.measure({ n: 200, seed: 1 }), await own.measure({ n: 200, seed: 1 })];
  }, EXPERIMENT);
  for (const measurement of [measured, ofOwnPoints]) {
    const numbers = Object.values(measurement).filter((value) => typeof value === "number");
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(measurement.nfe).toBeGreaterThan(0);
  }
  expect(measured.slicedW2).not.toBeNull();
  // Nobody knows the entropy of a user's points, so there is no KL.
  expect(ofOwnPoints).toMatchObject({ entropy: null, kl: null });
});

test("two runs train at once, and one answers while it trains", async ({ page }) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const [first, second] = await Promise.all([
      engine.run(experiment),
      engine.run({ ...experiment, method: { kind: "normalizing-flow" } }),
    ]);
    const training = [first.train(100_000), second.train(100_000)];
    const sample = await first.sample(50);
    while (first.step === 0 || second.step === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const refused = await first.train(1).catch((error) => error.code);
    await Promise.all([first.pause(), second.pause()]);
    const results = await Promise.all(training);
    const resumed = await first.train(5);
    return { numSampled: sample.length / 2, refused, results, gained: resumed.step - (results[0]?.step ?? 0) };
  }, EXPERIMENT);
  expect(result.numSampled).toBe(50);
  expect(result.refused).toBe("already-training");
  for (const { step, paused } of result.results) {
    expect(paused).toBe(true);
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(100_000);
  }
  expect(result.gained).toBe(5);
});

test("reset, and a second run of the same seed, give the same bits", async ({ page }) => {
  const [first, again, other] = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    const bits = async (of: typeof run) => {
      const { loss } = await of.train(40);
      return { loss, sample: [...(await of.sample(20, { seed: 9 }))], step: of.step };
    };
    const first = await bits(run);
    void run.train(100_000);
    await run.reset();
    const stepAfterReset = run.step;
    return [first, await bits(run), await bits(await engine.run(experiment)), stepAfterReset];
  }, EXPERIMENT);
  expect(again).toEqual(first);
  expect(other).toEqual(first);
});

test("weights carry over to another run", async ({ page }) => {
  const [taught, copied] = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    await run.train(40);
    const copy = await engine.run(experiment, { weights: await run.weights() });
    const options = { seed: 4 };
    return [[...(await run.sample(20, options))], [...(await copy.sample(20, options))]];
  }, EXPERIMENT);
  expect(copied).toEqual(taught);
});

test("what can't be is refused with the field and what is allowed", async ({ page }) => {
  const errors = await page.evaluate(async () => {
    const { createEngine, FlowError } = window.flow;
    const engine = await createEngine({ device: "cpu" });
    const run = await engine.run({ network: { width: 8, depth: 1 } });
    const attempts: (() => Promise<unknown>)[] = [
      () => engine.run({ network: { width: -3 } }),
      () => engine.run({ data: { kind: "sphere" as "moons" } }),
      () => run.sample(-1),
      () => run.sample(10, { solver: "rk5" as "rk4" }),
      () => run.velocity(new Float32Array(3), 0.5),
      () => run.velocity(new Float32Array(2), 2),
      () => createEngine({ device: "gpu" as "cpu" }),
    ];
    return Promise.all(
      attempts.map(async (attempt) => {
        const error = await attempt().catch((thrown) => thrown);
        if (!(error instanceof FlowError)) return String(error);
        const { code, field, value, allowed, message } = error;
        return { code, field, value, allowed, message };
      }),
    );
  });
  const fields = errors.map((error) => (typeof error === "string" ? error : error.field));
  expect(fields).toEqual(["network.width", "data.kind", "n", "solver.kind", "points", "t", "device"]);
  for (const error of errors) {
    expect(error).toMatchObject({ code: expect.any(String), allowed: expect.any(String), message: expect.any(String) });
  }
});

test("dispose rejects what is under way and frees the worker", async ({ page }) => {
  const codes = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    const training = run.train(100_000).catch((error) => error.code);
    run.dispose();
    const afterwards = await run.sample(1).catch((error) => error.code);
    engine.dispose();
    const afterEngine = await engine.run(experiment).catch((error) => error.code);
    return [await training, afterwards, afterEngine];
  }, EXPERIMENT);
  expect(codes).toEqual(["disposed", "disposed", "disposed"]);
  await expect.poll(() => page.workers()).toHaveLength(0);
});

test("without an adapter both auto and webgpu run on the CPU and say why", async ({ page }) => {
  const engines = await page.evaluate(async () => {
    const { createEngine } = window.flow;
    const engines = [await createEngine(), await createEngine({ device: "webgpu" })];
    return engines.map(({ device, deviceReason }) => ({ device, deviceReason }));
  });
  for (const { device, deviceReason } of engines) {
    expect(device).toBe("cpu");
    expect(deviceReason).toMatch(/WebGPU.*so this runs on the CPU\.$/);
  }
});

test("the library works from another origin", async ({ page, baseURL }) => {
  // The same server by another name is another origin.
  const { port } = new URL(baseURL ?? "");
  await page.goto(`http://localhost:${port}/blank.html`);
  const width = await page.evaluate(async (url) => {
    const { createEngine } = (await import(url)) as typeof window.flow;
    const engine = await createEngine({ device: "cpu" });
    return (await engine.run({ network: { width: 16 } })).experiment.network.width;
  }, new URL("flow-playground.js", baseURL).href);
  expect(width).toBe(16);
});
