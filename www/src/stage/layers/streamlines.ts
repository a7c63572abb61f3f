import { contains, onScreen, velocityAt } from "../field";
import { type FieldSlice, sliceAt } from "../frame";
import { middles, type Projection, projectAll, squareAt } from "../projection";
import type { Layer } from "./layer";

/** seeds a side of the square */
const NUM_SEEDS = 11;
/** steps each way from the seed */
const NUM_STEPS = 15;
const NUM_VERTICES = 2 * NUM_STEPS + 1;
/** of the square's side: all lines are equally long, and a step is about three pixels */
const STEP = 1 / 160;
const HEAD_PX = 4.5;

/** Curves along the field as it is at time t; particles leave them as soon as the field changes. */
export const streamlines: Layer = ({ picture: { field }, projection, t }) => {
  if (field === null) return [];
  const slice = sliceAt(field, t);
  const clip = squareAt(projection, t);
  const spacing = projection.side / NUM_SEEDS;
  const points: number[] = [];
  const heads: number[] = [];
  for (const [seedX, seedY] of middles(clip, spacing)) {
    const { x, y } = projection.dataFromScreen(seedX, seedY, t);
    const [dx, dy] = onScreen(projection.box, ...direction(slice, projection, x, y));
    if (!contains(field.box, x, y) || (dx === 0 && dy === 0)) continue;
    points.push(...streamline(slice, projection, x, y));
    const length = (2 * HEAD_PX) / Math.hypot(dx, dy);
    heads.push(seedX - (dx * length) / 2, seedY - (dy * length) / 2, dx * length, dy * length);
  }
  const vertices = projectAll(Float64Array.from(points), t, projection);
  const shared = { role: "velocity", opacity: 0.7, clip } as const;
  return [
    { kind: "lines", vertices, numVertices: NUM_VERTICES, width: 1, dash: [], ...shared },
    { kind: "arrows", vectors: Float32Array.from(heads), width: 1, head: HEAD_PX, ...shared },
  ];
};

/** Flat points, from upstream to downstream. */
function streamline(slice: FieldSlice, projection: Projection, x: number, y: number): number[] {
  const upstream = walk(slice, projection, [x, y], -STEP);
  const downstream = walk(slice, projection, [x, y], STEP);
  return [...upstream.reverse().flat(), x, y, ...downstream.flat()];
}

/** Midpoint steps of equal length; beyond the grid, or where the field stands still, a line waits. */
function walk(slice: FieldSlice, projection: Projection, seed: [number, number], step: number): [number, number][] {
  let [x, y] = seed;
  return Array.from({ length: NUM_STEPS }, () => {
    const [startX, startY] = direction(slice, projection, x, y);
    const [dx, dy] = direction(slice, projection, x + (step / 2) * startX, y + (step / 2) * startY);
    if (contains(slice.box, x + step * dx, y + step * dy)) {
      x += step * dx;
      y += step * dy;
    }
    return [x, y];
  });
}

/** The field's direction in the data's units, as long as the square's side is on the screen. */
function direction(slice: FieldSlice, { box }: Projection, x: number, y: number): [number, number] {
  const [dx, dy] = velocityAt(slice, x, y);
  const speed = Math.hypot(...onScreen(box, dx, dy));
  return speed > 0 && speed < Number.POSITIVE_INFINITY ? [dx / speed, dy / speed] : [0, 0];
}
