// Which data are on a torus or a sphere, and what goes with them: noise, methods. How they are drawn comes late.
import type { Space } from "../stage/space/space";
import type { DistributionConfig, DistributionKind } from "./experiment";
import { type MethodId, methodOf } from "./methods";

export type { Space };

/** What two columns of the reader's own points are: plain numbers, angles, or longitude and latitude in degrees. */
export const ANGLES = ["none", "degrees", "radians", "globe"] as const;
export type Angles = (typeof ANGLES)[number];

const SPACES: Partial<Record<DistributionKind, Space>> = { "von-mises": "torus", "von-mises-fisher": "sphere" };

export const SPACE_DATA = ["von-mises", "von-mises-fisher"] as const;
export const SPACE_NOISE = ["uniform", "wrapped-gaussian"] as const;

interface OnASpace<Noise extends string> {
  data?: DistributionKind;
  angles?: Angles;
  noise: Noise;
}

/** Null on the plane, and everywhere else. */
export function spaceOf({ data = "gaussian", angles = "none" }: Omit<OnASpace<string>, "noise">): Space | null {
  if (data !== "points" || angles === "none") return SPACES[data] ?? null;
  return angles === "globe" ? "sphere" : "torus";
}

/** As the experiment of a run says. */
export function spaceOfRun({ kind, space }: DistributionConfig): Space | null {
  return SPACES[kind] ?? space ?? null;
}

/** The noise that there is on the data's space: what is chosen for another is kept for when there is that again. */
export function noiseOn<Noise extends string>(ends: OnASpace<Noise>): Noise | "uniform" | "gaussian" {
  const { noise } = ends;
  const isOnSpace = spaceOf(ends) !== null;
  if (isOnSpace === (SPACE_NOISE as readonly string[]).includes(noise)) return noise;
  return isOnSpace ? "uniform" : "gaussian";
}

/** Whether a method goes along geodesics: the others are made of what a plane alone has. */
export function isForSpaces(id: MethodId): boolean {
  const { method, snapshots } = methodOf(id).experiment;
  return method.kind === "flow-matching" && method.path === undefined && snapshots === undefined;
}
