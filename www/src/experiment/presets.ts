// What the page opens with, and what it offers.
import type { DistributionKind, Experiment, ExperimentInput, SolverKind } from "./experiment";

export type MethodKind = Experiment["method"]["kind"];
/** The planar ones; the others are for the library. */
export type BuiltInKind = Exclude<DistributionKind, "points" | "gaussian-mixture" | "glyphs">;
export type CouplingKind = "independent" | "minibatch-ot";

/** The two methods that the page compares, left to right. */
export const METHODS: readonly MethodKind[] = ["normalizing-flow", "flow-matching"];

/** What the panels share. */
export interface Setup {
  seed: number;
  data: BuiltInKind | "points";
  width: number;
  depth: number;
  coupling: CouplingKind;
  solver: SolverKind;
  solverSteps: number;
}

export const DEFAULT_SETUP: Setup = {
  seed: 7,
  data: "moons",
  width: 64,
  depth: 3,
  coupling: "independent",
  solver: "rk4",
  solverSteps: 10,
};

/** Training steps. One of the normalizing flow's solves an ODE and costs about as much as a hundred of the other's. */
const BUDGETS: Record<MethodKind, number> = { "normalizing-flow": 1000, "flow-matching": 5000 };

export interface MethodTexts {
  title: string;
  idea: string;
  /** what the layer of interpolation paths shows for it */
  paths: string;
}

export const METHOD_TEXTS: Record<MethodKind, MethodTexts> = {
  "normalizing-flow": {
    title: "Normalizing flow",
    idea: "maximizes the likelihood of the data, through an ODE solver",
    paths: "It has no interpolation paths; dashed: its trajectories from data.",
  },
  "flow-matching": {
    title: "Flow matching",
    idea: "regresses the velocity of straight lines from data to noise",
    paths: "Dashed: the conditional paths it learns from, straight lines between paired points.",
  },
};

export const DATA_TITLES: Record<BuiltInKind, string> = {
  moons: "moons",
  "8-gaussians": "8 Gaussians",
  "two-spirals": "two spirals",
  checkerboard: "checkerboard",
  pinwheel: "pinwheel",
  circles: "circles",
  rings: "rings",
  "swiss-roll": "Swiss roll",
  rose: "rose",
  "olympic-rings": "Olympic rings",
  "fractal-tree": "fractal tree",
  gaussian: "Gaussian",
  line: "line",
  cosine: "cosine",
};

/** Line and cosine have no density, so neither does their comparison here: they are left out. */
export const OFFERED_DATA: readonly BuiltInKind[] = [
  "moons",
  "8-gaussians",
  "two-spirals",
  "checkerboard",
  "pinwheel",
  "circles",
  "rings",
  "swiss-roll",
  "rose",
  "olympic-rings",
  "fractal-tree",
  "gaussian",
];

export const WIDTHS = [16, 32, 64, 96, 128] as const;
export const DEPTHS = [1, 2, 3, 4, 5] as const;
export const SOLVER_TITLES: Record<SolverKind, string> = {
  euler: "Euler",
  midpoint: "midpoint",
  heun: "Heun",
  heun3: "Heun, order 3",
  rk4: "RK4",
  "rk4-38": "RK4, 3/8 rule",
  bosh3: "Bogacki–Shampine 3",
  dopri5: "Dormand–Prince 5",
  tsit5: "Tsitouras 5",
};
export const COUPLING_TITLES: Record<CouplingKind, string> = {
  independent: "independent",
  "minibatch-ot": "minibatch OT",
};
export const MAX_SOLVER_STEPS = 50;

export function budgetOf(method: MethodKind): number {
  return BUDGETS[method];
}

export function experimentFor(method: MethodKind, setup: Setup): ExperimentInput {
  return {
    version: 1,
    seed: setup.seed,
    data: { kind: setup.data },
    noise: { kind: "gaussian" },
    method: methodFor(method, setup),
    network: { width: setup.width, depth: setup.depth },
    solver: { kind: setup.solver, steps: setup.solverSteps },
    budget: { steps: budgetOf(method) },
  };
}

/** Only flow matching pairs its ends. */
function methodFor(method: MethodKind, { coupling }: Setup): ExperimentInput["method"] {
  return method === "flow-matching" ? { kind: method, coupling } : { kind: method };
}

/** The weights shipped for the opening picture; made for DEFAULT_SETUP's data and network. */
export function pretrainedUrl(method: MethodKind): string {
  return `./pretrained/${method}.safetensors`;
}
