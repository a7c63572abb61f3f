// What kept results, keys and files call what is drawn: the same in every language. `said.ts` says it to a reader.
import { type AskedFor, type Known, observedName } from "./conditions";
import type { SamplerConfig, SamplerKind, SolverKind, TimeGrid } from "./experiment";

/** Of one panel, complete. */
export type Sampler = Solving | ({ sampler: SamplerKind; steps: number } & Omit<SamplerConfig, "kind" | "steps">);
export interface Solving {
  solver: SolverKind;
  steps: number;
  sampler?: undefined;
}

export const SAMPLER_NAMES: Readonly<Record<SamplerKind, string>> = {
  "euler-maruyama": "Euler–Maruyama",
  ancestral: "Ancestral (DDPM)",
  ddim: "DDIM",
  "dpm-solver": "DPM-Solver++(2M)",
  "karras-heun": "Heun, Karras’ steps",
  "few-steps": "Learned jumps",
};

export const GRID_NAMES: Readonly<Record<TimeGrid, string>> = {
  uniform: "t",
  "root-time": "√t",
  "half-log-snr": "half-log-SNR",
  karras: "Karras’ noise levels",
};

/** "rk4 × 10", "DPM-Solver++(2M) × 20, equal in √t". */
export function nameOf(by: Sampler): string {
  if (by.sampler === undefined) return `${by.solver} × ${by.steps}`;
  const { sampler, steps, epsilon, churn, grid } = by;
  return [
    `${SAMPLER_NAMES[sampler]} × ${steps}`,
    ...(epsilon === undefined ? [] : [`ε ${epsilon}`]),
    ...(churn === undefined ? [] : [`churn ${churn}`]),
    ...(grid === undefined ? [] : [`equal in ${GRID_NAMES[grid]}`]),
  ].join(", ");
}

export function nameOfFormulas(blocks: number): string {
  return `the formulas of ${blocks} blocks`;
}

/** ", of east with w = 3", or ", given x = 1"; empty where nothing is asked for. */
export function askedName(asked: AskedFor | null, known: Known): string {
  if (asked === null) return "";
  const name = "class" in asked ? `of ${className(asked.class, known)}` : `given ${observedName(asked.numbers, known)}`;
  return `, ${name}${asked.guidance === 1 ? "" : ` with w = ${asked.guidance}`}`;
}

function className(number: number, { classes }: Known): string {
  return classes[number] ?? `class ${number}`;
}
