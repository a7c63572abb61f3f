// The layers a reader can switch on and off, in the order in which they are painted.
import { axis, now, nowDirected, squareOfNow } from "./layers/axis";
import { data } from "./layers/data";
import { density } from "./layers/density";
import { divergence } from "./layers/divergence";
import { inspection } from "./layers/inspection";
import { lattice } from "./layers/lattice";
import type { Frame, Layer } from "./layers/layer";
import { noise } from "./layers/noise";
import { paths } from "./layers/paths";
import { pictures } from "./layers/pictures";
import { samples } from "./layers/samples";
import { states } from "./layers/states";
import { streamlines } from "./layers/streamlines";
import { tails } from "./layers/tails";
import { trajectories } from "./layers/trajectories";
import { velocity } from "./layers/velocity";
import type { Mark } from "./marks";

export type { LayerOptions } from "./layers/layer";

/** Few look at codes of pictures: their layers are loaded with what decodes these. */
let ofCodes: typeof import("./layers/decoded") | undefined;
const decoded: Layer = (frame) => ofCodes?.decoded(frame) ?? [];
const stamps: Layer = (frame) => ofCodes?.stamps(frame) ?? [];

export async function loadLayersOfCodes(): Promise<void> {
  ofCodes ??= await import("./layers/decoded");
}

/** Fewer look at angles and at globes. */
let onSpaces: typeof import("./space/on-space") | undefined;

export async function loadLayersOnSpaces(): Promise<void> {
  onSpaces ??= await import("./space/on-space");
}

/** What is said of them; nothing before they are there. */
export function saidOnSpaces(): typeof import("./space/said") | undefined {
  return onSpaces?.said;
}

/** A heat map of one instant covers what is under it, so it lies under everything. */
const BACKDROP = { divergence };

/** Layers that stay where they are while t changes, unless both ends share one square, and while samples are renewed. */
const STILL = { decoded, density, data, noise, paths };

/**
 * Trajectories don't move, but are renewed as often as the samples. Without a GPU they cost 0.3 ms a frame, and
 * the still layers, painted again with each, 9 ms. Samples come first: 20,000 of them would hide all the others.
 */
const MOVING = {
  samples,
  trajectories,
  tails,
  states,
  lattice,
  streamlines,
  velocity,
  glyphs: pictures,
  stamps,
  inspection,
};

const LAYERS = { ...BACKDROP, ...STILL, ...MOVING } satisfies Record<string, Layer>;

export type LayerName = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as readonly LayerName[];
export type LayerSwitches = Readonly<Record<LayerName, boolean>>;

/** Layers of one instant: what they show lies in the square of that instant. */
const OF_ONE_INSTANT = ["divergence", "lattice", "streamlines", "velocity", "glyphs"] as const;

/** Layers that point somewhere. */
const DIRECTED = ["streamlines", "velocity"] as const;

export interface NamedLayer {
  name: LayerName | "axis";
  layer: Layer;
}

export interface NamedMarks {
  name: LayerName | "axis";
  marks: readonly Mark[];
}

function shownOf(layers: Partial<Record<LayerName, Layer>>, shown: LayerSwitches): NamedLayer[] {
  const entries = Object.entries(layers) as [LayerName, Layer][];
  return entries.filter(([name]) => shown[name]).map(([name, layer]) => ({ name, layer }));
}

export function backdropLayers(shown: LayerSwitches): NamedLayer[] {
  return shownOf(BACKDROP, shown);
}

export function stillLayers(shown: LayerSwitches): NamedLayer[] {
  return [{ name: "axis", layer: axis }, ...shownOf(STILL, shown)];
}

export function movingLayers(shown: LayerSwitches): NamedLayer[] {
  const framed: NamedLayer[] = OF_ONE_INSTANT.some((name) => shown[name]) ? [{ name: "axis", layer: squareOfNow }] : [];
  const last = DIRECTED.some((name) => shown[name]) ? nowDirected : now;
  return [...framed, ...shownOf(MOVING, shown), { name: "axis", layer: last }];
}

export function marksOf(layers: readonly NamedLayer[], frame: Frame): NamedMarks[] {
  const drawn = (layer: Layer) => (frame.picture.space ? (onSpaces?.onSpace(layer, frame) ?? []) : layer(frame));
  return layers.map(({ name, layer }) => ({ name, marks: drawn(layer) }));
}
