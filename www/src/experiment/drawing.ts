// Points drawn by hand: the drawing is a plain value, and every change of it a pure function.
import { msg, num } from "../language";
import { FEWEST_POINTS } from "./limits";

export type Point = readonly [x: number, y: number];
export type Tool = "draw" | "erase";

export interface Drawing {
  /** flat [x0, y0, x1, y1, ..], within the pad */
  points: Float32Array;
  tool: Tool;
  /** the radius of both tools */
  radius: number;
  /** where the pen was last, or the arrow keys led */
  cursor: Point;
  /** what was there before each change that can be undone, and after each that was */
  past: readonly Float32Array[];
  future: readonly Float32Array[];
  /** whether the next change begins a step of undo: a stroke is one */
  fresh: boolean;
  /** the way since the last point: strokes that come in pieces scatter as evenly as whole ones */
  way: number;
  /** points scattered so far: what the next one's place is drawn from */
  numScattered: number;
  /** what stands in the way of a stroke or of its use, in one sentence */
  notice: string | null;
}

/** The pad shows [-4, 4]². */
export const PAD_EXTENT = 4;
export const MOST_DRAWN = 20_000;
export const RADII = { min: 0.05, max: 1, step: 0.05 } as const;
/** Points along a way of length 1, whatever the radius: a wide brush scatters, it does not fill. */
const DENSITY = 60;
/** Points of a press that does not move. */
const STAMP = 12;
const MOST_UNDONE = 100;

export function newDrawing(): Drawing {
  return {
    points: new Float32Array(0),
    tool: "draw",
    radius: 0.2,
    cursor: [0, 0],
    past: [],
    future: [],
    fresh: true,
    way: 0,
    numScattered: 0,
    notice: null,
  };
}

/** What leaves the drawing: its own memory, which may be sent away. */
export function pointsOf({ points }: Drawing): Float64Array {
  return Float64Array.from(points);
}

export function numPoints({ points }: Drawing): number {
  return points.length / 2;
}

/** Why these points can't be trained on, in one sentence; null if they can. */
export function refusalOfDrawing(drawing: Drawing): string | null {
  const count = numPoints(drawing);
  if (count < FEWEST_POINTS) {
    if (count === 0) return msg(`Draw at least ${FEWEST_POINTS} points; there are none yet.`);
    return count === 1
      ? msg(`Draw at least ${FEWEST_POINTS} points; there is 1.`)
      : msg(`Draw at least ${FEWEST_POINTS} points; there are ${count}.`);
  }
  for (const [coordinate, name] of ["x", "y"].entries()) {
    const first = drawing.points[coordinate];
    if (!drawing.points.some((value, i) => i % 2 === coordinate && value !== first)) {
      return msg(`Every point has the same ${name}: a constant can't be scaled or learned.`);
    }
  }
  return null;
}

export function chooseTool(drawing: Drawing, tool: Tool): Drawing {
  return { ...drawing, tool, notice: null };
}

export function resizeBrush(drawing: Drawing, radius: number): Drawing {
  return { ...drawing, radius };
}

/** By arrow keys; it stays on the pad. */
export function moveCursor(drawing: Drawing, dx: number, dy: number): Drawing {
  const [x, y] = drawing.cursor;
  return { ...drawing, cursor: [onPad(x + dx), onPad(y + dy)] };
}

function onPad(value: number): number {
  return Math.min(PAD_EXTENT, Math.max(-PAD_EXTENT, value));
}

/** The tool is put down: a press that does not move leaves a stamp, or erases one. */
export function beginStroke(drawing: Drawing, at: Point, pressure = 1): Drawing {
  const begun: Drawing = { ...drawing, fresh: true, way: 0, notice: null };
  if (begun.tool === "erase") return erase(begun, at, at, pressure);
  return scatter(
    begun,
    Array.from({ length: STAMP }, () => at),
    at,
    pressure,
  );
}

/** The tool is moved, from where it was. */
export function continueStroke(drawing: Drawing, to: Point, pressure = 1): Drawing {
  const change = drawing.tool === "draw" ? stroke : erase;
  return change(drawing, drawing.cursor, to, pressure);
}

/** Scatters points inside the brush along a way, as many to a length however fast it is gone. */
export function stroke(drawing: Drawing, from: Point, to: Point, pressure = 1): Drawing {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const way = drawing.way + length;
  const count = Math.floor(way * DENSITY);
  const centers = Array.from({ length: count }, (_, i): Point => {
    const share = ((i + 1) / DENSITY - drawing.way) / length;
    return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
  });
  return scatter({ ...drawing, way: way - count / DENSITY }, centers, to, pressure);
}

/** Removes what lies within the brush of a way, however fast it is gone. */
export function erase(drawing: Drawing, from: Point, to: Point, pressure = 1): Drawing {
  const { points, radius } = drawing;
  const reach = (pressure * radius) ** 2;
  const kept = points.slice();
  let length = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0];
    if (squaredDistance([x, y], from, to) <= reach) continue;
    kept[length++] = x;
    kept[length++] = y;
  }
  const moved: Drawing = { ...drawing, cursor: to, notice: null };
  return length === points.length ? moved : withPoints(moved, kept.slice(0, length));
}

/** Of a point to the line between two. */
function squaredDistance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
  return (ax + share * dx - x) ** 2 + (ay + share * dy - y) ** 2;
}

export function undo(drawing: Drawing): Drawing {
  const before = drawing.past.at(-1);
  if (before === undefined) return drawing;
  const { points, past, future } = drawing;
  return {
    ...drawing,
    points: before,
    past: past.slice(0, -1),
    future: [...future, points],
    fresh: true,
    notice: null,
  };
}

export function redo(drawing: Drawing): Drawing {
  const after = drawing.future.at(-1);
  if (after === undefined) return drawing;
  const { points, past, future } = drawing;
  return { ...drawing, points: after, past: [...past, points], future: future.slice(0, -1), fresh: true, notice: null };
}

/** Can be undone. */
export function clear(drawing: Drawing): Drawing {
  const cleared: Drawing = { ...drawing, fresh: true, notice: null };
  return drawing.points.length === 0 ? cleared : { ...withPoints(cleared, new Float32Array(0)), fresh: true };
}

/** Says why the points can't be used yet; nothing of them is lost. */
export function refuse(drawing: Drawing, notice: string): Drawing {
  return { ...drawing, notice };
}

/** One point about each center that is on the pad. Beyond the most, further ones are refused. */
function scatter(drawing: Drawing, centers: readonly Point[], cursor: Point, pressure: number): Drawing {
  const radius = pressure * drawing.radius;
  const scattered = centers
    .map(([x, y], i): Point => {
      const n = drawing.numScattered + i;
      // The root of a uniform share of the area: evenly over the disk.
      const distance = radius * Math.sqrt(uniform(2 * n));
      const angle = 2 * Math.PI * uniform(2 * n + 1);
      return [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
    })
    .filter(([x, y]) => Math.max(Math.abs(x), Math.abs(y)) <= PAD_EXTENT);
  const room = MOST_DRAWN - numPoints(drawing);
  const moved: Drawing = { ...drawing, cursor, numScattered: drawing.numScattered + centers.length };
  const limit = num(MOST_DRAWN.toLocaleString("en-US"));
  const notice =
    scattered.length > room ? msg(`The pad holds ${limit} points: erase some to draw on.`) : drawing.notice;
  const added = scattered.slice(0, room).flat();
  if (added.length === 0) return { ...moved, notice };
  const points = new Float32Array(drawing.points.length + added.length);
  points.set(drawing.points);
  points.set(added, drawing.points.length);
  return { ...withPoints(moved, points), notice };
}

/** What comes after a change is no longer what was undone. */
function withPoints(drawing: Drawing, points: Float32Array): Drawing {
  const past = drawing.fresh ? [...drawing.past, drawing.points].slice(-MOST_UNDONE) : drawing.past;
  return { ...drawing, points, past, future: [], fresh: false };
}

/** The n-th of a fixed sequence in [0, 1): the same strokes give the same points (murmur3's finalizer). */
function uniform(n: number): number {
  let bits = Math.imul(n + 1, 0x9e3779b9);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
