// This project's engines, as the page's worker calls them; `plain` is the same crate with the network composed of Burn's
// operations.
import initFused, { WebSession as FusedSession } from "../../../www/generated/cpu/flow_playground.js";
import fusedUrl from "../../../www/generated/cpu/flow_playground_bg.wasm?url";
import restUrl from "../../../www/generated/cpu/flow_playground_rest.wasm?url";
import initWebGpu, { WebSession as WebGpuSession } from "../../../www/generated/gpu/flow_playground.js";
import webGpuUrl from "../../../www/generated/gpu/flow_playground_bg.wasm?url";
import { Rest } from "../../../www/src/engine/rest.ts";
import initPlain, { WebSession as PlainSession } from "../generated/plain/flow_playground.js";
import plainUrl from "../generated/plain/flow_playground_bg.wasm?url";
import { UNET_BATCH, UNETS, wavesOf, weightsIn } from "./unet.js";
import { DEPTH, LEARNING_RATE, SAMPLES, WIDTHS } from "./work.js";

const BUILDS = {
  fused: { init: initBoth, Session: FusedSession, device: "cpu" },
  plain: { init: () => initPlain({ module_or_path: plainUrl }), Session: PlainSession, device: "cpu" },
  webgpu: { init: () => initWebGpu({ module_or_path: webGpuUrl }), Session: WebGpuSession, device: "webgpu" },
};

/** Both parts at once: none of what is timed is to wait for the second. */
async function initBoth() {
  const rest = WebAssembly.compileStreaming(fetch(restUrl));
  new Rest(await initFused({ module_or_path: fusedUrl }), restUrl).take(await rest);
}

export async function open(build) {
  const { init, Session, device } = BUILDS[build];
  await init();
  const session = (method, width, batch) =>
    Session.create(
      {
        seed: 7,
        data: { kind: "moons" },
        method,
        network: { width, depth: DEPTH },
        optimizer: { batch, learningRate: LEARNING_RATE, finalLearningRate: LEARNING_RATE },
        budget: { steps: 1e7 },
      },
      device,
    );
  const pictures = (side) => {
    const { width, depth } = UNETS[side];
    return Session.create(
      {
        seed: 7,
        data: { kind: "drawn-digits", dim: side ** 2 },
        method: { kind: "flow-matching" },
        network: { kind: "u-net", width, depth },
        optimizer: { batch: UNET_BATCH, learningRate: LEARNING_RATE, finalLearningRate: LEARNING_RATE },
        budget: { steps: 1e7 },
      },
      device,
    );
  };
  const training = async (method, width, batch) => {
    const run = await session(method, width, batch);
    return (steps) => run.advance(steps);
  };
  const flow = await session({ kind: "flow-matching" }, WIDTHS.small, 256);
  await flow.advance(50);
  const grid = (size) => Float32Array.from({ length: 2 * size * size }, (_, i) => gridCoordinate(i, size));
  return {
    flowMatching: (width, batch) => training({ kind: "flow-matching" }, width, batch),
    async pictures(side) {
      const run = await pictures(side);
      return (steps) => run.advance(steps);
    },
    /** After a few steps: the weights, and what they make of some pictures. */
    async unet(side) {
      const run = await pictures(side);
      await run.advance(20);
      const [n, t] = [4, 0.3];
      const points = Float32Array.from(run.noise(n, 3));
      const velocities = await run.velocity(Float64Array.from(points), t);
      return { weights: weightsIn(await run.weights()), points, waves: wavesOf(Array(n).fill(t)), velocities };
    },
    normalizingFlow: (width, batch) =>
      training({ kind: "normalizing-flow", trainingSteps: 8, divergence: "exact" }, width, batch),
    minibatchOt: (width, batch) =>
      training({ kind: "flow-matching", coupling: "minibatch-ot", couplingBatch: batch }, width, batch),
    sample: (points = SAMPLES.points, steps = SAMPLES.steps) => flow.sample(points, { kind: "euler", steps }, 1),
    logDensity: (size, steps = 20) => flow.logDensity(grid(size), 0, { kind: "rk4", steps }),
    discrepancy: () => flow.measure(2000, 1, { kind: "euler", steps: 1 }, ["mmd"]),
  };
}

/** Coordinate `i` of the points of a grid over [-3, 3]². */
function gridCoordinate(i, size) {
  const cell = i >> 1;
  const along = i % 2 === 0 ? cell % size : Math.floor(cell / size);
  return -3 + (6 * (along + 0.5)) / size;
}
