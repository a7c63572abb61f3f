import type { Box } from "./frame";

/** half the side of the view, in the models' units: the built-in sets live in [-4, 4] */
const HALF_VIEW = 4.5;

/** The part of the plane that is shown: a square in the models' units, here in the data's own. */
export function viewBox(center: readonly number[], scale: readonly number[]): Box {
  const side = (j: number): [number, number] => {
    const middle = center[j] ?? 0;
    const half = HALF_VIEW * (scale[j] ?? 1);
    return [middle - half, middle + half];
  };
  return { x: side(0), y: side(1) };
}
