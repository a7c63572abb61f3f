// From data coordinates and time to pixels: the only place that knows pixels.
import type { Box } from "./frame";

/** Below this width the two ends no longer fit side by side: every time is drawn in one square. */
const SQUARE_BELOW_PX = 400;
const MARGIN_PX = 1;
/** the side of the data and the noise square, as a part of the width; what is left is the way between */
const SIDE_OF_WIDTH = 0.47;
export const AXIS_PX = 32;

export interface Projection {
  kind: "span" | "square";
  width: number;
  height: number;
  /** the side of the data and of the noise square */
  side: number;
  screenXFromData(x: number, t: number): number;
  screenYFromData(y: number): number;
  /** the left edge of the square at time t */
  offset(t: number): number;
}

export function kindFor(width: number): Projection["kind"] {
  return width < SQUARE_BELOW_PX ? "square" : "span";
}

function sideFor(width: number): number {
  const room = width - 2 * MARGIN_PX;
  return Math.max(1, kindFor(width) === "square" ? room : Math.min(room * SIDE_OF_WIDTH, 520));
}

export function heightFor(width: number): number {
  return Math.round(sideFor(width) + 2 * MARGIN_PX + (kindFor(width) === "square" ? 0 : AXIS_PX));
}

export function project(width: number, box: Box): Projection {
  const kind = kindFor(width);
  const side = sideFor(width);
  const way = kind === "square" ? 0 : width - 2 * MARGIN_PX - side;
  const perX = side / (box.x[1] - box.x[0]);
  const perY = side / (box.y[1] - box.y[0]);
  const offset = (t: number) => MARGIN_PX + t * way;
  return {
    kind,
    width,
    height: heightFor(width),
    side,
    offset,
    screenXFromData: (x, t) => offset(t) + (x - box.x[0]) * perX,
    screenYFromData: (y) => MARGIN_PX + (box.y[1] - y) * perY,
  };
}

/** Flat points at one time, as flat pixels. */
export function projectPoints(
  points: Float32Array,
  t: number,
  { screenXFromData, screenYFromData }: Projection,
): Float32Array {
  const pixels = new Float32Array(points.length);
  for (let i = 0; i + 1 < points.length; i += 2) {
    pixels[i] = screenXFromData(points[i] ?? 0, t);
    pixels[i + 1] = screenYFromData(points[i + 1] ?? 0);
  }
  return pixels;
}
