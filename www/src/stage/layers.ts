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

/** Layers that stay where they are while t changes, unless both ends share one square. */
const STILL: readonly LayerName[] = ["density", "data", "noise", "trajectories", "paths", "states"];

const LAYERS: Record<LayerName, Layer> = { density, data, noise, paths, trajectories, states, samples };

export function stillLayers(shown: LayerSwitches): Layer[] {
  return [axis, ...STILL.filter((name) => shown[name]).map((name) => LAYERS[name])];
}

export function movingLayers(shown: LayerSwitches): Layer[] {
  return [...(shown.trajectories ? [tails] : []), ...(shown.samples ? [samples] : []), now];
}
