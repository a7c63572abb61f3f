// What a link carries: everything that a reader can set and see, as one plain value. Defaults of version 1 stay as they
// are for ever, because a link is silent about what it leaves at them.
import { DEFAULT_PANELS, DEFAULT_SETUP, type PanelChoice, type Setup } from "../experiment/presets";
import { LAYER_NAMES } from "../stage/layers";
import type { Quality, Slot, State, UserData, View } from "../state/state";
import { initialView } from "../state/view";

/** The parts of the page that can be left out, by the names that `hide` takes. */
export const PARTS = [
  "title",
  "comparisons",
  "data",
  "knobs",
  "engine",
  "training",
  "time",
  "layers",
  "options",
  "evidence",
] as const;
export type Part = (typeof PARTS)[number];

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** A panel, and how far it was trained: `bits` is a digest of its weights by then. */
export interface SharedPanel extends PanelChoice {
  step: number;
  bits: string | null;
}

export type SharedView = Pick<
  View,
  "t" | "playing" | "motion" | "loop" | "speed" | "layers" | "options" | "camera" | "plane" | "particles" | "inspected"
>;

export interface Shared {
  setup: Setup;
  panels: readonly SharedPanel[];
  view: SharedView;
  user: Pick<UserData, "name" | "points" | "columns"> | null;
  quality: Quality;
  aboveFloor: boolean;
  hidden: readonly Part[];
  theme: Theme;
}

export function defaultShared(): Shared {
  return {
    setup: DEFAULT_SETUP,
    panels: DEFAULT_PANELS.map((choice) => ({ ...choice, step: 0, bits: null })),
    view: sharedView(initialView(true)),
    user: null,
    quality: "slicedW2",
    aboveFloor: false,
    hidden: [],
    theme: "auto",
  };
}

/** Where a picture is that nobody can tell from the one linked: shorter in a link, and the same the whole time it plays. */
const DIGITS = 3;

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}

export function sharedView(view: View): SharedView {
  const { t, playing, motion, loop, speed, layers, options, camera, plane, particles, inspected } = view;
  const { x, y, zoom } = camera;
  return {
    t: playing ? 1 : rounded(t),
    playing,
    motion,
    loop,
    speed,
    layers: Object.fromEntries(LAYER_NAMES.map((name) => [name, layers[name]])) as View["layers"],
    options,
    camera: { x: rounded(x), y: rounded(y), zoom: rounded(zoom) },
    plane,
    particles,
    inspected: inspected && [rounded(inspected[0]), rounded(inspected[1])],
  };
}

export type Digests = Readonly<Partial<Record<Slot, string>>>;

/** What is to be shared of a state; `bits` by the panels' slots. */
export function sharedOf(state: State, bits: Digests): Omit<Shared, "hidden" | "theme"> {
  const { setup, user, panels, view, quality, aboveFloor } = state;
  return {
    setup,
    panels: panels.map(({ slot, method, own, options, origin, step }) => {
      const trained = origin === "pretrained" ? 0 : step;
      return { method, own, options, step: trained, bits: trained === 0 ? null : (bits[slot] ?? null) };
    }),
    view: sharedView(view),
    user: user && { name: user.name, points: user.points, columns: user.columns },
    quality,
    aboveFloor,
  };
}
