// The sphere as a globe seen from far away, and its points and curves on it.

import { msg } from "../../language";
import { type Curves, positionsAt } from "../frame";
import { label, now, wayOfTime } from "../layers/axis";
import type { Layer } from "../layers/layer";
import type { Mark, OfKind } from "../marks";
import { type Projection, squareAt } from "../projection";
import { quantileOfSizes } from "../quantile";
import type { SpaceChart } from "./chart";
import { linesOf, Pieces, type Pixel } from "./pieces";
import { alongGreatCircle, angleBetween, type GlobeTurn, pointOnSphere, turnTo, unit } from "./turn";

type Vector = [number, number, number];

/** Where the middle of a view is: the camera's place on it. */
export function middleOf({ box: { x, y } }: Pick<Projection, "box">): { longitude: number; latitude: number } {
  return { longitude: (x[0] + x[1]) / 2, latitude: (y[0] + y[1]) / 2 };
}

export function turnOf(projection: Projection): GlobeTurn {
  const { longitude, latitude } = middleOf(projection);
  return turnTo(longitude, latitude);
}

/** What is seen to the right and above the middle, as a pixel of the globe at time t. */
export function pixelOf(projection: Projection, t: number): (right: number, up: number) => Pixel {
  const { longitude, latitude } = middleOf(projection);
  return (right, up) => [projection.screenXFromData(longitude + right, t), projection.screenYFromData(latitude + up)];
}

export const SPHERE: SpaceChart = {
  coordinates: 3,
  at: (curves, t) => {
    const points = positionsAt(curves, t);
    for (let i = 0; i + 2 < points.length; i += 3) points.set(unit(vectorAt(points, i)), i);
    return points;
  },
  seen: (points, projection) => {
    const turn = turnOf(projection);
    const { longitude, latitude } = middleOf(projection);
    const [front, behind, isFront]: [number[], number[], boolean[]] = [[], [], []];
    for (let i = 0; i + 2 < points.length; i += 3) {
      const [right, up, towards] = turn(...vectorAt(points, i));
      isFront.push(towards >= 0);
      (towards >= 0 ? front : behind).push(longitude + right, latitude + up);
    }
    return { front: Float64Array.from(front), behind: Float64Array.from(behind), isFront };
  },
  pieces,
  turning: turningOnSphere,
};

function vectorAt(points: Float64Array, i: number): Vector {
  return [points[i] ?? 0, points[i + 1] ?? 0, points[i + 2] ?? 0];
}

/** A great circle is drawn by chords of at most so many radians. */
const CHORD = 0.12;

function pieces(curves: Curves, count: number, projection: Projection) {
  const { times, positions } = curves;
  const n = positions.length / (3 * times.length);
  const turn = turnOf(projection);
  const found = new Pieces();
  for (let curve = 0; curve < Math.min(count, n); curve++) {
    for (let state = 0; state + 1 < times.length; state++) {
      const [from, to] = [state, state + 1].map((k) => vectorAt(positions, 3 * (k * n + curve))) as [Vector, Vector];
      if (![...from, ...to].every(Number.isFinite)) break;
      const numChords = Math.max(1, Math.ceil(angleBetween(from, to) / CHORD));
      const seenAt = (chord: number) => turn(...alongGreatCircle(from, to, chord / numChords));
      const timeAt = (part: number) =>
        (times[state] ?? 0) + (part / numChords) * ((times[state + 1] ?? 0) - (times[state] ?? 0));
      let before = seenAt(0);
      for (let chord = 0; chord < numChords; chord++) {
        const after = seenAt(chord + 1);
        addChord(found, { curve, state, isFirst: state + chord === 0 }, before, after, (part, [right, up]) =>
          pixelOf(projection, timeAt(chord + part))(right, up),
        );
        before = after;
      }
    }
  }
  return found.all;
}

/** In two, where it goes behind. */
function addChord(
  found: Pieces,
  { curve, state, isFirst }: { curve: number; state: number; isFirst: boolean },
  before: Vector,
  after: Vector,
  pixel: (part: number, seen: Vector) => Pixel,
): void {
  const [from, to] = [pixel(0, before), pixel(1, after)];
  const isBehind = before[2] < 0;
  const joined = { curve, state, isJoined: !isFirst };
  if (isBehind === after[2] < 0) {
    found.add({ ...joined, isBehind, from, to });
    return;
  }
  const part = before[2] / (before[2] - after[2]);
  const mixed = before.map((value, j) => value + part * ((after[j] ?? 0) - value)) as Vector;
  const edge = pixel(part, mixed);
  found.add({ ...joined, isBehind, from, to: edge });
  found.add({ ...joined, isBehind: !isBehind, from: edge, to });
}

/** The part of segments that may turn more sharply than the ramp tells, and its end on curves that hardly turn. */
const WITHIN_RAMP = 0.95;
const SMALLEST_SCALE = 0.5;

/** As in the plane, but for what keeps a curve on the sphere: a great circle at constant speed turns nowhere. */
function turningOnSphere({ times, positions }: Curves, count: number): Float32Array {
  const n = positions.length / (3 * times.length);
  const numSegments = times.length - 1;
  const span = Math.abs((times[numSegments] ?? 0) - (times[0] ?? 0));
  const turnings = new Float32Array(Math.min(count, n) * numSegments);
  for (let i = 0; i < Math.min(count, n); i++) {
    const point = (k: number) => vectorAt(positions, 3 * (k * n + i));
    const chord = Math.max(angleBetween(point(0), point(numSegments)), 0.2);
    for (let k = 0; k < numSegments; k++) {
      const [before, after] = [Math.max(1, k), Math.min(numSegments - 1, k + 1)].map((state) =>
        turnAt(state, point, times),
      );
      turnings[i * numSegments + k] = (((before ?? 0) + (after ?? 0)) / 2 / chord) * span;
    }
  }
  const scale = Math.max(SMALLEST_SCALE, quantileOfSizes(turnings, WITHIN_RAMP));
  return turnings.map((value) => Math.min(1, value / scale));
}

/** How much the velocity along the sphere changes at a state, in radians per unit of time and time. */
function turnAt(state: number, point: (k: number) => Vector, times: readonly number[]): number {
  const [before, here, after] = [point(state - 1), point(state), point(state + 1)];
  const velocity = (to: Vector, k: number) => {
    const along = to[0] * here[0] + to[1] * here[1] + to[2] * here[2];
    const way = to.map((value, j) => value - along * (here[j] ?? 0)) as Vector;
    const speed = angleBetween(here, to) / ((times[k] ?? 0) - (times[state] ?? 0));
    return unit(way).map((value) => value * speed);
  };
  const [into, out] = [velocity(before, state - 1), velocity(after, state + 1)];
  const elapsed = ((times[state + 1] ?? 0) - (times[state - 1] ?? 0)) / 2;
  return Math.hypot(...out.map((value, j) => value - (into[j] ?? 0))) / Math.abs(elapsed);
}

/** Degrees alongGreatCircle two lines of the graticule, and along one from vertex to vertex. */
const SPACING = 30;
const STEP = 5;
const FRONT = 0.32;
const BEHIND = 0.12;

const DEGREE = Math.PI / 180;
const LINES: readonly (readonly Vector[])[] = [
  ...ranged(-180, 150, SPACING).map((lon) =>
    ranged(-90, 90, STEP).map((lat) => pointOnSphere(lon * DEGREE, lat * DEGREE)),
  ),
  ...ranged(-60, 60, SPACING).map((lat) =>
    ranged(-180, 180, STEP).map((lon) => pointOnSphere(lon * DEGREE, lat * DEGREE)),
  ),
];

function ranged(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}

/** Meridians and parallels of the globe at time t; those behind are hardly seen. */
function graticule(projection: Projection, t: number): Mark[] {
  const [turn, pixel, found] = [turnOf(projection), pixelOf(projection, t), new Pieces()];
  LINES.forEach((points, curve) => {
    const seen = points.map((point) => turn(...point));
    seen.slice(1).forEach((after, k) => {
      const before = seen[k] ?? after;
      addChord(found, { curve, state: k, isFirst: k === 0 }, before, after, (_, [right, up]) => pixel(right, up));
    });
  });
  const drawn = (isBehind: boolean, opacity: number): Mark => ({
    kind: "lines",
    ...linesOf(found.all.filter((piece) => piece.isBehind === isBehind)),
    width: 0.6,
    dash: [],
    role: "label",
    opacity,
    clip: squareAt(projection, t),
  });
  return [drawn(true, BEHIND), drawn(false, FRONT)];
}

const NUM_AROUND = 96;

export function outline(projection: Projection, t: number): OfKind<"lines"> {
  const pixel = pixelOf(projection, t);
  const vertices = Array.from({ length: NUM_AROUND + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / NUM_AROUND;
    return pixel(Math.cos(angle), Math.sin(angle));
  });
  return {
    kind: "lines",
    vertices: Float32Array.from(vertices.flat()),
    numVertices: NUM_AROUND + 1,
    width: 1,
    dash: [],
    role: "label",
    opacity: 0.6,
    clip: squareAt(projection, t),
  };
}

/** The globe at both ends of time. */
export const globes: Layer = ({ projection }) => {
  const isSpan = projection.kind === "span";
  const drawn = (isSpan ? [0, 1] : [0]).flatMap((t) => [...graticule(projection, t), outline(projection, t)]);
  if (!isSpan) return drawn;
  const noise = squareAt(projection, 1);
  return [
    ...drawn,
    ...wayOfTime(projection),
    label(projection.offset(0) + 9, 20, msg("data"), "left"),
    label(noise.x + noise.width - 9, 20, msg("noise"), "right"),
  ];
};

/** Where the globe of this instant is, on the way alongGreatCircle both ends. */
export const globeOfNow: Layer = (frame) => {
  const { projection, t } = frame;
  const here: Mark[] = projection.kind === "span" ? [{ ...outline(projection, t), role: "label", opacity: 0.4 }] : [];
  return [...here, ...now(frame)];
};
