import type { Picture } from "../frame";
import type { Mark } from "../marks";
import type { Projection } from "../projection";

export interface LayerOptions {
  trajectoryColor: "plain" | "time" | "curvature";
}

/** What a layer draws: an engine's results at one time t, on one projection. */
export interface Frame {
  picture: Picture;
  projection: Projection;
  options: LayerOptions;
  t: number;
}

/** One thing to be seen. */
export type Layer = (frame: Frame) => Mark[];

/** Fine enough for the eye; each step paints the ends anew, which without a GPU costs as much as ten frames of samples. */
const FADING_STEPS = 16;

/** In a single square all times share one place: what is there at one of them, an end or a snapshot, is seen only near it. */
export function visibilityAt(time: number, { projection, t }: Pick<Frame, "projection" | "t">): number {
  if (projection.kind !== "square") return 1;
  return Math.max(0.15, Math.round(FADING_STEPS * (1 - 1.6 * Math.abs(t - time))) / FADING_STEPS);
}
