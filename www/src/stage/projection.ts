// From data coordinates and time to pixels: the only place that knows pixels.
import type { Box } from "./frame";
import type { Rectangle } from "./marks";

/** Below this width the two ends no longer fit side by side: every time is drawn in one square. */
const SQUARE_BELOW_PX = 400;
export const EDGE_PX = 1;
/**
 * The side of the data and the noise square, as a part of the width; what is left is the way between. In a room that is higher
 * than wide they grow over each other's edges, where hardly anything is.
 */
const SIDE_OF_WIDTH = 0.47;
const MOST_OF_WIDTH = 0.64;
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
  /** how far what is shown goes on above and below each square, and on its left and right, where there is room */
  beyond: { x: number; y: number };
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

/**
 * A unit is as long up as across. With less height than it asks for, the squares are smaller: beside each other farther apart.
 * With more they grow, and show more of the plane than the square.
 */
export function project(width: number, box: Box, height = heightFor(width)): Projection {
  const kind = kindFor(width);
  const room = height - 2 * EDGE_PX - (kind === "square" ? 0 : AXIS_PX);
  const across = width - 2 * EDGE_PX;
  const usual = sideFor(width);
  // A height is in whole pixels: half of one is neither a lack nor a gain.
  const isUsual = Math.abs(room - usual) <= 0.5;
  const most = kind === "square" ? across : Math.max(usual, MOST_OF_WIDTH * across);
  const side = isUsual ? usual : Math.max(1, Math.min(room, most));
  const beyond = {
    x: kind === "square" ? (across - side) / 2 : 0,
    y: isUsual ? 0 : Math.max(0, (room - side) / 2),
  };
  const left = EDGE_PX + beyond.x;
  const top = EDGE_PX + beyond.y;
  const way = kind === "square" ? 0 : across - side;
  const perX = side / (box.x[1] - box.x[0]);
  const perY = side / (box.y[1] - box.y[0]);
  const offset = (t: number) => left + t * way;
  return {
    kind,
    width,
    height,
    side,
    box,
    beyond,
    offset,
    screenXFromData: (x, t) => offset(t) + (x - box.x[0]) * perX,
    screenYFromData: (y) => top + (box.y[1] - y) * perY,
    dataFromScreen: (x, y, t) => ({ x: box.x[0] + (x - offset(t)) / perX, y: box.y[1] - (y - top) / perY }),
  };
}

/** What shows time t, the square and what lies beyond it; of all times at once, the one picture of them. */
export function squareAt({ kind, offset, side, beyond }: Projection, t: number): Rectangle {
  if (kind === "line") return { x: offset(0), y: EDGE_PX, width: offset(1) - offset(0), height: side };
  return { x: offset(t) - beyond.x, y: EDGE_PX, width: side + 2 * beyond.x, height: side + 2 * beyond.y };
}

/** The middles of the cells of a grid over a rectangle, row by row from its top: as many as there is room for. */
export function middles({ x, y, width, height }: Rectangle, spacing: number): [number, number][] {
  const [columns, rows] = [width, height].map((length) => Math.max(1, Math.round(length / spacing))) as [
    number,
    number,
  ];
  const [left, top] = [x + (width - columns * spacing) / 2, y + (height - rows * spacing) / 2];
  return Array.from({ length: columns * rows }, (_, i) => [
    left + ((i % columns) + 0.5) * spacing,
    top + (Math.floor(i / columns) + 0.5) * spacing,
  ]);
}

/** Flat points at one time, as flat pixels; those that the view doesn't show are left out, and all that are not finite. */
export function projectPoints(
  points: Float64Array,
  t: number,
  projection: Projection,
  into: Float32Array = new Float32Array(points.length),
): Float32Array {
  const { box, side, beyond } = projection;
  const perX = side / (box.x[1] - box.x[0]);
  const perY = side / (box.y[1] - box.y[0]);
  const [left, right] = [box.x[0] - beyond.x / perX, box.x[1] + beyond.x / perX];
  const [bottom, top] = [box.y[0] - beyond.y / perY, box.y[1] + beyond.y / perY];
  const atLeft = projection.offset(t) - beyond.x;
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
