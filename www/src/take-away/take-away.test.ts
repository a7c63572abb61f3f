import { expect, test } from "vitest";
import { type AskedFor, canBeTold } from "../experiment/conditions";
import { ENERGIES } from "../experiment/energies";
import type { Experiment, MethodConfig } from "../experiment/experiment";
import { lossesOf } from "../experiment/losses";
import { times } from "./film";
import { passesPerStep, pytorchFile } from "./pytorch";
import { lossesTable, metricsTable, trajectoriesTable } from "./tables";

const COUPLED = { path: "linear", coupling: "independent", couplingBatch: 128, weighting: "uniform" } as const;
const METHODS = [
  { kind: "flow-matching", ...COUPLED },
  { kind: "flow-matching", ...COUPLED, path: "variance-preserving", coupling: "minibatch-ot" },
  { kind: "stochastic-interpolant", ...COUPLED, bridge: 2, coupling: { sinkhorn: { regularization: 0.1 } } },
  { kind: "reflow", rounds: 2, distill: 1, pairs: 1000, pairSteps: 5 },
  { kind: "mean-flow", jumps: 0.5, adaptive: 1 },
  { kind: "shortcut", jumps: 0.25, halvings: 7 },
  { kind: "flow-matching", ...COUPLED, weighting: "logit-normal" },
  { kind: "diffusion", prediction: "noise", weighting: "likelihood" },
  { kind: "diffusion", prediction: "data", weighting: "logit-normal" },
  { kind: "normalizing-flow", trainingSteps: 8, kineticPenalty: 0.05, divergence: "exact" },
  { kind: "coupling-flow", maps: "real-nvp", layers: 4 },
  { kind: "coupling-flow", maps: "spline", layers: 4 },
  { kind: "ot-flow", trainingSteps: 8, likelihoodWeight: 8, hjbWeight: 1 },
  { kind: "jko-flow", blocks: 3 },
] as unknown as MethodConfig[];

interface Told {
  pairs: "within" | "across";
  asked: AskedFor | null;
}

function python(
  method: MethodConfig,
  sampledBy: string | null = null,
  kind = "rings",
  told?: Told,
  clock?: number[],
): string {
  const isObserved = told?.asked != null && "numbers" in told.asked;
  const experiment = {
    version: 1,
    seed: 7,
    data: { kind },
    noise: { kind: "gaussian" },
    method,
    network: { width: 8, depth: 2, activation: "silu", conditioning: "concat" },
    optimizer: { batch: 32, learningRate: 1e-3, finalLearningRate: 1e-5, clipNorm: 10, emaDecay: 0.9 },
    solver: { kind: "rk4", steps: 10 },
    divergence: {},
    budget: { steps: 10 },
    ...(clock && { snapshots: { leaveOut: 1 } }),
    ...(told && { condition: { kind: isObserved ? "numbers" : "class", drop: 0.1, pairs: told.pairs } }),
  } as Experiment;
  const own = { columns: ["x", "y"], center: [kind === "points" ? 1700000000.5 : 0, 0], scale: [1, 1] };
  const number = (name: string) => ({ name, mean: 0.5, deviation: 2, least: -3, greatest: 3 });
  const known = {
    classes: told && !isObserved ? ["in", "out"] : [],
    numbers: isObserved ? ["x₁", "x₂"].map(number) : [],
  };
  const classes = { ...known, asked: told?.asked ?? null };
  const link = "https://example.org/#v=1";
  return pytorchFile({
    experiment,
    name: "some",
    sampledBy,
    jumps: 2,
    link,
    ...own,
    ...classes,
    ...(clock && { clock }),
  });
}

test.each(ENERGIES)("what was trained from the energy of %s alone is in Python too", (kind) => {
  for (const method of METHODS.filter(({ kind }) => kind === "coupling-flow" || kind === "normalizing-flow")) {
    const code = python({ ...method, objective: "reverse-kl" } as MethodConfig, null, kind);
    expect(code).toMatch(/^TEMPERATURE = \d+$/m);
    expect(code).toMatch(/^def energy\(x\):\n {4}"""/m);
    expect(code).toMatch(/^def loss\(weights, draw, round\):\n {4}"""E_q \[ln q\(x\) \+ E\(x\)\/T\]/m);
    expect(python(method, null, kind)).not.toMatch(/TEMPERATURE|energy\(x\)/);
  }
});

/** Everything that some file of python/ defines. */
const FUNCTIONS = new Set([
  ...defined(ofSnapshots("minibatch-ot")),
  ...METHODS.flatMap((method) => [
    ...defined(python(method)),
    ...(canBeTold(method.kind) ? [...defined(ofClasses(method)), ...defined(ofNumbers(method))] : []),
  ]),
]);

function ofClasses(method: MethodConfig): string {
  return python(method, null, "rings", { pairs: "within", asked: { class: 1, guidance: 2.5 } });
}

function ofNumbers(method: MethodConfig): string {
  return python(method, null, "two-moons-sbi", { pairs: "within", asked: { numbers: [0.1, -0.2], guidance: 1.5 } });
}

function defined(code: string): string[] {
  return [...code.matchAll(/^(?:def (\w+)\(|(\w+) = (?:labelled_|observed_)?points_from_file)/gm)].map(
    ([, name, assigned]) => name ?? assigned ?? "",
  );
}

function ofSnapshots(coupling: string): string {
  const method = { kind: "flow-matching", path: "linear", coupling, couplingBatch: 32, weighting: "uniform" };
  return python(method as MethodConfig, null, "branching", undefined, [0, 0.25, 0.5, 1]);
}

const CODES = METHODS.flatMap((method): (readonly [string, string])[] => [
  [method.kind, python(method)] as const,
  ...(canBeTold(method.kind)
    ? [
        [`${method.kind} with classes`, ofClasses(method)] as const,
        [`${method.kind} with numbers`, ofNumbers(method)] as const,
      ]
    : []),
]).concat(["independent", "sinkhorn"].map((coupling) => [`snapshots, ${coupling}`, ofSnapshots(coupling)]));

test.each(CODES)("the Python of %s defines whatever it calls, once, and calls whatever it defines", (_, code) => {
  const names = defined(code);
  expect(new Set(names).size).toBe(names.length);
  const body = code.slice(code.indexOf("DEVICE ="));
  const called = [...body.matchAll(/(?<![\w.])(\w+)\(/g)]
    .map(([, name = ""]) => name)
    .filter((name) => FUNCTIONS.has(name));
  for (const name of new Set(called)) expect(names, name).toContain(name);
  for (const name of names) expect(body.split(new RegExp(`\\b${name}\\b`)).length, name).toBeGreaterThan(2);
});

test("Python of snapshots says what its ends are, and how one is predicted from another", () => {
  const [head = ""] = ofSnapshots("minibatch-ot").split("import argparse");
  expect(head).toMatch(/from the first snapshot, P, at t = 0 to the last, Q, at t = 1/);
  expect(head).not.toMatch(/noise/);
  const [, called = ""] = /own_units\((\w+)\(load\(\)/.exec(head) ?? [];
  expect(ofSnapshots("minibatch-ot")).toMatch(new RegExp(`^def ${called}\\(weights, x, start, end`, "m"));
  expect(python(METHODS[0] as MethodConfig)).toContain("from data at t = 0 to noise at t = 1");
});

test("Python is solved as the page solves: in steps of √t on a diffusion's path, and another sampler is named", () => {
  const [linear, curved] = METHODS as [MethodConfig, MethodConfig];
  expect(python(linear)).not.toContain("math.sqrt(max(start");
  expect(python(curved)).toContain("math.sqrt(max(start");
  const code = python(linear, "DDIM × 20");
  expect(code).toContain(
    "The page drew its samples by DDIM × 20; this file solves the flow's ODE instead, by rk4 × 10.",
  );
  expect(python(linear)).not.toContain("this file solves");
});

test("snapshots in time are drawn each alone, and training goes past the one that is left out", () => {
  const code = ofSnapshots("minibatch-ot");
  expect(code).toContain("CLOCK = [0,0.25,0.5,1]\nSEEN = [");
  expect(code).toContain('SNAPSHOTS = snapshots_from_files("data.npy", "labels.npy")');
  expect(code).not.toContain("def flow_matching_loss");
});

test("a network has a weight of the time where the engine's has one, whatever was asked for", () => {
  for (const [kind, code] of CODES) {
    const isAutonomous = kind === "coupling-flow" || kind === "jko-flow";
    expect(code, kind).toContain(`"conditioning": "${isAutonomous ? "none" : "concat"}"`);
  }
});

test("what learned to jump samples in as many jumps as the page did", () => {
  expect(python({ kind: "mean-flow", jumps: 0.5, adaptive: 1 })).toContain('"--jumps", type=int, default=2');
  expect(python(METHODS[0] as MethodConfig)).not.toContain("--jumps");
});

test("own points come with a word on who learned from which, and keep their digits; a notebook runs it", () => {
  const code = python(METHODS[0] as MethodConfig);
  expect(code).not.toContain("data.npy holds all rows");
  expect(code).toMatch(/^IS_SCRIPT = .*"__file__" in globals\(\)$/m);
  expect(code.match(/__file__/g)).toHaveLength(3);
  expect(code).toContain("parser.parse_args(None if IS_SCRIPT else [])");
  expect(code).toContain('encoding="utf-8-sig"');
  const own = python(METHODS[0] as MethodConfig, null, "points");
  expect(own).toContain("data.npy holds all rows");
  expect(own).toContain("CENTER, SCALE = np.array([1700000000.5,0])");
});

test("points of one coordinate are drawn in Python too", () => {
  const code = python(METHODS[0] as MethodConfig, null, "bimodal");
  expect(code).toContain('def sample_data(n):\n    """0.3 N(-2, 1/4) + 0.7 N(1, 1)');
  expect(code).not.toContain("points_from_file");
});

test("an exact field has no Python", () => {
  expect(() => python({ kind: "closed-form" } as MethodConfig)).toThrow("an exact field has no Python");
});

test("a budget of network evaluations becomes that of training steps", () => {
  const [matching, flow] = [METHODS[0], METHODS.find(({ kind }) => kind === "normalizing-flow")] as [
    MethodConfig,
    MethodConfig,
  ];
  expect([passesPerStep(matching, 2), passesPerStep(flow, 2)]).toEqual([2, 8 * 8 * 3]);
  expect(passesPerStep({ kind: "mean-flow", jumps: 0.5, adaptive: 1 }, 2)).toBe(3);
});

test("tables name their columns, and leave empty what is not known", () => {
  const curves = { times: [1, 0], positions: Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8]), nfe: 4 };
  expect(trajectoriesTable(curves, ["a", "b,c"])).toBe('"point","t","a","b,c"\n0,1,1,2\n0,0,5,6\n1,1,3,4\n1,0,7,8\n');
  expect(lossesTable({ losses: lossesOf([2.5, 1]), firstStep: 7 } as never)).toBe('"step","loss"\n8,2.5\n9,1\n');
  const found = { step: 3, seconds: 0.5, networkEvaluations: 6, nll: null, converged: true, solver: "rk4" };
  const [names, row] = metricsTable({ history: [found], measured: null, details: null } as never).split("\n");
  expect(names?.split(",").slice(0, 4)).toEqual(['"step"', '"seconds"', '"networkEvaluations"', '"nll (nats)"']);
  expect(row).toMatch(/^3,0.5,6,,.*true,.*"rk4",,,,,$/);
});

test("the table of metrics has what is measured of pictures, with units, in the row of the step that it is of", () => {
  const of = (step: number) => ({ step, solver: "rk4", standardized: true, bitsPerDim: 2.2, nearestDistance: 2.5 });
  const details = { step: 9, n: 359, frechet: 97, frechetFloor: 37, frechetFloorSpread: 11, accuracy: 0.9 };
  const table = metricsTable({ history: [of(3), of(9)], measured: null, details } as never);
  const [heads = [], earlier = [], later = []] = table.split("\n").map((line) => line.split(","));
  const cells = (row: string[], head: string) => row[heads.indexOf(`"${head}"`)];
  for (const [head, value] of [
    ["bitsPerDim (bits a pixel)", "2.2"],
    ["nearestDistance (standard deviations)", "2.5"],
    ["frechet (squared features)", "97"],
    ["frechetFloor (squared features)", "37"],
    ["accuracy (share)", "0.9"],
    ["detailedN", "359"],
  ] as const) {
    expect(cells(later, head), head).toBe(value);
  }
  expect(cells(earlier, "frechet (squared features)")).toBe("");
  expect(cells(earlier, "bitsPerDim (bits a pixel)")).toBe("2.2");
  expect(heads).toContain('"slicedW2 (squared standard deviations)"');
  const own = metricsTable({ history: [], measured: { ...of(3), standardized: false }, details: null } as never);
  expect(own).toContain('"slicedW2 (squared data units)"');
});

test("a film goes from noise to data and back, and rests there", () => {
  expect(times(3, 2)).toEqual([1, 0.5, 0, 0, 0, 0.5]);
});

test("the Python of a class asks for what the page does, and pairs as it does", () => {
  const matching = METHODS.find(({ kind }) => kind === "flow-matching");
  if (matching === undefined) throw new Error("there is flow matching");
  const code = ofClasses(matching);
  expect(code).toContain('"--asked", type=int, default=1');
  expect(code).toContain('"--guidance", type=float, default=2.5');
  expect(code).toContain('sample_data = labelled_points_from_file("data.npy", "labels.npy")');
  const across = python(matching, null, "rings", { pairs: "across", asked: null });
  expect(across).toContain('"--asked", type=int, default=None');
  expect([code, across].map((one) => one.includes("def bare_pair("))).toEqual([true, false]);
});

test("the Python of numbers is told them in their deviations, and asks for what the page does", () => {
  const matching = METHODS.find(({ kind }) => kind === "flow-matching");
  if (matching === undefined) throw new Error("there is flow matching");
  const code = ofNumbers(matching);
  expect(code).toContain('"--asked", type=float, nargs=2, default=[0.1,-0.2]');
  expect(code).toContain('NUMBERS = [["x₁",0.5,2],["x₂",0.5,2]]');
  expect(code).toContain('sample_data = observed_points_from_file("data.npy", "numbers.npy")');
  expect(code).toContain("def bare_pair(");
  expect(code).not.toContain("CLASSES");
});
