import type { DensityGrid } from "./frame";

/** The integral of the density over the view: 1 if nothing lies outside and the flow keeps its promise. */
export function integralOver({ size, box, logDensity, volume }: DensityGrid): number {
  const cellArea = ((box.x[1] - box.x[0]) * (box.y[1] - box.y[0])) / (size * size);
  // Where the flow ran away the density is as good as 0, as in the drawing.
  return logDensity.reduce((sum, value, i) => {
    return sum + (Number.isFinite(value) ? Math.exp(value) * (volume?.[i] ?? cellArea) : 0);
  }, 0);
}
