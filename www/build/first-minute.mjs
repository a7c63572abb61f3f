// What the CPU engine runs in a first minute with the page: two panels of the comparison that it opens with, and those that are
// chosen next, trained, drawn and measured. `node first-minute.mjs GLUE.js MARKING.wasm OUT.json` writes of each
// function of the module whether it was called.
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [glue, wasm, out] = process.argv.slice(2);
const { checkEngine, checkExperiment, default: init, samplePoints, WebSession } = await import(pathToFileURL(glue));
const exports = await init({ module_or_path: await readFile(wasm) });

const EULER = { kind: "euler", steps: 4 };
const RK4 = { kind: "rk4", steps: 4 };
const DORMAND_PRINCE = { kind: "dopri5", tolerance: 1e-3 };
const small = { network: { width: 16, depth: 3 }, optimizer: { batch: 32 }, budget: { steps: 12 } };
const methods = [{ kind: "normalizing-flow", trainingSteps: 2 }, { kind: "flow-matching" }, { kind: "diffusion" }];

await checkEngine("cpu");
for (const kind of ["moons", "8-gaussians", "checkerboard"]) samplePoints(kind, 20, 1);
for (const method of methods) {
  // Whole, as a page writes it.
  const experiment = checkExperiment({ seed: 7, data: { kind: "moons" }, method, ...small });
  const weights = await live(await WebSession.create(experiment, "cpu"));
  // As the page opens: with weights that were trained before.
  await live(await WebSession.create(experiment, "cpu", undefined, weights));
}

/** All that a panel asks for of its own accord; what it has learned. */
async function live(session) {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(WebSession.prototype));
  const read = () => properties.filter(([, { get }]) => get !== undefined).map(([name]) => session[name]);
  read();
  session.ask();
  const points = session.data(40, 1);
  session.noise(40, 1);
  session.classes();
  session.numbers();
  session.samplers();
  session.lossFloor(40, 1);
  session.conditionalPaths(8, 5, 1);
  await drawn(session, points);
  const { losses } = await session.advance(8);
  if (!losses.every(Number.isFinite)) throw new Error(`the first minute's losses are ${losses}`);
  read();
  session.snapshots();
  await session.checkpoint();
  await session.advance(4);
  await drawn(session, points);
  await session.measure(80, 1, RK4, ["sliced-w2"]);
  await session.measure(80, 1, RK4, ["likelihood"]);
  await session.qualityAgainstCost([EULER, DORMAND_PRINCE], 80, 1, ["sliced-w2"]);
  await session.rounds(40, 1);
  const weights = await session.weights();
  session.free();
  return weights;
}

async function drawn(session, points) {
  await session.sample(40, RK4, 1);
  await session.trajectories(40, RK4, 1, "noise");
  await session.trajectories(40, RK4, 1, "data");
  await session.trajectories(40, DORMAND_PRINCE, 1, "data");
  await session.transport(points, EULER, "data");
  await session.velocity(points, 0.5);
  await session.divergence(points, 0.5);
  await session.logDensity(points, 0, RK4);
  await session.logDensityEstimate(points, 0, RK4);
}

const marks = [];
for (let number = 0; `seen${number}` in exports; number++) marks.push(exports[`seen${number}`].value === 1);
if (!marks.some(Boolean)) throw new Error("the first minute ran nothing");
await writeFile(out, JSON.stringify(marks));
