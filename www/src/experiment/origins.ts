// Columns of numbers as differences from an origin in 32 bits: what the models tell apart, wherever 0 is.

/** A column that lies farther from 0 than so many times its range has an origin of its own. */
const FAR = 16;

/** The points with each coordinate `origin + difference`, the difference in 32 bits: those of a link, to the last bit. */
export function roundedPoints(points: Float64Array, dim: number): Float64Array {
  const origins = Array.from({ length: dim }, (_, j) => originOf(points, j, dim));
  return joined(differences(points, origins), origins);
}

/** The origins of rounded points: 0 wherever 32 bits hold the whole number. */
export function originsOf(points: Float64Array, dim: number): number[] {
  const isWhole = new Array<boolean>(dim).fill(true);
  points.forEach((value, i) => {
    if (Math.fround(value) !== value) isWhole[i % dim] = false;
  });
  return isWhole.map((whole, j) => (whole ? 0 : originOf(points, j, dim)));
}

export function differences(points: Float64Array, origins: readonly number[]): Float32Array {
  return Float32Array.from(points, (value, i) => value - (origins[i % origins.length] ?? 0));
}

export function joined(differences: Float32Array, origins: readonly number[]): Float64Array {
  return Float64Array.from(differences, (value, i) => value + (origins[i % origins.length] ?? 0));
}

/** The first number, which stays the first whatever is done to the others. */
function originOf(points: Float64Array, coordinate: number, dim: number): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = coordinate; i < points.length; i += dim) {
    least = Math.min(least, points[i] ?? 0);
    most = Math.max(most, points[i] ?? 0);
  }
  const isFar = Math.max(Math.abs(least), Math.abs(most)) > FAR * (most - least);
  return isFar ? (points[coordinate] ?? 0) : 0;
}
