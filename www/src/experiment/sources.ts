// The built-in distributions, as the page offers them for each end.
import { msg } from "../language";
import { hasEnergy, PLANAR_ENERGIES } from "./energies";
import type { DistributionKind } from "./experiment";
import { SPACE_DATA, SPACE_NOISE } from "./spaces";

export type BuiltInKind = Exclude<DistributionKind, "points" | "pictures">;

export const DATA_TITLES: Record<BuiltInKind, string> = {
  moons: msg("moons"),
  "8-gaussians": msg("8 Gaussians"),
  "two-spirals": msg("two spirals"),
  checkerboard: msg("checkerboard"),
  pinwheel: msg("pinwheel"),
  circles: msg("circles"),
  rings: msg("rings"),
  "swiss-roll": msg("Swiss roll"),
  rose: msg("rose"),
  "olympic-rings": msg("Olympic rings"),
  "fractal-tree": msg("fractal tree"),
  branching: msg("branching cells"),
  gaussian: msg("Gaussian"),
  line: msg("line"),
  cosine: msg("cosine"),
  bimodal: msg("2 Gaussians on a line"),
  "linear-gaussian": msg("parameter of a Gaussian"),
  "two-moons-sbi": msg("parameters of two crescents"),
  "double-well": msg("double well"),
  "mueller-brown": msg("Müller–Brown"),
  "four-wells": msg("four wells"),
  "energy-ring": msg("energy ring"),
  "phi-four": msg("φ⁴ chain of 16 sites"),
  "gaussian-mixture": msg("5 Gaussians in 43 dimensions"),
  glyphs: msg("glyphs, 8 × 8 pixels"),
  "drawn-digits": msg("drawn digits"),
  digits: msg("real digits, 8 × 8 pixels"),
  "digit-codes": msg("real digits on a plane"),
  "von-mises": msg("peaks on a torus"),
  "von-mises-fisher": msg("peaks on a sphere"),
  uniform: msg("uniform"),
  "wrapped-gaussian": msg("wrapped Gaussian"),
};

const isEnglish = !import.meta.env?.VITE_IS_TRANSLATED;

/** What keys and files call a kind, in a sentence of another language. */
export function kindSaid(kind: string): string {
  return isEnglish ? kind : (DATA_TITLES[kind as BuiltInKind] ?? kind);
}

/** Line and cosine have no density, so neither does their comparison here: they are left out. */
export const PLANAR_DATA: readonly BuiltInKind[] = [
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
  "branching",
  "gaussian",
  "two-moons-sbi",
  ...PLANAR_ENERGIES,
  "digit-codes",
];
/** One coordinate: x is seen against t. */
export const LINE_DATA: readonly BuiltInKind[] = ["bimodal", "linear-gaussian"];
/** The others are seen through a plane, or as pictures. */
export const HIGH_DATA: readonly BuiltInKind[] = ["gaussian-mixture", "phi-four", "glyphs", "drawn-digits", "digits"];
export const OFFERED_DATA: readonly BuiltInKind[] = [...PLANAR_DATA, ...LINE_DATA, ...HIGH_DATA, ...SPACE_DATA];
/** The deck's largest example has 43 coordinates. */
export const DIMENSIONS: Partial<Record<BuiltInKind, number>> = { "gaussian-mixture": 43 };
/** Pixels a side of drawn digits. */
export const SIDES = [8, 16, 28] as const;
export type Side = (typeof SIDES)[number];

/** Any source may be the noise of a method that takes any two ends. */
export const PLANAR_NOISE: readonly BuiltInKind[] = [
  "gaussian",
  ...PLANAR_DATA.filter(
    (kind) => kind !== "gaussian" && kind !== "two-moons-sbi" && !hasEnergy(kind) && !isGiven(kind),
  ),
];
export const OFFERED_NOISE: readonly BuiltInKind[] = [...PLANAR_NOISE, ...SPACE_NOISE];

/** Whether the data are a set of points, some of which are held out. */
export function isGiven(data: BuiltInKind | "points"): boolean {
  return data === "points" || data === "digits" || data === "digit-codes";
}
