// Every key of a link once: what it is called, which value it stands for, and how that is written. The attributes of the
// embedded element are the same.
import { MOST_PIXELS } from "../experiment/limits";
import { COLUMN_IDS } from "../experiment/measures";
import type { Plane } from "../experiment/plane";
import type { Setup } from "../experiment/presets";
import { GRID_TITLES, MAX_NOISE, MAX_STEPS, SAMPLER_KINDS, SOLVER_TITLES } from "../experiment/samplers";
import { ANGLES } from "../experiment/spaces";
import { LAYER_NAMES, type LayerSwitches } from "../stage/layers";
import type { Camera } from "../stage/view";
import type { Shared, SharedView } from "../state/shared";
import { PARTS, THEMES } from "../state/state";
import { PARTICLES, SPEEDS, ZOOM } from "../state/view";
import { type Codec, flag, oneOf, orNull, real, setOf, tuple, whole } from "./codec";
import type { KeyName } from "./keys";
import { userPoints } from "./late-points";
import { ASKS, one, panels, SETTINGS } from "./panels";

/** A key that can be read. */
export interface Key {
  key: KeyName;
  /** Throws a `Refusal`. */
  read(text: string, into: Shared): Shared;
}

export interface Field extends Key {
  write(shared: Shared): string;
}

function field<K extends keyof Shared>(key: KeyName, part: K, codec: Codec<Shared[K]>): Field {
  return {
    key,
    write: (shared) => codec.write(shared[part]),
    read: (text, into) => ({ ...into, [part]: codec.read(text) }),
  };
}

function setup<K extends keyof Setup>(key: KeyName, part: K, codec: Codec<Setup[K]>): Field {
  return {
    key,
    write: (shared) => codec.write(shared.setup[part]),
    read: (text, into) => ({ ...into, setup: { ...into.setup, [part]: codec.read(text) } }),
  };
}

function view<K extends keyof SharedView>(key: KeyName, part: K, codec: Codec<SharedView[K]>): Field {
  return {
    key,
    write: (shared) => codec.write(shared.view[part]),
    read: (text, into) => ({ ...into, view: { ...into.view, [part]: codec.read(text) } }),
  };
}

function mapped<A, B>(codec: Codec<A>, to: (a: A) => B, from: (b: B) => A): Codec<B> {
  return { write: (value) => codec.write(from(value)), read: (text) => to(codec.read(text)) };
}

/** Of a squared distance: from far below any floor to far above any that is drawn. */
const LINE_RANGE = { min: 1e-9, max: 1e12 } as const;
/** Far outside of what any camera or pointer reaches. */
const FAR = 1e6;
/** In the units of the reader's own points, which may lie anywhere. */
const FARTHEST = 3.4e38;

const layers = mapped(
  setOf(LAYER_NAMES),
  (shown) => Object.fromEntries(LAYER_NAMES.map((name) => [name, shown.includes(name)])) as LayerSwitches,
  (switches) => LAYER_NAMES.filter((name) => switches[name]),
);

const camera = mapped(
  tuple(real(-FAR, FAR), real(-FAR, FAR), real(ZOOM.min, ZOOM.max)),
  ([x, y, zoom]): Camera => ({ x, y, zoom }),
  ({ x, y, zoom }): [number, number, number] => [x, y, zoom],
);

const pair = tuple(whole(0, MOST_PIXELS - 1), whole(0, MOST_PIXELS - 1));
const plane: Codec<Plane> = {
  write: (value) => (value.kind === "principal" ? value.kind : pair.write([value.x, value.y])),
  read: (text) => {
    if (text === "principal") return { kind: "principal" };
    const [x, y] = pair.read(text);
    return { kind: "pair", x, y };
  },
};

const colors = mapped(
  oneOf(["plain", "time", "curvature"] as const),
  (trajectoryColor) => ({ trajectoryColor }),
  ({ trajectoryColor }) => trajectoryColor,
);

export const FIELDS: readonly Field[] = [
  field("panels", "panels", panels),
  setup("data", "data", SETTINGS.data),
  setup("noise", "noise", SETTINGS.noise),
  setup("angles", "angles", oneOf(ANGLES)),
  setup("seed", "seed", SETTINGS.seed),
  setup("width", "width", SETTINGS.width),
  setup("depth", "depth", SETTINGS.depth),
  setup("network", "network", SETTINGS.network),
  setup("side", "side", SETTINGS.side),
  setup("temperature", "temperature", SETTINGS.temperature),
  setup("draws", "draws", SETTINGS.draws),
  setup("budget", "budget", SETTINGS.budget),
  setup("solver", "solver", oneOf(Object.keys(SOLVER_TITLES) as (keyof typeof SOLVER_TITLES)[])),
  setup("steps", "solverSteps", whole(1, MAX_STEPS.sampler)),
  setup("sampler", "sampler", oneOf(["ode", ...SAMPLER_KINDS])),
  setup("epsilon", "epsilon", orNull("usual", real(0, MAX_NOISE))),
  setup("churn", "churn", real(0, MAX_NOISE)),
  setup("grid", "grid", oneOf(["usual", ...(Object.keys(GRID_TITLES) as (keyof typeof GRID_TITLES)[])])),
  setup("asked", "asked", ASKS.asked),
  setup("observed", "observed", ASKS.observed),
  setup("guidance", "guidance", ASKS.guidance),
  view("layers", "layers", layers),
  view("colors", "options", colors),
  view("particles", "particles", oneOf(PARTICLES)),
  view("t", "t", real(0, 1)),
  view("play", "playing", flag),
  view("motion", "motion", oneOf(["generate", "encode", "both"])),
  view("loop", "loop", flag),
  view("speed", "speed", oneOf(SPEEDS)),
  view("camera", "camera", camera),
  view("plane", "plane", plane),
  view("inspect", "inspected", orNull("no", tuple(real(-FARTHEST, FARTHEST), real(-FARTHEST, FARTHEST)))),
  field("quality", "quality", oneOf(["slicedW2", "kl"])),
  field("quality-line", "qualityLine", orNull("default", real(LINE_RANGE.min, LINE_RANGE.max))),
  field("columns", "columns", setOf(COLUMN_IDS)),
  field("above-floor", "aboveFloor", flag),
  field("hide", "hidden", setOf(PARTS)),
  field("theme", "theme", oneOf(THEMES)),
  field("points", "user", userPoints),
];

/** What is never written: a single panel, as an element's attribute is most often given. */
export const SHORTHANDS: readonly Key[] = [
  { key: "method", read: (text, into) => ({ ...into, panels: [one.read(text)] }) },
];
