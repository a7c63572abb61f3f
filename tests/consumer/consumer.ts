// Compiled, never run: the built library's types, as strictly as any user may compile them.
import {
  type CostPoint,
  createEngine,
  type Experiment,
  FlowError,
  type LogDensities,
  type Measurement,
  pointsFromFile,
  type RoundReport,
  type SamplerKind,
} from "../../www/dist/flow-playground.js";

import type { FlowPlayground } from "../../www/dist/flow-playground-element.js";

export async function consume(file: ArrayBuffer): Promise<Measurement | string> {
  const engine = await createEngine({ device: "auto" });
  const device: "cpu" | "webgpu" = engine.device;
  try {
    const { points, columns } = await pointsFromFile(file, { columns: "all" });
    const run = await engine.run({ network: { width: 32 } }, { points, dim: columns.length });
    const { step, loss, seconds, networkEvaluations } = await run.train(100, {
      onProgress: (progress) => console.log(device, progress.losses.length),
    });
    console.log(step, loss?.toFixed(3), seconds, networkEvaluations);
    const sample: Float64Array = await run.sample(10, { solver: "rk4", steps: 20, seed: 1 });
    const { times, positions } = await run.trajectories(5, { solver: "heun", steps: 10 });
    console.log(times.length, positions.length, await run.velocity(sample, 0.5), await run.logDensity(sample));
    const experiment: Experiment = run.experiment;
    // @ts-expect-error There is no such solver.
    await run.sample(10, { solver: "rk5" });
    console.log(experiment.method.kind, experiment.budget.seconds?.toFixed(1));
    const { spent, round }: { spent: number; round: number } = await run.train();
    const samplers: SamplerKind[] = await run.samplers();
    const noisy = { sampler: "euler-maruyama", steps: 20, epsilon: 0.5, grid: "root-time" } as const;
    const stochastic: Float64Array = await run.sample(10, { ...noisy, seed: 1 });
    // @ts-expect-error A solver or a sampler.
    await run.sample(10, { solver: "rk4", sampler: "ddim" });
    console.log(samplers.length, (await run.trajectories(5, { ...noisy, seed: 1 })).times);
    const { values, standardErrors }: LogDensities = await run.logDensityEstimate(stochastic, { t: 0.5 });
    const costs: CostPoint[] = await run.qualityAgainstCost({ solvers: [{ solver: "heun", steps: 4 }, noisy], n: 100 });
    const rounds: RoundReport[] = await run.rounds({ n: 100 });
    await run.addRound();
    console.log(
      spent,
      round,
      values,
      standardErrors?.length,
      costs[0]?.nfe,
      costs[1]?.sampler?.kind,
      rounds[0]?.freeEnergy?.toFixed(2),
    );
    return await run.measure({ n: 1000, seed: 1 });
  } catch (error) {
    if (error instanceof FlowError) return `${error.code}: ${error.field ?? ""} ${error.allowed ?? ""}`;
    throw error;
  } finally {
    engine.dispose();
  }
}

export async function embed(element: HTMLElementTagNameMap["flow-playground"]): Promise<Float64Array | undefined> {
  element.method = "flow-matching";
  element.aboveFloor = "yes";
  // @ts-expect-error There is no such attribute.
  element.metod = "flow-matching";
  element.addEventListener("flow-progress", ({ detail: { phase, share, panels } }) =>
    console.log(phase, share.toFixed(2), panels[0]?.slot, panels[0]?.loss?.toFixed(3)),
  );
  await element.train(100);
  const defined: typeof FlowPlayground | undefined = customElements.get("flow-playground") as typeof FlowPlayground;
  console.log(defined?.observedAttributes, element.shown);
  return element.run("a")?.sample(10);
}
