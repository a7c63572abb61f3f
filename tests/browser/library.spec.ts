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

test("an engine tells how much of it has come", async ({ page }) => {
  const shares = await page.evaluate(async () => {
    const shares: number[] = [];
    await new Promise((resolve) => {
      const onLoading = (share: number) => {
        shares.push(share);
        if (share === 1) resolve(null);
      };
      void window.flow.createEngine({ device: "cpu", onLoading });
    });
    return shares;
  });
  expect(shares[0]).toBe(0);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
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
    // They take turns where there is one processor for both.
    const turns = (locks: LockInfo[] = []) => locks.filter(({ name }) => name?.startsWith("flow-playground-")).length;
    const { held, pending } = await navigator.locks.query();
    const waiting = { held: turns(held), pending: turns(pending), processors: navigator.hardwareConcurrency };
    const refused = await first.train(1).catch((error) => error.code);
    await Promise.all([first.pause(), second.pause()]);
    const results = await Promise.all(training);
    const resumed = await first.train(5);
    const gained = resumed.step - (results[0]?.step ?? 0);
    return { numSampled: sample.length / 2, refused, results, gained, waiting };
  }, EXPERIMENT);
  const { held, pending, processors } = result.waiting;
  expect(held).toBeLessThanOrEqual(Math.max(1, processors - 1));
  // Whoever holds a turn may be in the queue for its next one already.
  expect(held + pending).toBeLessThanOrEqual(3);
  expect(held + pending).toBeGreaterThan(0);
  // Whoever trains no more holds nobody up; the browser takes a lock back a moment later.
  const heldTurns = () =>
    page.evaluate(async () => {
      const { held = [] } = await navigator.locks.query();
      return held.filter(({ name }) => name?.startsWith("flow-playground-")).length;
    });
  await expect.poll(heldTurns).toBe(0);
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

test("after a rewind the same training gives the same bits, and one can go forth again", async ({ page }) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    await run.train(30);
    const [before, { loss }] = [await run.sample(20, { seed: 9 }), await run.train(20)];
    const end = await run.sample(20, { seed: 9 });
    const snapshots = await run.snapshots();
    const rewound = await run.rewind(31);
    const { step, training } = run;
    const again = await run.train(50 - step);
    const trained = run.train(100_000);
    const refused = await run.rewind(0).catch((error) => error.code);
    await run.pause();
    await trained;
    const afterPause = run.step;
    await run.rewind(10);
    const forth = await run.rewind(afterPause);
    const [ten, start] = [await run.rewind(10), await run.rewind(0)];
    await run.train(30);
    return {
      end: [...end],
      loss,
      snapshots,
      rewound,
      step,
      training,
      again,
      refused,
      afterPause,
      forth,
      ten,
      start,
      before: [...before],
      beforeAgain: [...(await run.sample(20, { seed: 9 }))],
      left: await run.snapshots(),
    };
  }, EXPERIMENT);
  expect(result.snapshots[0]).toBe(0);
  expect(result.snapshots).toContain(31);
  expect(result.rewound).toMatchObject({ step: 31, loss: null, round: 0, networkEvaluations: 62 });
  expect(result.training).toEqual(result.rewound);
  expect(result.step).toBe(31);
  expect(result.again).toMatchObject({ step: 50, paused: false });
  expect(result.refused).toBe("already-training");
  expect(result.forth.step).toBe(result.afterPause);
  expect([result.ten.step <= 10, result.start.step]).toEqual([true, 0]);
  expect(result.beforeAgain).toEqual(result.before);
  expect(Math.max(...result.left)).toBeLessThan(30);
});

test("what is at one point: the model's velocity, and the paths whose mean it learns", async ({ page }) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run({ ...experiment, data: { kind: "8-gaussians" } });
    const exact = await engine.run({ data: { kind: "8-gaussians" }, method: { kind: "closed-form" } });
    const likelihood = await engine.run({ ...experiment, method: { kind: "normalizing-flow" } });
    const point = new Float32Array([1, -0.5]);
    const inspection = await run.inspect([1, -0.5], 0.5, { paths: 7, seed: 2, solver: "rk4", steps: 10 });
    const { paths, ...numbers } = inspection;
    const transported = await run.transport(point, { from: "data", solver: "euler", steps: 4 });
    return {
      numbers,
      paths: paths && { times: paths.times, positions: [...paths.positions] },
      velocity: [...(await run.velocity(point, 0.5))],
      divergence: [...(await run.divergence(point, 0.5))],
      logDensity: [...(await run.logDensity(point, { t: 0.5, solver: "rk4", steps: 10 }))],
      truth: [...(await exact.velocity(point, 0.5))],
      none: await likelihood.inspect([1, -0.5], 0.5),
      transported: { times: transported.times, start: [...transported.positions.slice(0, 2)] },
    };
  }, EXPERIMENT);
  const { numbers, paths, truth } = result;
  expect(numbers.velocity).toEqual(result.velocity);
  expect([numbers.divergence]).toEqual(result.divergence);
  expect(numbers.logDensity).toBeCloseTo(result.logDensity[0] as number, 4);
  expect(numbers.effectivePairs).toBeGreaterThan(30);
  for (const k of [0, 1]) expect(numbers.meanVelocity?.[k]).toBeCloseTo(truth[k] as number, 0);
  expect(paths?.times).toHaveLength(25);
  expect(paths?.positions).toHaveLength(25 * 7 * 2);
  for (let i = 0; i < 7; i++) {
    expect(paths?.positions[12 * 14 + 2 * i]).toBeCloseTo(1, 4);
    expect(paths?.positions[12 * 14 + 2 * i + 1]).toBeCloseTo(-0.5, 4);
  }
  expect(result.none).toMatchObject({ meanVelocity: null, paths: null, effectivePairs: null });
  expect(result.transported).toEqual({ times: [0, 0.25, 0.5, 0.75, 1], start: [1, -0.5] });
});

test("the loss has a floor, and only what is asked for is measured", async ({ page }) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run(experiment);
    const floor = await run.lossFloor();
    await run.train(500);
    const { loss } = run.training;
    // A line has no width, and so no density that the floor could be found from.
    const line = await (await engine.run({ ...experiment, data: { kind: "line" } })).lossFloor();
    const measured = await run.measure({ n: 100, metrics: ["sliced-w2"], solver: "euler", steps: 7 });
    const costs = await run.qualityAgainstCost({ n: 50, solvers: [{ steps: 3 }], metrics: ["w2"] });
    const refused = await run.measure({ metrics: ["w3" as "w2"] }).catch((error) => error.field);
    return { floor, loss, line, measured, cost: costs[0], refused };
  }, EXPERIMENT);
  expect(result.floor?.value).toBeGreaterThan(0);
  expect(result.loss).toBeGreaterThan((result.floor?.value ?? 0) - 0.2);
  expect(result.line).toBeNull();
  expect(result.measured).toMatchObject({
    nll: null,
    w2: null,
    mmd: null,
    nfe: 7,
    solver: { kind: "euler", steps: 7 },
  });
  expect(result.measured.slicedW2).not.toBeNull();
  expect(result.cost).toMatchObject({ nll: null, slicedW2: null });
  expect(result.cost?.w2).not.toBeNull();
  expect(result.refused).toBe("metrics");
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
      () => run.transport(new Float32Array(2), { from: "moon" as "data" }),
      () => run.inspect([0, 0, 0], 0.5),
      () => run.rewind(-1),
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
  expect(fields).toEqual([
    "network.width",
    "data.kind",
    "n",
    "solver.kind",
    "points",
    "t",
    "from",
    "point",
    "step",
    "device",
  ]);
  for (const error of errors) {
    expect(error).toMatchObject({ code: expect.any(String), allowed: expect.any(String), message: expect.any(String) });
  }
});

test("without a number of steps it trains through every round until the budget is spent", async ({ page }) => {
  const result = await page.evaluate(async () => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run({
      method: { kind: "jko-flow", blocks: 2, pool: 500 },
      network: { width: 8, depth: 1 },
      optimizer: { batch: 32 },
      budget: { steps: 8 },
    });
    const trained = await run.train();
    const again = await run.train();
    await run.addRound();
    const { method, budget } = run.experiment;
    const longer = await run.train();
    await run.reset();
    const blocks = (experiment: typeof run.experiment) =>
      experiment.method.kind === "jko-flow" ? experiment.method.blocks : 0;
    const reset = { step: run.step, blocks: blocks(run.experiment) };
    return { trained, again, method, steps: budget.steps, longer, reset, rounds: (await run.rounds({ n: 50 })).length };
  });
  expect(result.trained).toMatchObject({ step: 8, round: 1, spent: 1, paused: false });
  expect(result.again).toEqual(result.trained);
  expect(result.method).toMatchObject({ kind: "jko-flow", blocks: 3 });
  expect(result.steps).toBe(12);
  expect(result.longer).toMatchObject({ step: 12, round: 2, spent: 1 });
  expect(result.reset).toEqual({ step: 0, blocks: 3 });
  expect(result.rounds).toBe(1);
});

test("a budget of seconds or evaluations ends training, and a closed form has none to begin with", async ({ page }) => {
  const [seconds, evaluations, exact, asked] = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const train = async (part: object, steps?: number) => (await engine.run({ ...experiment, ...part })).train(steps);
    return [
      await train({ budget: { seconds: 0.3 } }),
      await train({ budget: { networkEvaluations: 20 } }, 1000),
      await train({ method: { kind: "closed-form" } }),
      await train({ method: { kind: "closed-form" } }, 5),
    ];
  }, EXPERIMENT);
  for (const { paused, spent } of [seconds, evaluations, exact, asked]) {
    expect(paused).toBe(false);
    expect(spent).toBeGreaterThanOrEqual(1);
  }
  expect(seconds.step).toBeGreaterThan(1);
  expect(evaluations.step).toBe(10);
  for (const none of [exact, asked]) expect(none).toMatchObject({ step: 0, loss: null });
});

test("a budget above 2³² evaluations is a budget, and one beyond what is allowed is refused in the page's own words", async ({
  page,
}) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run({ ...experiment, budget: { networkEvaluations: 5e9 } });
    const trained = await run.train(3);
    const refused = async (networkEvaluations: number) => {
      const opened = engine.run({ ...experiment, budget: { networkEvaluations } });
      return opened.then(
        () => "accepted",
        (error) => (error instanceof window.flow.FlowError ? `${error.field}: ${error.message}` : String(error)),
      );
    };
    const limits = [0, -1, 2.5, 2 ** 53, Number.NaN];
    return { budget: run.experiment.budget, trained, refusals: await Promise.all(limits.map(refused)) };
  }, EXPERIMENT);
  expect(result.budget.networkEvaluations).toBe(5e9);
  expect(result.trained).toMatchObject({ step: 3, networkEvaluations: 6 });
  // Of the steps that are the most there may be.
  expect(result.trained.spent).toBe(3 / 10_000_000);
  for (const refusal of result.refusals) {
    expect(refusal).toMatch(/^budget\.networkEvaluations: budget\.networkEvaluations is .*; allowed: .*\.$/);
    expect(refusal).not.toMatch(/serde|invalid type|expected|floating point|integer `|u64|usize/i);
  }
});

test("stochastic samplers, estimated densities and quality against cost", async ({ page }) => {
  const result = await page.evaluate(async (experiment) => {
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run({ ...experiment, method: { kind: "diffusion" }, divergence: { kind: "hutchinson" } });
    await run.train(20);
    const options = { steps: 10, seed: 1 };
    const kinds = ["euler-maruyama", "ancestral", "ddim", "dpm-solver", "karras-heun"] as const;
    const samples = await Promise.all(kinds.map((sampler) => run.sample(5, { ...options, sampler })));
    const { values, standardErrors, nfe } = await run.logDensityEstimate(samples[0] ?? new Float64Array(), {
      steps: 5,
    });
    const likelihood = await engine.run({ ...experiment, method: { kind: "normalizing-flow" } });
    return {
      samples: samples.map((sample) => [...sample]),
      again: [...(await run.sample(5, { ...options, sampler: "euler-maruyama" }))],
      values: [...values],
      standardErrors: [...(standardErrors ?? [])],
      nfe,
      costs: await run.qualityAgainstCost({
        solvers: [{ solver: "euler", steps: 4 }, { steps: 3 }, { sampler: "karras-heun", steps: 3 }],
        n: 50,
      }),
      offered: [await run.samplers(), await likelihood.samplers()],
      path: await run.trajectories(5, { ...options, sampler: "euler-maruyama" }),
      measured: await run.measure({ sampler: "dpm-solver", steps: 7, n: 50, metrics: ["sliced-w2"] }),
      usual: (await run.qualityAgainstCost({ n: 20 })).length,
      refused: await likelihood.sample(5, { sampler: "ddim" }).catch((error) => error.field),
    };
  }, EXPERIMENT);
  for (const sample of result.samples) {
    expect(sample).toHaveLength(10);
    expect(sample.every(Number.isFinite)).toBe(true);
  }
  expect(result.again).toEqual(result.samples[0]);
  expect([result.values.length, result.standardErrors.length]).toEqual([5, 5]);
  expect(result.nfe).toBeGreaterThan(0);
  expect(
    result.costs.map(({ solver, sampler, nfe }) => [(sampler ?? solver).kind, (sampler ?? solver).steps, nfe]),
  ).toEqual([
    ["euler", 4, 4],
    ["rk4", 3, 12],
    ["karras-heun", 3, 5],
  ]);
  expect(result.offered).toEqual([["euler-maruyama", "ancestral", "ddim", "dpm-solver", "karras-heun"], []]);
  // A path of the SDE ends at the sample of the same seed.
  expect([...result.path.positions.slice(-10)]).toEqual(result.samples[0]);
  expect([result.measured.nfe, result.measured.sampler?.kind]).toEqual([7, "dpm-solver"]);
  expect(result.usual).toBe(11);
  expect(result.refused).toBe("sampler.kind");
});

test("a file of any width is read as points", async ({ page }) => {
  const result = await page.evaluate(async () => {
    const text = Array.from({ length: 20 }, (_, i) => `${i},${i * i},${Math.cos(i)}`).join("\n");
    const { points, columns } = await window.flow.pointsFromFile(new TextEncoder().encode(text));
    const engine = await window.flow.createEngine({ device: "cpu" });
    const run = await engine.run({ network: { width: 8, depth: 1 } }, { points, dim: columns.length });
    const sample = await run.sample(4);
    return { dim: run.dim, length: sample.length };
  });
  expect(result).toEqual({ dim: 3, length: 12 });
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
