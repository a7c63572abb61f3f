// Every key of the state once: whether a link carries it, what changing it starts anew, and where it shows. What shares,
// restarts and draws asks here; a new key does not compile until it stands here.
import { SETUP_RESTARTS } from "../experiment/presets";
import { PARTS, type Part, type State } from "./state";

interface Kept {
  shared: boolean;
  /** training, or what is drawn and measured of it; a setup's by its own keys */
  restarts: "training" | "drawing" | "nothing" | typeof SETUP_RESTARTS;
  shows: readonly (Part | "panels" | "dialogs")[];
  /** many times a second: whoever shows it looks at no more of it than that */
  changesOften?: true;
}

const STATE_KEYS = {
  setup: {
    shared: true,
    restarts: SETUP_RESTARTS,
    shows: ["data", "knobs", "training", "panels", "options", "evidence"],
  },
  user: { shared: true, restarts: "training", shows: ["data", "options"] },
  view: { shared: true, restarts: "drawing", shows: ["knobs", "panels", "time", "layers"], changesOften: true },
  panels: {
    shared: true,
    restarts: "training",
    shows: ["comparisons", "data", "knobs", "engine", "training", "panels", "layers", "options", "evidence"],
    changesOften: true,
  },
  paces: { shared: false, restarts: "nothing", shows: [] },
  results: { shared: false, restarts: "nothing", shows: ["evidence"] },
  series: { shared: false, restarts: "nothing", shows: ["evidence", "dialogs"] },
  quality: { shared: true, restarts: "nothing", shows: ["evidence"] },
  qualityLine: { shared: true, restarts: "nothing", shows: ["evidence"] },
  columns: { shared: true, restarts: "drawing", shows: ["evidence"] },
  aboveFloor: { shared: true, restarts: "nothing", shows: ["evidence"] },
  hidden: { shared: true, restarts: "nothing", shows: PARTS },
  site: { shared: false, restarts: "nothing", shows: ["share"] },
  theme: { shared: true, restarts: "nothing", shows: ["share", "panels"] },
  room: { shared: false, restarts: "nothing", shows: ["evidence"] },
  offersTour: { shared: false, restarts: "nothing", shows: ["share"] },
  engine: { shared: false, restarts: "nothing", shows: ["engine"] },
  notice: {
    shared: false,
    restarts: "nothing",
    shows: ["share", "data", "knobs", "engine", "training", "panels", "options", "dialogs"],
  },
  left: { shared: false, restarts: "nothing", shows: [] },
  unfolded: { shared: false, restarts: "nothing", shows: ["options"] },
  explained: { shared: false, restarts: "nothing", shows: ["knobs", "layers", "options", "evidence"] },
  pointed: { shared: false, restarts: "nothing", shows: ["layers"] },
  dialog: { shared: false, restarts: "nothing", shows: ["dialogs", "knobs", "options"], changesOften: true },
  drawing: { shared: false, restarts: "nothing", shows: ["dialogs"], changesOften: true },
  question: { shared: false, restarts: "nothing", shows: [] },
} as const satisfies Readonly<Record<keyof State, Kept>>;

type KeyWith<Column extends keyof Kept, Value> = {
  [K in keyof State]: (typeof STATE_KEYS)[K] extends Record<Column, Value> ? K : never;
}[keyof State];

/** What pictures and measurements depend on. */
export type DrawnFrom = Pick<State, KeyWith<"restarts", "drawing" | typeof SETUP_RESTARTS>>;
/** What runs are started from. */
export type TrainedOn = Pick<State, KeyWith<"restarts", "training" | typeof SETUP_RESTARTS>>;
/** What a link carries, as it stands in the state. */
export type SharedParts = Pick<State, KeyWith<"shared", true>>;

function keysThat(is: (kept: Kept) => boolean): readonly (keyof State)[] {
  return (Object.keys(STATE_KEYS) as (keyof State)[]).filter((key) => is(STATE_KEYS[key]));
}

function partOf<Picked>(state: State, is: (kept: Kept) => boolean): Picked {
  return Object.fromEntries(keysThat(is).map((key) => [key, state[key]])) as Picked;
}

export function sharedParts(state: State): SharedParts {
  return partOf(state, ({ shared }) => shared);
}

export function trainedOn(state: State): TrainedOn {
  return partOf(state, ({ restarts }) => restarts === "training" || restarts === SETUP_RESTARTS);
}

/** All that is to be looked at before a part is drawn again, but what changes often. */
export function shownIn(part: Kept["shows"][number], state: State): unknown[] {
  return keysThat(({ shows, changesOften }) => shows.includes(part) && !changesOften).map((key) => state[key]);
}
