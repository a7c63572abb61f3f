// The layers a reader can switch on and off, in the order in which they are painted.
import { axis, now } from "./layers/axis";
import { data } from "./layers/data";
import { density } from "./layers/density";
import type { Layer } from "./layers/layer";
import { noise } from "./layers/noise";
import { paths } from "./layers/paths";
import { samples } from "./layers/samples";
import { states } from "./layers/states";
import { tails } from "./layers/tails";
import { trajectories } from "./layers/trajectories";

export const LAYER_NAMES = ["density", "data", "noise", "trajectories", "paths", "states", "samples"] as const;
export type LayerName = (typeof LAYER_NAMES)[number];
export type LayerSwitches = Readonly<Record<LayerName, boolean>>;

/** Layers that stay where they are while t changes, unless both ends share one square, and while samples are renewed. */
const STILL = { density, data, noise, paths } satisfies Partial<Record<LayerName, Layer>>;

export function stillLayers(shown: LayerSwitches): Layer[] {
  const names = Object.keys(STILL) as (keyof typeof STILL)[];
  return [axis, ...names.filter((name) => shown[name]).map((name) => STILL[name])];
}

/**
 * Trajectories don't move, but are renewed as often as the samples. Without a GPU they cost 0.3 ms a frame, and
 * the still layers, painted again with each, 9 ms.
 */
export function movingLayers(shown: LayerSwitches): Layer[] {
  return [
    ...(shown.trajectories ? [trajectories] : []),
    ...(shown.states ? [states] : []),
    ...(shown.trajectories ? [tails] : []),
    ...(shown.samples ? [samples] : []),
    now,
  ];
}
