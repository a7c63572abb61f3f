// What draws a panel's samples: a solver of the flow's ODE, or a sampler that knows the path; and who can be drawn by what.
// The engine refuses the same: tests/browser/samplers.spec.ts asks it.
import { msg } from "../language";
import { type AskedFor, passesOf } from "./conditions";
import type { DistributionKind, SamplerKind, SolverKind, TimeGrid } from "./experiment";
import { type MethodId, methodOf } from "./methods";
import { GRID_NAMES, nameOf, nameOfFormulas, SAMPLER_NAMES, type Sampler, type Solving } from "./names";
import { type Options, withOptions } from "./options";
import { said } from "./said";
import { isOfSnapshots } from "./snapshots";
import { type Angles, noiseOn } from "./spaces";

/** What the panels share of it. */
export interface SamplerSetup {
  solver: SolverKind;
  /** of the sampler too */
  solverSteps: number;
  /** "ode" for the solver */
  sampler: SamplerKind | "ode";
  /** of Euler–Maruyama's noise, g² = 2 ε; null for that of the path's own process */
  epsilon: number | null;
  churn: number;
  grid: TimeGrid | "usual";
}

export const DEFAULT_SAMPLER: SamplerSetup = {
  solver: "rk4",
  solverSteps: 10,
  sampler: "ode",
  epsilon: null,
  churn: 0,
  grid: "usual",
};

export type { Sampler, Solving };

export const SOLVER_TITLES: Record<SolverKind, string> = {
  euler: "Euler",
  midpoint: msg("midpoint"),
  heun: "Heun",
  heun3: msg("Heun, order 3"),
  rk4: "RK4",
  "rk4-38": msg("RK4, 3/8 rule"),
  bosh3: "Bogacki–Shampine 3",
  dopri5: "Dormand–Prince 5",
  tsit5: "Tsitouras 5",
};
/** Noise takes more steps than a flow does. */
export const MAX_STEPS = { solver: 100, sampler: 200 } as const;
export const MAX_NOISE = 100;

export const SAMPLER_TITLES: Readonly<Record<SamplerKind, string>> = {
  ...SAMPLER_NAMES,
  ancestral: said(SAMPLER_NAMES.ancestral),
  "karras-heun": said(SAMPLER_NAMES["karras-heun"]),
  "few-steps": said(SAMPLER_NAMES["few-steps"]),
};
export const SAMPLER_KINDS = Object.keys(SAMPLER_TITLES) as readonly SamplerKind[];
/** Those that know the path, and need a score. */
export const PATH_SAMPLERS: readonly SamplerKind[] = SAMPLER_KINDS.filter((kind) => kind !== "few-steps");

export const GRID_TITLES: Readonly<Record<TimeGrid, string>> = { ...GRID_NAMES, karras: said(GRID_NAMES.karras) };
const GRIDS = Object.keys(GRID_TITLES) as readonly TimeGrid[];
/** They need no path. */
const GRIDS_OF_TIME: readonly TimeGrid[] = ["uniform", "root-time"];

/** What of a panel decides how it can be drawn. */
interface Sampled {
  method: MethodId;
  options: Options;
}

function inputOf({ method: id, options }: Sampled) {
  const { method } = methodOf(id).experiment;
  return withOptions({ method }, options).method ?? method;
}

/** The one solver of a student, which learned no times but that solver's. */
export function ownSolverOf(drawn: Sampled): Solving | null {
  const method = inputOf(drawn);
  const steps = method.kind === "reflow" ? (method.distill ?? 0) : 0;
  return steps === 0 ? null : { solver: "euler", steps };
}

/** The blocks of a coupling flow, whose formulas sample it exactly: one evaluation each, and no solver. */
export function formulasOf(drawn: Sampled): number | null {
  const method = inputOf(drawn);
  if (method.kind !== "coupling-flow") return null;
  const { maps = "real-nvp", layers = 8 } = method;
  return { nice: layers + 1, "real-nvp": layers, glow: 2 * layers, spline: layers }[maps];
}

/**
 * The samplers beside the solvers; but for learned jumps they need a score, which a velocity tells of independent pairs with
 * Gaussian noise.
 */
export function samplersOf(drawn: Sampled, noise: string): readonly SamplerKind[] {
  const method = inputOf(drawn);
  // Their last is no Gaussian.
  if (isOfSnapshots(drawn.method)) return [];
  switch (method.kind) {
    case "diffusion":
      return PATH_SAMPLERS;
    case "mean-flow":
    case "shortcut":
      return noise === "gaussian" ? SAMPLER_KINDS : ["few-steps"];
    case "stochastic-interpolant":
      return ["euler-maruyama"];
    case "flow-matching":
      return noise === "gaussian" && (method.coupling ?? "independent") === "independent" ? PATH_SAMPLERS : [];
    case "closed-form":
      return noise === "gaussian" ? PATH_SAMPLERS : [];
    default:
      return [];
  }
}

/** What the steps of a sampler can be equal in. */
export function gridsOf(drawn: Sampled, sampler: SamplerKind): readonly TimeGrid[] {
  if (sampler === "few-steps") return [];
  return inputOf(drawn).kind === "stochastic-interpolant" ? GRIDS_OF_TIME : GRIDS;
}

type SamplingSetup = SamplerSetup & { noise: string; data?: DistributionKind; angles?: Angles };

/** The solver of the ODE: the shared one, unless the method has one of its own. Formulas take a step for each block. */
export function solverFor(drawn: Sampled, { solver, solverSteps: steps }: SamplerSetup): Solving {
  const formulas = formulasOf(drawn);
  if (formulas !== null) return { solver: "euler", steps: formulas };
  return ownSolverOf(drawn) ?? { solver, steps };
}

/** What is chosen, where the panel can be drawn by it; else the solver. */
export function samplerFor(drawn: Sampled, setup: SamplingSetup): Sampler {
  const { sampler, solverSteps: steps, epsilon, churn, grid } = setup;
  if (sampler === "ode" || !samplersOf(drawn, noiseOn(setup)).includes(sampler)) return solverFor(drawn, setup);
  return {
    sampler,
    steps,
    ...(sampler === "euler-maruyama" && epsilon !== null && { epsilon }),
    ...(sampler === "karras-heun" && churn > 0 && { churn }),
    ...(grid !== "usual" && gridsOf(drawn, sampler).includes(grid) && { grid }),
  };
}

/** Evaluations of one step of the solvers. */
const STAGES: Record<SolverKind, number> = {
  euler: 1,
  midpoint: 2,
  heun: 2,
  heun3: 3,
  rk4: 4,
  "rk4-38": 4,
  bosh3: 3,
  dopri5: 6,
  tsit5: 6,
};

/** As the engine counts them: Heun's step to t = 0, where Karras' levels end, takes but one. */
export function evaluationsOf(by: Sampler): number {
  if (by.sampler === undefined) return by.steps * STAGES[by.solver];
  if (by.sampler !== "karras-heun") return by.steps;
  return 2 * by.steps - ((by.grid ?? "karras") === "karras" ? 1 : 0);
}

/** Whether its paths are an SDE's. */
export function isStochastic(by: Sampler): boolean {
  if (by.sampler === "euler-maruyama") return by.epsilon !== 0;
  return by.sampler === "ancestral" || (by.sampler === "karras-heun" && (by.churn ?? 0) > 0);
}

const DOUBLING = [1, 2, 4, 8, 16, 32, 64] as const;

/** A sampler in few steps and in many, up to as many evaluations as the solvers, and to four times as many with noise. */
export function triedOf(by: Exclude<Sampler, Solving>): Sampler[] {
  const most = by.sampler === "few-steps" ? 8 : by.sampler === "karras-heun" ? 32 : 64;
  const steps = DOUBLING.filter((count) => count <= most);
  return [...steps, ...(isStochastic(by) ? [2 * most, 4 * most] : [])].map((count) => ({ ...by, steps: count }));
}

/** What draws a panel's samples, by name. */
export function drawnBy(drawn: Sampled, setup: SamplingSetup): string {
  const formulas = formulasOf(drawn);
  return formulas === null ? nameOf(samplerFor(drawn, setup)) : nameOfFormulas(formulas);
}

/** What guidance is to a sampler that jumps, in one sentence. */
export function guidedJumpsNotes(drawn: Sampled, setup: SamplingSetup, asked: AskedFor | null): string[] {
  if (passesOf(asked) === 1 || samplerFor(drawn, setup).sampler !== "few-steps") return [];
  return [
    msg(
      "Each jump is w u(x, t, d, class) + (1 − w) u(x, t, d, none): where the jumps are long, this does not end where the guided flow does.",
    ),
  ];
}

/** Why a panel is not drawn by what is chosen, or what that makes of its picture; each in one sentence. */
export function samplingNotes(drawn: Sampled, setup: SamplingSetup): string[] {
  const own = ownSolverOf(drawn);
  if (own !== null) {
    return [
      own.steps === 1
        ? msg(
            "A distilled student is sampled in its own single Euler step, whatever is chosen: it learned no other times, and has no field between them.",
          )
        : msg(
            `A distilled student is sampled in its own ${own.steps} Euler steps, whatever is chosen: it learned no other times, and has no field between them.`,
          ),
    ];
  }
  const formulas = formulasOf(drawn);
  if (formulas !== null) {
    return [
      msg(
        `A coupling flow is sampled by the formulas of its ${formulas} blocks, whatever is chosen: exactly, with one evaluation each.`,
      ),
    ];
  }
  if (setup.sampler === "ode") return [];
  const by = samplerFor(drawn, setup);
  if (by.sampler === undefined) return [whyNot(drawn, setup.sampler)];
  const isGridLeft = setup.grid !== "usual" && by.grid === undefined && by.sampler !== "few-steps";
  return [
    ...(isGridLeft ? [msg("Its steps are equal in t: its paths have no noise level for others to be equal in.")] : []),
    ...(isStochastic(by)
      ? [msg("Its paths are those of an SDE with the flow's marginals; its log-density is that of the flow.")]
      : []),
  ];
}

function whyNot(drawn: Sampled, sampler: SamplerKind): string {
  if (sampler === "few-steps") return msg("Its ODE is solved: it learned no jumps.");
  const title = SAMPLER_TITLES[sampler];
  switch (inputOf(drawn).kind) {
    case "stochastic-interpolant":
      return msg(`Its ODE is solved: its paths have noise of their own, which ${title} knows nothing of.`);
    case "flow-matching":
    case "closed-form":
      return msg(
        `Its ODE is solved: ${title} needs the score, which its velocity tells only of independent pairs with Gaussian noise.`,
      );
    default:
      return msg(`Its ODE is solved: ${title} needs the score, which it does not learn.`);
  }
}
