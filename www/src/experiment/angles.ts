// Columns of angles, as the engine takes them: radians on a torus, unit vectors on a sphere.
import { placeOf, pointOnSphere } from "../stage/space/turn";
import { wrapped } from "../stage/space/wrap";
import type { Angles, Space } from "./spaces";

const DEGREE = Math.PI / 180;

/** Two columns; null where they are plain numbers. */
export function pointsOnSpace(columns: Float64Array, angles: Angles): { points: Float64Array; dim: number } | null {
  switch (angles) {
    case "none":
      return null;
    case "radians":
      return { points: columns.map(wrapped), dim: 2 };
    case "degrees":
      return { points: columns.map((angle) => wrapped(angle * DEGREE)), dim: 2 };
    case "globe": {
      const points = new Float64Array((3 * columns.length) / 2);
      for (let i = 0; i < columns.length / 2; i++) {
        const [longitude, latitude] = [columns[2 * i] ?? 0, columns[2 * i + 1] ?? 0];
        points.set(pointOnSphere(longitude * DEGREE, latitude * DEGREE), 3 * i);
      }
      return { points, dim: 3 };
    }
  }
}

/** What is taken away, in the reader's columns: of a sphere always longitude and latitude in degrees. */
export function inColumns(points: Float64Array, space: Space, angles: Angles): Float64Array {
  if (space === "sphere") return degreesOf(points);
  return angles === "degrees" ? points.map((angle) => angle / DEGREE) : points;
}

function degreesOf(points: Float64Array): Float64Array {
  const columns = new Float64Array((2 * points.length) / 3);
  for (let i = 0; i < points.length / 3; i++) {
    const { longitude, latitude } = placeOf(points[3 * i] ?? 0, points[3 * i + 1] ?? 0, points[3 * i + 2] ?? 0);
    columns.set([longitude / DEGREE, latitude / DEGREE], 2 * i);
  }
  return columns;
}
