// Everyone in turn, several rounds, on the page's own thread: medians, so that what the machine does besides hits all alike.
import { open as openJax } from "./jax.js";
import { open as openOurs } from "./ours.js";
import { openPeak, PEAK_OPERATIONS, peakOperationsPerMs } from "./peak.js";
import { open as openTensorflow } from "./tensorflow.js";
import { UNET_BATCH, UNETS, unetOperations } from "./unet.js";
import { operations, SAMPLES, WIDTHS } from "./work.js";

const OPEN = {
  ours: () => openOurs("fused"),
  plain: () => openOurs("plain"),
  "ours on WebGPU": () => openOurs("webgpu"),
  "TensorFlow.js wasm": () => openTensorflow("wasm"),
  "jax-js wasm": () => openJax("wasm"),
  "TensorFlow.js WebGPU": () => openTensorflow("webgpu"),
  "jax-js WebGPU": () => openJax("webgpu"),
};

/** Each work: who does it, and how one that was opened prepares a function of a number of repeats. */
const WORKS = {
  "flow-matching step, H = 64, batch 256": {
    by: ["ours", "plain", "TensorFlow.js wasm", "jax-js wasm"],
    prepare: (who) => who.flowMatching(WIDTHS.small, 256),
  },
  "flow-matching step, H = 128, batch 1024": {
    by: ["ours", "plain", "TensorFlow.js wasm", "jax-js wasm"],
    prepare: (who) => who.flowMatching(WIDTHS.large, 1024),
  },
  "U-Net step, 28 x 28 pixels in patches of 2 x 2, 16 channels, batch 64": {
    by: ["ours", "TensorFlow.js wasm", "jax-js wasm"],
    prepare: (who) => pictures(who, 28),
  },
  "U-Net step, 8 x 8 pixels, 16 channels, batch 64": {
    by: ["ours", "TensorFlow.js wasm", "jax-js wasm"],
    prepare: (who) => pictures(who, 8),
  },
  "sampling 4096 points, 100 Euler steps, H = 64": {
    by: ["ours", "plain", "TensorFlow.js wasm", "jax-js wasm"],
    prepare: sampling,
  },
  "normalizing-flow step, RK4 8 steps, exact divergence, H = 64, batch 256": {
    by: ["ours", "plain"],
    prepare: (who) => who.normalizingFlow(WIDTHS.small, 256),
  },
  "log-density on 128 x 128, RK4 20 steps, H = 64": {
    by: ["ours", "plain"],
    prepare: async (who) => times(() => who.logDensity(128)),
  },
  "its first coarse picture, 24 x 24, RK4 10 steps": {
    by: ["ours"],
    prepare: async (who) => times(() => who.logDensity(24, 10)),
  },
  "flow-matching step with minibatch OT, n = 256": {
    by: ["ours"],
    prepare: (who) => who.minibatchOt(WIDTHS.small, 256),
  },
  "MMD with 200 permutations, n = 2000": { by: ["ours"], prepare: async (who) => times(() => who.discrepancy()) },
};

const ON_WEBGPU = ["ours on WebGPU", "TensorFlow.js WebGPU", "jax-js WebGPU", "ours"];

/** What is compared on a graphics adapter, with our own CPU engine beside it. */
const WEBGPU_WORKS = {
  "flow-matching step, H = 64, batch 256": {
    by: ON_WEBGPU,
    prepare: (who) => who.flowMatching(WIDTHS.small, 256),
  },
  "flow-matching step, H = 128, batch 1024": {
    by: ON_WEBGPU,
    prepare: (who) => who.flowMatching(WIDTHS.large, 1024),
  },
  "sampling 4096 points, 100 Euler steps, H = 64": { by: ON_WEBGPU, prepare: sampling },
  "normalizing-flow step, RK4 8 steps, exact divergence, H = 64, batch 256": {
    by: ["ours on WebGPU", "ours"],
    prepare: (who) => who.normalizingFlow(WIDTHS.small, 256),
  },
  "log-density on 128 x 128, RK4 20 steps, H = 64": {
    by: ["ours on WebGPU", "ours"],
    prepare: async (who) => times(() => who.logDensity(128)),
  },
};

/** Everyone from the weights that ours has after a few steps. */
async function pictures(who, side) {
  const { weights } = await (await contestant("ours")).unet(side);
  return who.pictures(side, weights);
}

/** By peer, how far at most its U-Net's velocities are from ours on the same weights. */
async function differences(side) {
  const { weights, points, waves, velocities } = await (await contestant("ours")).unet(side);
  const far = {};
  for (const name of ["TensorFlow.js wasm", "jax-js wasm"]) {
    const theirs = await (await contestant(name)).velocities(side, weights, points, waves);
    far[name] = velocities.reduce((most, v, i) => Math.max(most, Math.abs(v - theirs[i])), 0);
  }
  return far;
}

async function sampling(who, name) {
  const isOurs = name.startsWith("ours") || name === "plain";
  return times(isOurs ? () => who.sample() : await who.sample(WIDTHS.small));
}

function times(work) {
  return async (repeats) => {
    for (let i = 0; i < repeats; i++) await work();
  };
}

const SLOW_MS = 20_000;

async function elapsedMs(work, repeats) {
  const start = performance.now();
  await work(repeats);
  return performance.now() - start;
}

/** As many repeats as fill `roundMs`, found by doubling, which is the warm-up too. */
async function repeatsFor(work, roundMs) {
  let repeats = 1;
  for (;;) {
    const ms = await elapsedMs(work, repeats);
    if (ms >= roundMs / 2) return { repeats: Math.max(1, Math.round((repeats * roundMs) / ms)), ms: ms / repeats };
    repeats *= 2;
  }
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

const opened = new Map();

async function contestant(name) {
  if (!opened.has(name))
    opened.set(
      name,
      OPEN[name]().catch((error) => ({ missing: error.message ?? String(error) })),
    );
  return opened.get(name);
}

/**
 * Milliseconds that one work takes each, by name; a sentence for who cannot do it here; and the operations in a millisecond that the
 * processor had left for the page in the same rounds.
 */
async function contest(work, { rounds, roundMs, on = "cpu" }) {
  const { by, prepare } = (on === "cpu" ? WORKS : WEBGPU_WORKS)[work];
  const [ready, missing] = [[], {}];
  for (const name of by) {
    const who = await contestant(name);
    if (who.missing !== undefined) {
      missing[name] = who.missing;
      continue;
    }
    const run = await prepare(who, name);
    const { repeats, ms } = await repeatsFor(run, roundMs);
    // Who takes half a minute for one is not asked seven times.
    if (ms > SLOW_MS) ready.push({ name, run: undefined, repeats, ms: [ms] });
    else ready.push({ name, run, repeats, ms: [] });
  }
  const peak = await openPeak();
  const { repeats } = await repeatsFor(peak, roundMs);
  const perMs = [];
  for (let round = 0; round < rounds; round++) {
    perMs.push((repeats * PEAK_OPERATIONS) / (await elapsedMs(peak, repeats)));
    for (const one of ready.filter(({ run }) => run))
      one.ms.push((await elapsedMs(one.run, one.repeats)) / one.repeats);
  }
  return { ms: Object.fromEntries(ready.map(({ name, ms }) => [name, median(ms)])), missing, peak: median(perMs) };
}

/** How the time grows with a size: the slope of ln t over ln size. */
async function growth() {
  const ours = await contestant("ours");
  const fitted = async (sizes, prepare) => {
    const ms = [];
    for (const size of sizes) {
      const run = await prepare(size);
      const { repeats } = await repeatsFor(run, 300);
      const rounds = [];
      for (let i = 0; i < 3; i++) rounds.push((await elapsedMs(run, repeats)) / repeats);
      ms.push(median(rounds));
    }
    return { sizes, ms, exponent: slope(sizes.map(Math.log), ms.map(Math.log)) };
  };
  return {
    "sampling with the number of points": await fitted([1024, 4096, 16384], async (n) =>
      times(() => ours.sample(n, 20)),
    ),
    "sampling with the number of steps": await fitted([10, 40, 160], async (n) => times(() => ours.sample(1024, n))),
    "a training step with the batch": await fitted([256, 1024, 4096], (n) => ours.flowMatching(WIDTHS.small, n)),
    "a training step with the width": await fitted([64, 128, 256], (width) => ours.flowMatching(width, 1024)),
  };
}

function slope(x, y) {
  const mean = (values) => values.reduce((a, b) => a + b) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f) => x.reduce((total, _, i) => total + f(x[i] - mx, y[i] - my), 0);
  return sum((a, b) => a * b) / sum((a) => a * a);
}

/** Multiplications and additions of a work: a backward pass counts as two forward passes. */
const OPERATIONS = {
  "flow-matching step, H = 64, batch 256": 256 * 3 * operations(WIDTHS.small),
  "flow-matching step, H = 128, batch 1024": 1024 * 3 * operations(WIDTHS.large),
  "U-Net step, 28 x 28 pixels in patches of 2 x 2, 16 channels, batch 64": UNET_BATCH * 3 * unetOperations(UNETS[28]),
  "U-Net step, 8 x 8 pixels, 16 channels, batch 64": UNET_BATCH * 3 * unetOperations(UNETS[8]),
  "sampling 4096 points, 100 Euler steps, H = 64": SAMPLES.points * SAMPLES.steps * operations(WIDTHS.small),
  "normalizing-flow step, RK4 8 steps, exact divergence, H = 64, batch 256": 256 * 32 * 3 * operations(WIDTHS.small, 2),
  "log-density on 128 x 128, RK4 20 steps, H = 64": 128 * 128 * 80 * operations(WIDTHS.small, 2),
};

window.peers = {
  operations: OPERATIONS,
  works: Object.keys(WORKS),
  webGpuWorks: Object.keys(WEBGPU_WORKS),
  contest,
  growth,
  differences,
  peakOperationsPerMs,
};
