// What a link carries: everything that a reader can set and see, as one plain value. Defaults of version 1 stay as they
// are for ever, because a link is silent about what it leaves at them.
import { DEFAULT_PANELS, DEFAULT_SETUP, type PanelChoice } from "../experiment/presets";
import { LAYER_NAMES } from "../stage/layers";
import { type SharedParts, sharedParts } from "./keys";
import { choiceOf } from "./panel";
import { type Linked, PARTS, type PanelState, type Part, type State, type UserData, type View } from "./state";
import { initialView } from "./view";

/** A panel, and how far it was trained. */
export interface SharedPanel extends PanelChoice, Linked {}

/** Which way it is moving by itself is nothing that a reader has set. */
export type SharedView = Omit<View, "direction" | "rest">;

/** What is other in a link than in the state. */
interface InLinks {
  panels: readonly SharedPanel[];
  view: SharedView;
  user: Pick<UserData, "name" | "points" | "columns" | "labels" | "observed"> | null;
}

export type Shared = Omit<SharedParts, keyof InLinks> & InLinks;

export function defaultShared(): Shared {
  return {
    setup: DEFAULT_SETUP,
    panels: DEFAULT_PANELS.map((choice) => ({ ...choice, step: 0, bits: null })),
    view: sharedView(initialView(true)),
    user: null,
    quality: "slicedW2",
    qualityLine: null,
    columns: [],
    aboveFloor: false,
    hidden: [],
    theme: "auto",
  };
}

/** What is left out where the playground is a part of someone else's page, unless it is asked for. */
const HIDDEN_IN_EMBEDS: readonly Part[] = PARTS.filter((part) => part !== "training" && part !== "time");

export function embeddedShared(): Shared {
  return { ...defaultShared(), hidden: HIDDEN_IN_EMBEDS };
}

/** Where a picture is that nobody can tell from the one linked: shorter in a link, and the same the whole time it plays. */
const DIGITS = 3;

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}

export function sharedView({ direction: _, rest: __, ...view }: View): SharedView {
  const { x, y, zoom } = view.camera;
  return {
    ...view,
    t: view.playing ? 1 : rounded(view.t),
    layers: Object.fromEntries(LAYER_NAMES.map((name) => [name, view.layers[name]])) as View["layers"],
    camera: { x: rounded(x), y: rounded(y), zoom: rounded(zoom) },
  };
}

/** Still on the way to where a link says that a panel was trained to, it is shared as being there. */
function trained({ origin, phase, step, digest, linked, extended }: PanelState): Linked {
  // No link carries weights.
  if (origin !== "seed") return { step: 0, bits: null };
  if (linked !== null && phase === "training" && step < linked.step) return linked;
  const bits = step > 0 && digest?.step === step ? digest.bits : null;
  return { step, bits, ...(extended.length > 0 && { extended }) };
}

/** But for what was said of them when they were read. */
function pointsOf({ note: _, ...user }: UserData): InLinks["user"] {
  return user;
}

/** What is to be shared of a state. */
export function sharedOf(state: State): Shared {
  const { setup, user, panels, view } = state;
  const dataOf = (panel: PanelState) => panel.own.data ?? setup.data;
  const usesPoints = panels.some((panel) => dataOf(panel) === "points");
  const [first] = panels;
  return {
    ...sharedParts(state),
    // Points that nobody uses stay where they are.
    setup: usesPoints || first === undefined || setup.data !== "points" ? setup : { ...setup, data: dataOf(first) },
    panels: panels.map((panel) => ({ ...choiceOf(panel), ...trained(panel) })),
    view: sharedView(view),
    user: !usesPoints || user === null ? null : pointsOf(user),
  };
}
