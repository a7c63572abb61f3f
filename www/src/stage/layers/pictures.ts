import { type Pictures, rowAt } from "../frame";
import type { Mark } from "../marks";
import { squareAt } from "../projection";
import type { Layer } from "./layer";

/** Between two pictures, as a part of their side. */
const GAP = 1 / 8;
/** Above the data's own, in pictures. */
const APART = 0.25;
const PAPER = Float32Array.of(0);
/** A cell of less than this many of the style sheet's pixels is finer than a screen. */
const FINEST = 0.5;

/** Small pictures at time t, in a grid on paper of its own; under the place where they arrive some of the data's own. */
export const pictures: Layer = ({ picture, projection, t }) => {
  if (picture.pictures === null) return [];
  const { side, colors, n, times, positions, own } = picture.pictures;
  const across = Math.ceil(Math.sqrt(n));
  const generated = sheet(picture.pictures, across, rowAt(positions, times, t));
  const given = sheet(picture.pictures, across, own);
  const gap = given.rows === 0 ? 0 : Math.round(APART * side);
  const square = squareAt(projection, t);
  const height = generated.rows + gap + given.rows;
  const cell = whole(Math.min(square.width / generated.columns, square.height / height));
  const top = Math.round(square.y + (square.height - height * cell) / 2);
  const place = ({ columns, rows, values }: Grid, at: number, y: number): Mark[] => {
    const { x, width } = squareAt(projection, at);
    const size = { width: columns * cell, height: rows * cell, columns, rows };
    const left = Math.round(x + (width - size.width) / 2);
    const cells = { kind: "cells", x: left, y, ...size, smooth: false, role: "glyph", opacity: 1 } as const;
    return [
      { ...cells, columns: 1, rows: 1, values: PAPER },
      { ...cells, values, colored: colors === 3 },
    ];
  };
  const arrived = given.rows === 0 ? [] : place(given, 0, top + (generated.rows + gap) * cell);
  return [...arrived, ...place(generated, t, top)];
};

/** Cells of one size, however many of the screen's pixels they are. */
function whole(cell: number): number {
  return Math.max(FINEST, Math.floor(cell / FINEST) * FINEST);
}

function gapOf(side: number): number {
  return Math.max(1, Math.round(GAP * side));
}

interface Grid {
  columns: number;
  rows: number;
  values: Float32Array;
}

/** All pictures as one: nothing between them, nor around. */
function sheet({ side, colors }: Pick<Pictures, "side" | "colors">, across: number, pixels: Float32Array): Grid {
  const pitch = side + gapOf(side);
  const n = pixels.length / (side ** 2 * colors);
  const columns = across * pitch + gapOf(side);
  const rows = n === 0 ? 0 : Math.ceil(n / across) * pitch + gapOf(side);
  const values = new Float32Array(columns * rows * colors).fill(Number.NaN);
  for (let i = 0; i < n * side; i++) {
    // A row of one picture after the other.
    const picture = Math.floor(i / side);
    const row = Math.floor(picture / across) * pitch + gapOf(side) + (i % side);
    const column = (picture % across) * pitch + gapOf(side);
    const part = pixels.subarray(i * side * colors, (i + 1) * side * colors);
    values.set(part.map(seen), (row * columns + column) * colors);
  }
  return { columns, rows, values };
}

/** From 0 to 1; nothing where it ran away. */
function seen(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : Number.NaN;
}
