// The same seed gives the same bits wherever the CPU engine runs: in the browser and in Node, whose V8 is another one.
import { readFile } from "node:fs/promises";
import { Rest } from "../../www/src/engine/rest";
import { expect, test } from "./blank";

const GENERATED = new URL("../../www/generated/cpu/", import.meta.url);
const STEPS = 25;

/** A method that regresses, one that integrates in training, one that couples, and one of the engine's second part. */
const EXPERIMENTS = [
  { seed: 3, data: { kind: "moons" }, method: { kind: "flow-matching" }, network: { width: 24, depth: 2 } },
  {
    seed: 4,
    data: { kind: "8-gaussians" },
    method: { kind: "normalizing-flow", trainingSteps: 4 },
    network: { width: 17, depth: 3, activation: "tanh" },
    optimizer: { batch: 70 },
  },
  { seed: 5, data: { kind: "checkerboard" }, method: { kind: "flow-matching", coupling: "minibatch-ot" } },
  { seed: 6, data: { kind: "rings" }, method: { kind: "ot-flow", trainingSteps: 3 }, network: { width: 16, depth: 2 } },
] as const;

async function inNode(experiment: (typeof EXPERIMENTS)[number]) {
  const { default: init, WebSession } = await import(new URL("flow_playground.js", GENERATED).href);
  const first = await init({ module_or_path: await readFile(new URL("flow_playground_bg.wasm", GENERATED)) });
  new Rest(first, "").take(await WebAssembly.compile(await readFile(new URL("flow_playground_rest.wasm", GENERATED))));
  const session = await WebSession.create(experiment, "cpu");
  const { losses } = await session.advance(STEPS);
  const sample = await session.sample(40, { kind: "rk4", steps: 5 }, 9);
  const density = await session.logDensity(sample, 0, { kind: "rk4", steps: 5 });
  return { losses: [...losses], sample: [...sample], density: [...density] };
}

for (const experiment of EXPERIMENTS) {
  test(`${experiment.method.kind} on ${experiment.data.kind}: the same bits in Node`, async ({ page }) => {
    const inBrowser = await page.evaluate(
      async ([experiment, steps]) => {
        const engine = await window.flow.createEngine({ device: "cpu" });
        const run = await engine.run(experiment);
        const losses: number[] = [];
        await run.train(steps, { onProgress: (progress) => void losses.push(...progress.losses) });
        const solver = { kind: "rk4", steps: 5 } as const;
        const sample = await run.sample(40, { ...solver, seed: 9 });
        const density = await run.logDensity(sample, solver);
        engine.dispose();
        return { losses, sample: [...sample], density: [...density] };
      },
      [experiment, STEPS] as const,
    );
    expect(inBrowser).toEqual(await inNode(experiment));
    expect(inBrowser.losses).toHaveLength(STEPS);
  });
}
