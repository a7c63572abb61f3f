// Compiled, never run: the built library's types, as strictly as any user may compile them.
import { createEngine, type Experiment, FlowError, type Measurement } from "../../www/dist/flow-playground.js";

export async function consume(points: Float32Array): Promise<Measurement | string> {
  const engine = await createEngine({ device: "auto" });
  const device: "cpu" | "webgpu" = engine.device;
  try {
    const run = await engine.run({ network: { width: 32 } }, { points });
    const { step, loss, seconds, networkEvaluations } = await run.train(100, {
      onProgress: (progress) => console.log(device, progress.losses.length),
    });
    console.log(step, loss?.toFixed(3), seconds, networkEvaluations);
    const sample: Float32Array = await run.sample(10, { solver: "rk4", steps: 20, seed: 1 });
    const { times, positions } = await run.trajectories(5, { solver: "heun", steps: 10 });
    console.log(times.length, positions.length, await run.velocity(sample, 0.5), await run.logDensity(sample));
    const experiment: Experiment = run.experiment;
    // @ts-expect-error There is no such solver.
    await run.sample(10, { solver: "rk5" });
    console.log(experiment.method.kind);
    return await run.measure({ n: 1000, seed: 1 });
  } catch (error) {
    if (error instanceof FlowError) return `${error.code}: ${error.field ?? ""} ${error.allowed ?? ""}`;
    throw error;
  } finally {
    engine.dispose();
  }
}
