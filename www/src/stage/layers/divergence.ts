import { type FieldSlices, sliceAt } from "../frame";
import { squareAt } from "../projection";
import { quantileOfSizes } from "../quantile";
import type { Layer } from "./layer";

/** The part of cells, over all times, that may be beyond the ends of the ramp. */
const WITHIN_RAMP = 0.97;
const OPACITY = 0.7;

const scales = new WeakMap<FieldSlices, number>();

/** One scale for all times, so that a color keeps its meaning while t moves. */
function scaleOf(field: FieldSlices, divergence: Float32Array): number {
  const scale = scales.get(field) ?? (quantileOfSizes(divergence, WITHIN_RAMP) || 1);
  scales.set(field, scale);
  return scale;
}

/** The field's divergence at time t: where the flow spreads, where it gathers, and the paper's color where neither. */
export const divergence: Layer = ({ picture: { field }, projection, t }) => {
  if (field === null || field.divergence === null) return [];
  const { size, box } = field;
  const scale = scaleOf(field, field.divergence);
  const slice = sliceAt(field, t).divergence ?? field.divergence;
  // The grid begins at the bottom, cells at the top.
  const values = Float32Array.from({ length: size * size }, (_, i) => {
    const value = slice[(size - 1 - Math.floor(i / size)) * size + (i % size)] ?? 0;
    return Number.isFinite(value) ? 0.5 + 0.5 * Math.min(1, Math.max(-1, value / scale)) : Number.NaN;
  });
  // Of all times at once, the grid has times of its own.
  const place = projection.kind === "line" ? 0 : t;
  const [x, y] = [projection.screenXFromData(box.x[0], place), projection.screenYFromData(box.y[1])];
  const width = projection.screenXFromData(box.x[1], place) - x;
  const height = projection.screenYFromData(box.y[0]) - y;
  const cells = { columns: size, rows: size, values, smooth: true };
  const clip = squareAt(projection, t);
  return [{ kind: "cells", x, y, width, height, ...cells, role: "divergence", opacity: OPACITY, clip }];
};
