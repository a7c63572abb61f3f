// What is looked at and how: the time, the layers, the camera. Nothing here is known to an engine but the sampler's
// particles.
import { shapeOf } from "../experiment/pictures";
import type { LayerName, LayerSwitches } from "../stage/layers";
import type { Space } from "../stage/space/space";
import { type Camera, SPACE_SCALES } from "../stage/view";
import type { Change, Motion, PanelState, View } from "./state";

export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
export const PARTICLES = [250, 500, 1000, 2000, 5000, 20_000] as const;
export const ZOOM = { min: 0.5, max: 8, step: 1.4 } as const;
const WHOLE: Camera = { x: 0, y: 0, zoom: 1 };

/** From one end of time to the other. */
const CROSSING_SECONDS = 3.6;
const REST_SECONDS = 0.9;

const LAYERS: LayerSwitches = {
  decoded: true,
  density: true,
  divergence: false,
  data: true,
  noise: true,
  lattice: false,
  trajectories: true,
  paths: true,
  velocity: false,
  streamlines: false,
  states: false,
  samples: true,
  tails: true,
  glyphs: true,
  stamps: false,
  inspection: true,
};

export function initialView(playing: boolean): View {
  return {
    // Where nothing moves, the end of the way says most.
    t: playing ? 1 : 0,
    direction: -1,
    playing,
    motion: "both",
    loop: true,
    speed: 1,
    rest: REST_SECONDS,
    layers: LAYERS,
    options: { trajectoryColor: "plain" },
    camera: WHOLE,
    plane: { kind: "principal" },
    particles: 1000,
    inspected: null,
  };
}

export function changeView(view: Partial<View>): Change {
  return (state) => ({ ...state, view: { ...state.view, ...view } });
}

/** Dragging pauses. What is no number moves nothing. */
export function scrub(t: number): Change {
  if (Number.isNaN(t)) return (state) => state;
  return changeView({ t: Math.min(1, Math.max(0, t)), playing: false });
}

/** Playing goes on in the last direction; from the end that it runs to it starts at the other, or turns. */
export function play(playing: boolean): Change {
  return (state) => {
    const { t, direction, motion } = state.view;
    const way = motion === "both" ? direction : wayOf(motion);
    const isAtEnd = way < 0 ? t <= 0 : t >= 1;
    if (!playing || !isAtEnd) return changeView({ playing, direction: way, rest: 0 })(state);
    if (motion === "both") return changeView({ playing, direction: way < 0 ? 1 : -1, rest: 0 })(state);
    return changeView({ playing, direction: way, t: way < 0 ? 1 : 0, rest: 0 })(state);
  };
}

export const togglePlaying: Change = (state) => play(!state.view.playing)(state);

export const toggleLoop: Change = (state) => changeView({ loop: !state.view.loop })(state);

function wayOf(motion: "generate" | "encode"): 1 | -1 {
  return motion === "generate" ? -1 : 1;
}

export function setMotion(motion: Motion): Change {
  return (state) => {
    const direction = motion === "both" ? state.view.direction : wayOf(motion);
    return changeView({ motion, direction })(state);
  };
}

export function advanceTime(seconds: number): Change {
  return (state) => {
    const { t, direction, playing, rest, speed } = state.view;
    if (!playing) return state;
    if (rest > 0) {
      const left = rest - seconds;
      return left > 0 || (t > 0 && t < 1) ? changeView({ rest: left })(state) : leaveEnd(state);
    }
    const next = t + (direction * speed * seconds) / CROSSING_SECONDS;
    if (next > 0 && next < 1) return changeView({ t: next })(state);
    return changeView({ t: next <= 0 ? 0 : 1, rest: REST_SECONDS })(state);
  };
}

/** After a rest at an end: back, again from the other end, or stay. */
const leaveEnd: Change = (state) => {
  const { t, motion, loop, direction } = state.view;
  const hasArrived = direction < 0 ? t <= 0 : t >= 1;
  if (!hasArrived) return changeView({ rest: 0 })(state);
  if (!loop) return changeView({ playing: false, rest: 0 })(state);
  if (motion === "both") return changeView({ direction: t <= 0 ? 1 : -1, rest: 0 })(state);
  return changeView({ t: t <= 0 ? 1 : 0, rest: REST_SECONDS })(state);
};

/** What is drawn at all places of the picture, of points that have no other coordinates: in the plane, or in x and time. */
const OF_THE_PLANE: readonly LayerName[] = [
  "density",
  "velocity",
  "streamlines",
  "divergence",
  "lattice",
  "inspection",
  "decoded",
  "stamps",
];
const NOT_OF_A_LINE: readonly LayerName[] = ["streamlines", "lattice", "decoded", "stamps"];

/** Of points that are codes of pictures. */
const OF_CODES: readonly LayerName[] = ["decoded", "stamps"];

/** On a torus what is of one place; on a sphere what is drawn on it. */
const NOT_ON: Readonly<Record<Space, readonly LayerName[]>> = {
  torus: ["lattice", "inspection", ...OF_CODES],
  sphere: ["lattice", "inspection", "streamlines", "divergence", ...OF_CODES],
};

/** What a panel's points have. */
export function offersLayerTo(name: LayerName, { dim, picture }: Pick<PanelState, "dim" | "picture">): boolean {
  return offersLayer(name, dim, picture.space) && (picture.decoder !== null || !OF_CODES.includes(name));
}

/** Pictures are of points that are pictures. */
function offersLayer(name: LayerName, dim: number, space?: Space | null): boolean {
  if (space) return name !== "glyphs" && !NOT_ON[space].includes(name);
  if (name === "glyphs") return shapeOf(dim) !== null;
  if (dim === 1) return !NOT_OF_A_LINE.includes(name);
  return dim === 2 || !OF_THE_PLANE.includes(name);
}

const seen = new WeakMap<LayerSwitches, Map<string, LayerSwitches>>();

/** Of the layers that are on, those that there are for points of `dim` coordinates. The same value each time it is asked. */
export function layersFor({ layers }: Pick<View, "layers">, dim: number, space?: Space | null): LayerSwitches {
  const known = seen.get(layers) ?? new Map<string, LayerSwitches>();
  const key = `${dim} ${space}`;
  seen.set(layers, known);
  const names = Object.keys(layers) as LayerName[];
  const make = () => Object.fromEntries(names.map((name) => [name, layers[name] && offersLayer(name, dim, space)]));
  const found = known.get(key) ?? (make() as Record<LayerName, boolean>);
  known.set(key, found);
  return found;
}

export function toggleLayer(name: LayerName): Change {
  return (state) => changeView({ layers: { ...state.view.layers, [name]: !state.view.layers[name] } })(state);
}

/** One step nearer or farther, about the middle of the view. */
export function zoom(steps: number): Change {
  return (state) => {
    const { camera } = state.view;
    const wanted = camera.zoom * ZOOM.step ** steps;
    return changeView({ camera: { ...camera, zoom: Math.min(ZOOM.max, Math.max(ZOOM.min, wanted)) } })(state);
  };
}

/** A quarter turn. */
const POLE = Math.PI / 2 / SPACE_SCALES.sphere;

/** Moves the camera by a distance in the models' units. */
export function pan(dx: number, dy: number): Change {
  return (state) => {
    const { camera } = state.view;
    const y = camera.y + dy;
    // A globe turns as far as to its poles.
    const most = state.panels.some(({ picture }) => picture.space === "sphere") ? POLE : Number.POSITIVE_INFINITY;
    return changeView({ camera: { ...camera, x: camera.x + dx, y: Math.min(most, Math.max(-most, y)) } })(state);
  };
}

/** The inspector to a point; away, if there is none. */
export function inspect(at: readonly [number, number] | null): Change {
  return changeView(at === null ? { inspected: null } : { inspected: at });
}

export const showWhole: Change = changeView({ camera: WHOLE });

export function isWhole({ camera }: View): boolean {
  return camera.zoom === 1 && camera.x === 0 && camera.y === 0;
}
