// From data coordinates and time to pixels: the only place that knows pixels.
import type { Box } from "./frame";
import type { Rectangle } from "./marks";

/** Below this width the two ends no longer fit side by side: every time is drawn in one square. */
const SQUARE_BELOW_PX = 400;
export const EDGE_PX = 1;
/** the side of the data and the noise square, as a part of the width; what is left is the way between */
const SIDE_OF_WIDTH = 0.47;
export const AXIS_PX = 32;

export interface Projection {
  /** two squares side by side, both in one, or x against t where there is no other coordinate */
  kind: "span" | "square" | "line";
  width: number;
  height: number;
  /** the side of the data and of the noise square */
  side: number;
  /** what each square shows */
  box: Box;
  screenXFromData(x: number, t: number): number;
  screenYFromData(y: number): number;
  /** what the square at time t shows there */
  dataFromScreen(x: number, y: number, t: number): { x: number; y: number };
  /** the left edge of the square at time t */
  offset(t: number): number;
}

function kindFor(width: number): "span" | "square" {
  return width < SQUARE_BELOW_PX ? "square" : "span";
}

function sideFor(width: number): number {
  const room = width - 2 * EDGE_PX;
  return Math.max(1, kindFor(width) === "square" ? room : Math.min(room * SIDE_OF_WIDTH, 520));
}

export function heightFor(width: number): number {
  return Math.round(sideFor(width) + 2 * EDGE_PX + (kindFor(width) === "square" ? 0 : AXIS_PX));
}

/** With less height than it asks for, the squares are smaller: beside each other farther apart, alone in the middle. */
export function project(width: number, box: Box, height = heightFor(width)): Projection {
  const kind = kindFor(width);
  const room = height - 2 * EDGE_PX - (kind === "square" ? 0 : AXIS_PX);
  // A height is in whole pixels: half of one is no lack.
  const side = room + 0.5 < sideFor(width) ? Math.max(1, room) : sideFor(width);
  const left = kind === "square" ? (width - side) / 2 : EDGE_PX;
  const way = kind === "square" ? 0 : width - 2 * EDGE_PX - side;
  const perX = side / (box.x[1] - box.x[0]);
  const perY = side / (box.y[1] - box.y[0]);
  const offset = (t: number) => left + t * way;
  return {
    kind,
    width,
    height,
    side,
    box,
    offset,
    screenXFromData: (x, t) => offset(t) + (x - box.x[0]) * perX,
    screenYFromData: (y) => EDGE_PX + (box.y[1] - y) * perY,
    dataFromScreen: (x, y, t) => ({ x: box.x[0] + (x - offset(t)) / perX, y: box.y[1] - (y - EDGE_PX) / perY }),
  };
}

/** The square that shows time t; of all times at once, the one picture of them. */
export function squareAt({ kind, offset, side }: Projection, t: number): Rectangle {
  if (kind === "line") return { x: offset(0), y: EDGE_PX, width: offset(1) - offset(0), height: side };
  return { x: offset(t), y: EDGE_PX, width: side, height: side };
}

/** Flat points at one time, as flat pixels; those that the view doesn't show are left out, and all that are not finite. */
export function projectPoints(
  points: Float64Array,
  t: number,
  projection: Projection,
  into: Float32Array = new Float32Array(points.length),
): Float32Array {
  const { box, side } = projection;
  const [left, right] = box.x;
  const [bottom, top] = box.y;
  const atLeft = projection.offset(t);
  const perX = side / (right - left);
  const perY = side / (top - bottom);
  let numKept = 0;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    if (!(x >= left && x <= right && y >= bottom && y <= top)) continue;
    into[numKept++] = atLeft + (x - left) * perX;
    into[numKept++] = EDGE_PX + (top - y) * perY;
  }
  return into.subarray(0, numKept);
}

/** Flat points at one time, as flat pixels, all of them. */
export function projectAll(points: Float64Array, t: number, projection: Projection): Float32Array {
  const { screenXFromData, screenYFromData } = projection;
  return Float32Array.from(points, (value, i) => (i % 2 === 0 ? screenXFromData(value, t) : screenYFromData(value)));
}
