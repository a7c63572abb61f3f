// Many dots of one color, written into pixels: cheaper than a path where there is no GPU to fill it.
import { isWithin, reachOf } from "./shapes";

/** Pixels of one color, straight alpha; as an ImageData holds them. */
export interface Pixels {
  data: Uint32Array;
  width: number;
  height: number;
}

/** Pixels from left and top up to, but without, right and bottom. */
export interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A dot's coverage of pixels, for each place that its center can have within a pixel. */
export interface Stamp {
  /** from its middle to its edge, in pixels */
  radius: number;
  /** pixels a side */
  size: number;
  /** at ((phaseY*PHASES + phaseX)*size + row)*size + column; 0 to 255 */
  coverage: Uint8Array;
}

/** Places within a pixel, along each axis: a dot stands at most an eighth of a pixel off. */
const PHASES = 4;
/** Points a side that a pixel's coverage is counted on. */
const COUNTED = 8;

export function newStamp(radius: number, opacity: number, shape?: number): Stamp {
  const reach = radius * reachOf(shape);
  const size = Math.ceil(2 * reach) + 1;
  const coverage = new Uint8Array(PHASES * PHASES * size * size);
  for (let i = 0; i < coverage.length; i++) {
    const column = i % size;
    const row = Math.floor(i / size) % size;
    const phase = Math.floor(i / (size * size));
    const x = reach + ((phase % PHASES) + 0.5) / PHASES - column;
    const y = reach + (Math.floor(phase / PHASES) + 0.5) / PHASES - row;
    coverage[i] = Math.round(255 * opacity * coveredPart(x, y, radius, shape));
  }
  return { radius: reach, size, coverage };
}

/** The part of the pixel between (0, 0) and (1, 1) that a dot covers whose middle is at (x, y). */
function coveredPart(x: number, y: number, radius: number, shape: number | undefined): number {
  let numCovered = 0;
  for (let i = 0; i < COUNTED * COUNTED; i++) {
    const dx = ((i % COUNTED) + 0.5) / COUNTED - x;
    const dy = (Math.floor(i / COUNTED) + 0.5) / COUNTED - y;
    if (isWithin(shape, dx / radius, dy / radius)) numCovered++;
  }
  return numCovered / (COUNTED * COUNTED);
}

/** Where an image lies and what it is filled with. */
export interface Placing {
  color: number;
  /** the image's pixels to one of the dots' */
  scale: number;
  /** the image's edges, in its own pixels */
  left: number;
  top: number;
}

/**
 * Lays dots over what is there and says where. The color never changes, so only alpha adds up: over a comes
 * a + s(1 - a).
 */
export function splat(pixels: Pixels, at: Float32Array, stamp: Stamp, placing: Placing): Bounds {
  const { color, scale } = placing;
  const { radius, size } = stamp;
  const bounds = { left: pixels.width, top: pixels.height, right: 0, bottom: 0 };
  for (let i = 0; i + 1 < at.length; i += 2) {
    const x = (at[i] ?? 0) * scale - placing.left - radius;
    const y = (at[i + 1] ?? 0) * scale - placing.top - radius;
    const left = Math.floor(x);
    const top = Math.floor(y);
    const phase = Math.floor((y - top) * PHASES) * PHASES + Math.floor((x - left) * PHASES);
    layStamp(pixels, stamp, phase, { left, top, color });
    if (left < bounds.left) bounds.left = left;
    if (top < bounds.top) bounds.top = top;
    if (left + size > bounds.right) bounds.right = left + size;
    if (top + size > bounds.bottom) bounds.bottom = top + size;
  }
  return within(bounds, pixels);
}

function layStamp(
  { data, width, height }: Pixels,
  { size, coverage }: Stamp,
  phase: number,
  { left, top, color }: { left: number; top: number; color: number },
): void {
  const firstColumn = Math.max(0, -left);
  const stopColumn = Math.min(size, width - left);
  const stopRow = Math.min(size, height - top);
  for (let row = Math.max(0, -top); row < stopRow; row++) {
    const from = (phase * size + row) * size;
    const to = (top + row) * width + left;
    for (let column = firstColumn; column < stopColumn; column++) {
      const covered = coverage[from + column] ?? 0;
      if (covered === 0) continue;
      const alpha = (data[to + column] ?? 0) >>> 24;
      const added = covered * (255 - alpha) + 128;
      // (v + v/256) / 256 is v / 255, rounded.
      data[to + column] = color | ((alpha + ((added + (added >> 8)) >> 8)) << 24);
    }
  }
}

export function wipe({ data, width }: Pixels, { left, top, right, bottom }: Bounds): void {
  for (let row = top; row < bottom; row++) data.fill(0, row * width + left, row * width + right);
}

export function union(a: Bounds, b: Bounds): Bounds {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function within({ left, top, right, bottom }: Bounds, { width, height }: Pixels): Bounds {
  return {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(width, right),
    bottom: Math.min(height, bottom),
  };
}
