// What the page opens with, and what it offers.
import type { DistributionKind, ExperimentInput, SolverKind } from "./experiment";
import { type MethodId, methodOf } from "./methods";

/** The planar ones; the others are for the library. */
export type BuiltInKind = Exclude<DistributionKind, "points" | "gaussian-mixture" | "glyphs">;

/** The methods that the page opens with, left to right. */
export const DEFAULT_METHODS: readonly MethodId[] = ["normalizing-flow", "flow-matching"];

/** What the panels share. */
export interface Setup {
  seed: number;
  data: BuiltInKind | "points";
  width: number;
  depth: number;
  solver: SolverKind;
  solverSteps: number;
}

export const DEFAULT_SETUP: Setup = {
  seed: 7,
  data: "moons",
  width: 64,
  depth: 3,
  solver: "rk4",
  solverSteps: 10,
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
export const MAX_SOLVER_STEPS = 50;

/** Which solver samples: the shared one, unless the method is made for another. */
export function samplerFor(id: MethodId, setup: Setup): { solver: SolverKind; steps: number } {
  const { kind = setup.solver, steps = setup.solverSteps } = methodOf(id).experiment.solver ?? {};
  return { solver: kind, steps };
}

export function experimentFor(id: MethodId, setup: Setup): ExperimentInput {
  const { network, ...rest } = methodOf(id).experiment;
  const { solver: kind, steps } = samplerFor(id, setup);
  return {
    version: 1,
    seed: setup.seed,
    data: { kind: setup.data },
    noise: { kind: "gaussian" },
    ...rest,
    network: { width: setup.width, depth: setup.depth, ...network },
    solver: { kind, steps },
  };
}

/** The weights shipped for the opening picture; made for DEFAULT_SETUP's data and network, and DEFAULT_METHODS. */
export function pretrainedUrl(id: MethodId): string {
  return `./pretrained/${id}.safetensors`;
}
