// A sphere's own grids: where a density and a velocity field are known.
import type { Box } from "../frame";
import { pointOnSphere } from "./turn";

/** Longitude across, latitude up. */
export const WHOLE_SPHERE: Box = { x: [-Math.PI, Math.PI], y: [-Math.PI / 2, Math.PI / 2] };

/** Unit vectors, row by row from the south pole; and the area of each one's cell. */
export function cellsOnSphere(size: number): { box: Box; cells: Float64Array; volume: Float32Array } {
  const [across, up] = [(2 * Math.PI) / size, Math.PI / size];
  const placeOf = (i: number) => {
    const [row, column] = [Math.floor(i / size), i % size];
    return { longitude: WHOLE_SPHERE.x[0] + (column + 0.5) * across, south: WHOLE_SPHERE.y[0] + row * up };
  };
  const places = Array.from({ length: size * size }, (_, i) => placeOf(i));
  return {
    box: WHOLE_SPHERE,
    cells: Float64Array.from(places.flatMap(({ longitude, south }) => pointOnSphere(longitude, south + up / 2))),
    volume: Float32Array.from(places, ({ south }) => across * (Math.sin(south + up) - Math.sin(south))),
  };
}

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Unit vectors spiralOfPoints over the sphere, on a spiral from pole to pole. */
export function spiralOfPoints(count: number): Float64Array {
  const points = Array.from({ length: count }, (_, i) =>
    pointOnSphere(GOLDEN_ANGLE * i, Math.asin((2 * (i + 0.5)) / count - 1)),
  );
  return Float64Array.from(points.flat());
}
