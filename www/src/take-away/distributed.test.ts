// Trains in PyTorch, on the CPU: where a Python with torch, numpy, scipy, safetensors and pillow is named, as by
// `cargo xtask test --slow`.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Experiment, MethodConfig } from "../experiment/experiment";
import { npyFrom } from "../experiment/npy";
import { distributedFiles } from "./distributed";
import { pytorchFile } from "./pytorch";

const PYTHON = process.env.PYTHON ?? "";
const SIDE = 8;
const STEPS = 40;
const MATCHING = {
  kind: "flow-matching",
  path: "linear",
  coupling: "minibatch-ot",
  couplingBatch: 128,
  weighting: "uniform",
} as MethodConfig;

function experimentOf(method: MethodConfig, more: Partial<Experiment> = {}): Experiment {
  return {
    version: 1,
    seed: 7,
    data: { kind: "drawn-digits", dim: SIDE * SIDE },
    noise: { kind: "gaussian" },
    method,
    network: { kind: "u-net", width: 8, depth: 1, activation: "silu", conditioning: "concat" },
    optimizer: { batch: 32, learningRate: 2e-3, finalLearningRate: 1e-5, clipNorm: 10, emaDecay: 0.99 },
    solver: { kind: "midpoint", steps: 4 },
    divergence: {},
    budget: { steps: STEPS },
    ...more,
  } as Experiment;
}

const CLASS = { kind: "class", drop: 0.1, pairs: "across" } as Experiment["condition"];

/** A folder with what the page would save of it. */
function exported(method: MethodConfig, more: Partial<Experiment> = {}): string {
  const experiment = experimentOf(method, more);
  const folder = mkdtempSync(join(tmpdir(), "distributed-"));
  const dim = SIDE * SIDE;
  const known = { classes: experiment.condition ? ["even", "odd"] : [], numbers: [], asked: null };
  const columns = Array.from({ length: dim }, (_, i) => `x${i + 1}`);
  const own = { name: "flow-matching", sampledBy: null, jumps: 0, link: null, columns, center: [], scale: [] };
  const python = pytorchFile({ experiment, ...own, ...known });
  const pixels = Float64Array.from({ length: 256 * dim }, (_, i) => Math.sin(i * (1 + (i % 7))));
  const files = {
    "flow-matching.py": python,
    ...distributedFiles(experiment, "flow-matching"),
    "data.npy": npyFrom(pixels, dim),
    ...(experiment.condition && {
      "labels.npy": npyFrom(
        Float64Array.from({ length: 256 }, (_, i) => i % 2),
        1,
      ),
    }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--max-restarts", "3"];
const ARGUMENTS = ["--part", "8", "--report", "1", "--save", "10", "--samples", "9"];

/** Pictures of one's own in every form that is read, and what is found in each. */
const OWN = `
import gzip, pathlib
import numpy as np
from PIL import Image
import pictures

levels = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 3), dtype=np.uint8)
for i, picture in enumerate(levels):
    folder = pathlib.Path("own") / ("cat" if i % 2 == 0 else "dog")
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(folder / f"{i:02}.png")
np.savez("own.npz", images=levels, labels=np.arange(20) % 3)
np.save("fractions.npy", levels[..., 0] / 255)
np.save("rows.npy", levels.reshape(20, -1) / 127.5 - 1)
def idx(array):
    return b"\\0\\0\\x08" + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()
pathlib.Path("images.gz").write_bytes(gzip.compress(idx(levels[..., 0])))
pathlib.Path("labels").write_bytes(idx(np.arange(20, dtype=np.uint8) % 4))
for given in (["own", 8], ["own.npz"], ["fractions.npy"], ["rows.npy"], ["images.gz", None, "labels"]):
    read = pictures.read(*given)
    own, number = read[0]
    same = (own / 255 if own.dtype == np.uint8 else (own + 1) / 2) - levels[0, :, :, : own.shape[2]] / 255
    print(given[0], len(read), own.shape, own.dtype, len(read.classes), number, bool(np.abs(same).max() < 1e-6))
`;

/** What it says, one of two processes being killed once there is a checkpoint where `isKilled`. */
function trained(folder: string, launcher: readonly string[], isKilled = false, more: string[] = []): Promise<string> {
  const given = [...launcher, "distributed.py", ...ARGUMENTS, ...more];
  const child = spawn(PYTHON, given, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: "1" } });
  let [said, errors] = ["", ""];
  child.stderr.on("data", (text) => {
    errors += text;
  });
  child.stdout.on("data", (text) => {
    said += text;
    const second = /process 1 of 2 is (\d+)/.exec(said)?.[1];
    if (!isKilled || second === undefined || !said.includes("step 15,")) return;
    isKilled = false;
    process.kill(Number(second), "SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("close", (code) => (code === 0 ? resolve(said) : reject(new Error(`${code}: ${said}\n${errors}`))));
  });
}

/** By step, the last of each. */
function lossesIn(said: string): Map<number, number> {
  return new Map(
    [...said.matchAll(/step (\d+), loss ([\d.]+)/g)].map(([, step, loss]) => [Number(step), Number(loss)]),
  );
}

function expectSame(found: Map<number, number>, wanted: Map<number, number>): void {
  expect([...found.keys()]).toEqual([...wanted.keys()]);
  for (const [step, loss] of wanted)
    expect(Math.abs((found.get(step) ?? 0) / loss - 1), `step ${step}`).toBeLessThan(1e-4);
}

test("what trains on many GPUs comes with pictures by a U-Net, and with nothing else", () => {
  const files = distributedFiles(experimentOf(MATCHING), "flow-matching");
  expect(Object.keys(files)).toEqual(["distributed.py", "pictures.py"]);
  expect(files["distributed.py"]).toContain('import_module("flow-matching")');
  expect(files["distributed.py"]).not.toContain("NAME");
  const perceptron = { kind: "perceptron", width: 8, depth: 2 } as Experiment["network"];
  expect(distributedFiles(experimentOf(MATCHING, { network: perceptron }), "some")).toEqual({});
  const reflow = { kind: "reflow", rounds: 1, distill: 0, pairs: 100, pairSteps: 5 } as MethodConfig;
  expect(distributedFiles(experimentOf(reflow), "reflow")).toEqual({});
});

test.skipIf(PYTHON === "")(
  "two processes have the losses of one, and so have they after one was killed",
  async () => {
    const alone = lossesIn(await trained(exported(MATCHING), []));
    expect(alone.size).toBe(STEPS);
    expectSame(lossesIn(await trained(exported(MATCHING), TORCHRUN)), alone);
    const killed = await trained(exported(MATCHING), TORCHRUN, true);
    expect(killed).toMatch(/process 0 of 2 is \d+, on cpu, from step 10/);
    expectSame(lossesIn(killed), alone);
  },
  300_000,
);

test.skipIf(PYTHON === "")(
  "pictures of one's own are read from folders, arrays and MNIST's files",
  async () => {
    const folder = exported(MATCHING);
    const read = execFileSync(PYTHON, ["-c", OWN], { cwd: folder, encoding: "utf8" });
    expect(read.trim().split("\n")).toEqual([
      "own 20 (8, 8, 3) uint8 2 0 True",
      "own.npz 20 (8, 8, 3) uint8 3 0 True",
      "fractions.npy 20 (8, 8, 1) float32 1 0 True",
      "rows.npy 20 (8, 8, 3) float32 1 0 True",
      "images.gz 20 (8, 8, 1) uint8 4 0 True",
    ]);
    const wider = ["--data", "own", "--side", "16", "--width", "12", "--patch", "1", "--flip", "--workers", "1"];
    const said = await trained(folder, [], false, [...wider, "--bfloat16", "--batch", "16", "--steps", "4"]);
    expect(said).toMatch(/step 4, loss \d/);
  },
  300_000,
);

const METHODS = [
  ["a class", MATCHING, { condition: CLASS }],
  ["diffusion", { kind: "diffusion", prediction: "noise", weighting: "uniform" }, {}],
  ["jumps", { kind: "mean-flow", jumps: 0.5, adaptive: 1 }, {}],
  ["two networks", { ...MATCHING, kind: "stochastic-interpolant", bridge: 1 }, {}],
] as const;

test.skipIf(PYTHON === "").each(METHODS)(
  "%s trains in two processes as in one, and its weights are read",
  async (_, method, more) => {
    const folder = exported(method as unknown as MethodConfig, more as Partial<Experiment>);
    const two = lossesIn(await trained(folder, TORCHRUN));
    const read =
      "import json, numpy; print(json.dumps([list(numpy.load(f'run/samples-{k}.npy').shape) for k in (0, 1)]))";
    const samples = JSON.parse(execFileSync(PYTHON, ["-c", read], { cwd: folder, encoding: "utf8" }));
    expect(samples).toEqual([
      [5, SIDE, SIDE, 1],
      [4, SIDE, SIDE, 1],
    ]);
    expectSame(
      two,
      lossesIn(await trained(exported(method as unknown as MethodConfig, more as Partial<Experiment>), [])),
    );
  },
  300_000,
);
