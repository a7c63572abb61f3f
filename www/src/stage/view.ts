import type { Box } from "./frame";
import type { Space } from "./space/space";

/** half the side of the whole view, in the models' units: the built-in sets live in [-4, 4] */
const HALF_VIEW = 4.5;

/** Where the reader looks, in the models' units. */
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export const WHOLE_VIEW: Camera = { x: 0, y: 0, zoom: 1 };

/** The part of the plane that is shown: a square in the models' units, here in the data's own. */
export function viewBox(center: readonly number[], scale: readonly number[], camera: Camera = WHOLE_VIEW): Box {
  const side = (j: number, shift: number): [number, number] => {
    const middle = (center[j] ?? 0) + shift * (scale[j] ?? 1);
    const half = (HALF_VIEW * (scale[j] ?? 1)) / camera.zoom;
    return [middle - half, middle + half];
  };
  return { x: side(0, camera.x), y: side(1, camera.y) };
}

/**
 * What of a space is seen in the whole view, which reaches to `HALF_VIEW` of these: the torus to its edges, and a globe of radius 1 with a
 * little room around.
 */
export const SPACE_SCALES: Readonly<Record<Space, number>> = { torus: Math.PI / HALF_VIEW, sphere: 1.06 / HALF_VIEW };
