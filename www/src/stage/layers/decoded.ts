import { type Curves, type Decoder, type Inspection, positionsAt } from "../frame";
import type { Mark, Rectangle } from "../marks";
import { type Projection, projectAll, squareAt } from "../projection";
import { type Layer, visibilityAt } from "./layer";

/** From one picture on the plane to the next in pixels of the style sheet, at least; and the most in a row. */
const PITCH_PX = 27;
const MOST_ACROSS = 17;
/** Paper around each, in its pixels. */
const RIM = 1;
/** Ink of less than this is paper, through which what lies under is seen. */
const FAINTEST = 0.12;
const PLANE_OPACITY = 0.5;

/** What the places of a lattice decode to, at the data's end of time: it lies under everything there. */
export const decoded: Layer = (frame) => {
  const { picture, projection } = frame;
  const { decoder } = picture;
  if (decoder === null || projection.kind === "line") return [];
  const opacity = PLANE_OPACITY * visibilityAt(0, frame);
  return [{ kind: "cells", ...latticeOf(decoder, projection), smooth: false, role: "glyph", opacity }];
};

/** Pictures of the middles of equal squares, all in one. */
function latticeOf({ side, decode }: Decoder, projection: Projection) {
  const { x, y, width, height } = squareAt(projection, 0);
  const across = Math.max(1, Math.min(MOST_ACROSS, Math.floor(width / PITCH_PX)));
  const spacing = width / across;
  const down = Math.floor(height / spacing + 1e-9);
  const top = y + (height - down * spacing) / 2;
  const places = Array.from({ length: across * down }, (_, i) => {
    const [column, row] = [i % across, Math.floor(i / across)];
    return projection.dataFromScreen(x + (column + 0.5) * spacing, top + (row + 0.5) * spacing, 0);
  });
  const pixels = decode(Float64Array.from(places.flatMap((place) => [place.x, place.y])));
  const pitch = side + 2 * RIM;
  const [columns, rows] = [across * pitch, down * pitch];
  const values = new Float32Array(columns * rows).fill(Number.NaN);
  pixels.forEach((ink, p) => {
    if (!(ink >= FAINTEST)) return;
    const [place, row, column] = [Math.floor(p / side ** 2), Math.floor(p / side) % side, p % side];
    const line = Math.floor(place / across) * pitch + RIM + row;
    values[line * columns + (place % across) * pitch + RIM + column] = ink;
  });
  return { x, y: top, width, height: down * spacing, columns, rows, values };
}

/** How wide the pictures of samples are in pixels of the style sheet, and what part of the square they may cover at most. */
const STAMP_PX = 20;
const COVERED = 0.12;
/** Where they end, in their own widths. */
const APART = 1.5;
const INSPECTED_PX = 40;
const INSPECTED_GAP_PX = 14;
/** In one square for all times what is inspected is seen only about its own. */
const SEEN_WITHIN = 0.02;

/** Some of the samples as what their places decode to; and the inspected point, larger. */
export const stamps: Layer = ({ picture: { decoder, generated, inspection }, projection, t }) => {
  if (decoder === null || projection.kind === "line") return [];
  const places =
    generated === null ? new Float64Array() : pick(positionsAt(generated, t), spread(generated, projection));
  const at = projectAll(places, t, projection);
  const isSeen = inspection !== null && (projection.kind === "span" || Math.abs(t - inspection.t) <= SEEN_WITHIN);
  return [
    ...stampsAt(at, decoder.decode(places), squareAt(projection, t), { size: STAMP_PX, role: "generated" }),
    ...(isSeen ? inspectedStamp(decoder, inspection, projection) : []),
  ];
};

/** Above the point, which stays seen; where there is no room, below it. */
function inspectedStamp(decoder: Decoder, { at: point, t }: Inspection, projection: Projection): Mark[] {
  const place = Float64Array.from(point);
  const [x = 0, y = 0] = projectAll(place, t, projection);
  const square = squareAt(projection, t);
  if (!isWithin(square, x, y)) return [];
  const shift = 0.5 * INSPECTED_PX + INSPECTED_GAP_PX;
  const middle = Float32Array.of(x, y - 2 * shift < square.y ? y + shift : y - shift);
  return stampsAt(middle, decoder.decode(place), square, { size: INSPECTED_PX, role: "path" });
}

/** Each on paper of its own in a frame, within the square. */
function stampsAt(
  middles: Float32Array,
  pixels: Float32Array,
  square: Rectangle,
  { size, role }: { size: number; role: "generated" | "path" },
): Mark[] {
  const area = (2 * pixels.length) / middles.length;
  const side = Math.sqrt(area);
  return Array.from({ length: middles.length / 2 }, (_, i): Mark[] => {
    const [x, y] = [middles[2 * i] ?? 0, middles[2 * i + 1] ?? 0];
    if (!isWithin(square, x, y)) return [];
    const held = (middle: number, from: number, length: number) =>
      Math.round(Math.min(from + length - size, Math.max(from, middle - size / 2)));
    const [left, top] = [held(x, square.x, square.width), held(y, square.y, square.height)];
    const box = { x: left, y: top, width: size, height: size };
    const values = pixels.subarray(i * area, (i + 1) * area);
    return [
      { kind: "cells", ...box, columns: side, rows: side, values, smooth: false, role: "glyph", opacity: 1 },
      { kind: "rectangle", ...box, role, opacity: 1 },
    ];
  }).flat();
}

function isWithin({ x: left, y: top, width, height }: Rectangle, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** The numbers of the first samples that end far enough from one another for a picture each. */
function spread({ times, positions }: Curves, { side, box }: Projection): number[] {
  const length = positions.length / times.length;
  const ends = times[0] === 0 ? positions.subarray(0, length) : positions.subarray(-length);
  const [perX, perY] = [side / (box.x[1] - box.x[0]), side / (box.y[1] - box.y[0])];
  const most = Math.ceil(COVERED * (side / STAMP_PX) ** 2);
  const chosen: number[] = [];
  const placed: (readonly [number, number])[] = [];
  for (let i = 0; 2 * i < length && chosen.length < most; i++) {
    const [x, y] = [(ends[2 * i] ?? 0) * perX, (ends[2 * i + 1] ?? 0) * perY];
    if (placed.some(([a, b]) => Math.max(Math.abs(a - x), Math.abs(b - y)) < APART * STAMP_PX)) continue;
    placed.push([x, y]);
    chosen.push(i);
  }
  return chosen;
}

function pick(points: Float64Array, chosen: readonly number[]): Float64Array {
  return Float64Array.from(chosen.flatMap((i) => [points[2 * i] ?? 0, points[2 * i + 1] ?? 0]));
}
