import { type Glyphs, rowAt } from "../frame";
import { squareAt } from "../projection";
import type { Layer } from "./layer";

/** Between two pictures, in their own pixels. */
const GAP = 1;

/** Small pictures at time t, in a grid. */
export const glyphs: Layer = ({ picture, projection, t }) => {
  if (picture.glyphs === null) return [];
  const { columns, rows, values } = sheet(picture.glyphs, t);
  const square = squareAt(projection, t);
  const cell = square.width / (Math.max(columns, rows) + 2 * GAP);
  const [width, height] = [columns * cell, rows * cell];
  const x = square.x + (square.width - width) / 2;
  const y = square.y + (square.height - height) / 2;
  return [{ kind: "cells", x, y, width, height, columns, rows, values, smooth: false, role: "glyph", opacity: 1 }];
};

/** All pictures as one, nothing between them. */
function sheet({ side, times, positions, n }: Glyphs, t: number) {
  const pixels = rowAt(positions, times, t);
  const across = Math.ceil(Math.sqrt(n));
  const columns = across * (side + GAP) - GAP;
  const rows = Math.ceil(n / across) * (side + GAP) - GAP;
  const values = new Float32Array(columns * rows).fill(Number.NaN);
  pixels.forEach((pixel, i) => {
    const picture = Math.floor(i / (side * side));
    const row = Math.floor(picture / across) * (side + GAP) + (Math.floor(i / side) % side);
    const column = (picture % across) * (side + GAP) + (i % side);
    values[row * columns + column] = Number.isFinite(pixel) ? Math.min(1, Math.max(0, pixel)) : Number.NaN;
  });
  return { columns, rows, values };
}
