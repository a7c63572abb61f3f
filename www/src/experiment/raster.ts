// Pictures of any size as square ones of 8 to 32 pixels a side.
import { LARGEST_SIDE, SMALLEST_SIDE } from "./pictures";

/** One picture: light from 0 to 1, row by row from the top left. */
export interface Raster {
  width: number;
  height: number;
  light: Float32Array;
  /** red, green and blue each in bytes, since there may be thousands, where they tell more; null where not */
  colors: readonly Uint8Array[] | null;
}

/** Channels that differ by less are gray, whatever their noise. */
const GRAY = 0.06;

/** Luma of ITU-R BT.601: what colors are seen as without color. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** One, three or four numbers a pixel, the fourth being opacity above white. */
export function rasterOf(pixels: ArrayLike<number>, channels: number, width: number, height: number): Raster {
  const channel = (k: number) =>
    Float32Array.from({ length: width * height }, (_, i) => {
      const opacity = channels === 4 ? (pixels[i * channels + 3] ?? 1) : 1;
      return opacity * (pixels[i * channels + k] ?? 0) + (1 - opacity);
    });
  if (channels < 3) return { width, height, light: channel(0), colors: null };
  const colors = [channel(0), channel(1), channel(2)];
  const light = new Float32Array(width * height);
  let spread = 0;
  for (let i = 0; i < light.length; i++) {
    const seen = colors.map((color) => color[i] ?? 0);
    light[i] = seen.reduce((sum, value, k) => sum + (LUMA[k] ?? 0) * value, 0);
    spread += Math.max(...seen) - Math.min(...seen);
  }
  return { width, height, light, colors: spread > GRAY * light.length ? colors.map(inBytes) : null };
}

function inBytes(light: Float32Array): Uint8Array {
  return Uint8Array.from(light, (value) => Math.round(255 * value));
}

/** The side that pictures of so many pixels get: their own, if that can be. */
export function sideFor({ width, height }: Pick<Raster, "width" | "height">): number {
  return Math.min(LARGEST_SIDE, Math.max(SMALLEST_SIDE, width, height));
}

/** Whether the rim is bright, as paper is: its ink is dark then. */
export function isOnPaper({ width, height, light }: Raster): boolean {
  let [sum, count] = [0, 0];
  light.forEach((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x > 0 && y > 0 && x < width - 1 && y < height - 1) return;
    sum += value;
    count++;
  });
  return sum > count / 2;
}

/** In the middle of a square of paper; each pixel is the mean of what it covers. */
export function squared(
  { width, height, light }: Omit<Raster, "colors">,
  side: number,
  onPaper: boolean,
): Float32Array {
  const whole = Math.max(width, height);
  const [left, top] = [(whole - width) / 2, (whole - height) / 2];
  const ink = (x: number, y: number) => {
    const [column, row] = [x - Math.floor(left), y - Math.floor(top)];
    if (column < 0 || row < 0 || column >= width || row >= height) return 0;
    const value = light[row * width + column] ?? 0;
    return onPaper ? 1 - value : value;
  };
  const columns = Array.from({ length: side }, (_, i) => covered(i, whole / side, whole));
  return Float32Array.from({ length: side * side }, (_, i) => {
    let sum = 0;
    for (const [y, down] of columns[Math.floor(i / side)] ?? []) {
      for (const [x, across] of columns[i % side] ?? []) sum += down * across * ink(x, y);
    }
    return sum;
  });
}

/** The pixels that the `i`-th of a coarser grid covers, and the share of it that each takes. */
function covered(i: number, step: number, whole: number): [pixel: number, share: number][] {
  const [from, to] = [i * step, (i + 1) * step];
  const pixels = Array.from({ length: Math.ceil(to) - Math.floor(from) }, (_, k) => Math.floor(from) + k);
  const share = (pixel: number) => (Math.min(to, pixel + 1) - Math.max(from, pixel)) / step;
  return pixels.filter((pixel) => pixel < whole && share(pixel) > 1e-9).map((pixel) => [pixel, share(pixel)]);
}
