// From one coordinate and time to pixels: x against t, in one picture of all times.
import type { Box } from "./frame";
import { AXIS_PX, EDGE_PX, heightFor, type Projection } from "./projection";

/** Beside the picture, where points at the two ends of time are counted: a share of the width, and at most so many pixels. */
const GUTTER = { share: 0.1, most: 64 } as const;

/** A point is (0, x): what it lacks of a plane's coordinates goes to time, whose unit is as long as the whole way. */
export function projectLine(width: number, { y }: Box, height = heightFor(width)): Projection {
  const side = Math.max(1, height - 2 * EDGE_PX - AXIS_PX);
  const gutter = Math.min(GUTTER.share * width, GUTTER.most);
  const way = Math.max(1, width - 2 * gutter);
  const perY = side / (y[1] - y[0]);
  const offset = (t: number) => gutter + t * way;
  return {
    kind: "line",
    width,
    height,
    side,
    box: { x: [0, side / way], y },
    beyond: { x: 0, y: 0 },
    offset,
    screenXFromData: (x, t) => offset(x + t),
    screenYFromData: (x) => EDGE_PX + (y[1] - x) * perY,
    dataFromScreen: (_, px) => ({ x: 0, y: y[1] - (px - EDGE_PX) / perY }),
  };
}

/** Of a histogram that fills the view. */
const NUM_BARS = 54;

/** Points on the line, counted in bars across the view: how many are in each, of all there are, from the bottom. */
export function counted(points: Float64Array, { box }: Pick<Projection, "box">): Float64Array {
  const [bottom, top] = box.y;
  const shares = new Float64Array(NUM_BARS);
  for (let i = 1; i < points.length; i += 2) {
    const bar = Math.floor((((points[i] ?? 0) - bottom) / (top - bottom)) * NUM_BARS);
    if (bar >= 0 && bar < NUM_BARS) shares[bar] = (shares[bar] ?? 0) + 2 / points.length;
  }
  return shares;
}

/** The outline of bars that stand on a vertical line at `from`, `reach` pixels from it for a share of 1, to the left if below 0. */
export function bars(
  shares: Float64Array,
  from: number,
  reach: number,
  { side }: Pick<Projection, "side">,
): Float32Array {
  const height = side / shares.length;
  const ring = [from, EDGE_PX + side];
  shares.forEach((share, bar) => {
    const bottom = EDGE_PX + side - bar * height;
    ring.push(from + share * reach, bottom, from + share * reach, bottom - height);
  });
  return Float32Array.from([...ring, from, EDGE_PX]);
}
