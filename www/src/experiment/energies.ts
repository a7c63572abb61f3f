// Data that are known by their energy: p(x) ∝ e^(-E(x)/T).
import { msg, num } from "../language";
import type { DistributionKind, ExperimentInput } from "./experiment";

export const PLANAR_ENERGIES = ["double-well", "mueller-brown", "four-wells", "energy-ring"] as const;
export const ENERGIES = [...PLANAR_ENERGIES, "phi-four"] as const;

export function hasEnergy(data: DistributionKind): boolean {
  return (ENERGIES as readonly DistributionKind[]).includes(data);
}

/** In units of the energy's own: 15 for Müller–Brown, 1 for all others. */
export const TEMPERATURES = { min: 0.25, max: 2 } as const;

/** What training sees of such data. */
export const DRAWS = ["exact", "chain"] as const;
export type Draws = (typeof DRAWS)[number];
export const DRAW_TITLES: Readonly<Record<Draws, string>> = { exact: msg("exact"), chain: msg("short chain") };
/** Points of the chain. */
const CHAIN = 2000;

export interface EnergySetup {
  temperature: number;
  draws: Draws;
}

/** As the experiment has it; silent about what is as usual. */
export function energySource(
  kind: DistributionKind,
  { temperature, draws }: EnergySetup,
): Omit<NonNullable<ExperimentInput["data"]>, "kind"> {
  if (!hasEnergy(kind)) return {};
  return { ...(temperature !== 1 && { temperature }), ...(draws === "chain" && { chain: CHAIN }) };
}

/** In a caption: " at temperature 2, found by a short chain"; empty where nothing is said. */
export function energyName(kind: DistributionKind, { temperature, draws }: EnergySetup): string {
  if (!hasEnergy(kind)) return "";
  const found = draws === "chain" ? msg(", found by a short Markov chain") : "";
  return `${temperature === 1 ? "" : msg(` at temperature ${num(String(temperature))}`)}${found}`;
}
