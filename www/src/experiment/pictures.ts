// Points whose coordinates are the pixels of square pictures, row by row from the top left: one number each, or red, green and
// blue.

import type { DistributionKind } from "./experiment";

/** Points that are square pictures. */
export const PICTURE_DATA: readonly DistributionKind[] = ["glyphs", "drawn-digits", "digits", "pictures"];

export const SMALLEST_SIDE = 8;
export const LARGEST_SIDE = 32;

export interface PictureShape {
  /** pixels a side */
  side: number;
  /** 1 for grays, from -1, paper, to 1, ink; 3 for light from -1 to 1 */
  colors: 1 | 3;
}

/** Of points of so many coordinates; null where they are no pictures. No square is three times another: there is no doubt. */
export function shapeOf(dim: number): PictureShape | null {
  for (const colors of [1, 3] as const) {
    const side = Math.sqrt(dim / colors);
    if (Number.isInteger(side) && side >= SMALLEST_SIDE && side <= LARGEST_SIDE) return { side, colors };
  }
  return null;
}

const COLORS = ["red", "green", "blue"] as const;

/** What the columns of pictures are called, by which they are known as such. */
export function pixelNames({ side, colors }: PictureShape): string[] {
  const pixels = Array.from({ length: side * side }, (_, i) => `pixel ${i + 1}`);
  return colors === 1 ? pixels : pixels.flatMap((pixel) => COLORS.map((color) => `${pixel} ${color}`));
}

export function arePixels(columns: readonly string[]): boolean {
  const shape = shapeOf(columns.length);
  if (shape === null) return false;
  const names = pixelNames(shape);
  return columns.every((name, i) => name === names[i]);
}

/** Numbers from 0 to 1 that are always the same, and the native runner's: what whole grays are spread by, so that they have a density. */
export function uniforms(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
