// A globe seen from far away: which of its points lie where, and which of them behind.

type Vector = readonly [number, number, number];

/** To the right, up, and towards who looks, of points of a sphere of radius 1. */
export type GlobeTurn = (x: number, y: number, z: number) => [number, number, number];

/** With a longitude and a latitude, in radians, in the middle; north is up. */
export function turnTo(longitude: number, latitude: number): GlobeTurn {
  const [sinLon, cosLon] = [Math.sin(longitude), Math.cos(longitude)];
  const [sinLat, cosLat] = [Math.sin(latitude), Math.cos(latitude)];
  return (x, y, z) => {
    const outward = x * cosLon + y * sinLon;
    return [y * cosLon - x * sinLon, z * cosLat - outward * sinLat, outward * cosLat + z * sinLat];
  };
}

/** The point of the sphere that is seen at a place of the disc. */
export function seenAt(longitude: number, latitude: number, right: number, up: number): [number, number, number] {
  const towards = Math.sqrt(Math.max(0, 1 - right * right - up * up));
  const outward = towards * Math.cos(latitude) - up * Math.sin(latitude);
  const [sin, cos] = [Math.sin(longitude), Math.cos(longitude)];
  return [
    outward * cos - right * sin,
    outward * sin + right * cos,
    up * Math.cos(latitude) + towards * Math.sin(latitude),
  ];
}

export function pointOnSphere(longitude: number, latitude: number): [number, number, number] {
  const outward = Math.cos(latitude);
  return [outward * Math.cos(longitude), outward * Math.sin(longitude), Math.sin(latitude)];
}

/** From the equator up to π/2, and from the first meridian to ±π. */
export function placeOf(x: number, y: number, z: number): { longitude: number; latitude: number } {
  return { longitude: Math.atan2(y, x), latitude: Math.atan2(z, Math.hypot(x, y)) };
}

/** The great circle's point a fraction of the way from one unit vector to another. */
export function alongGreatCircle(from: Vector, to: Vector, fraction: number): [number, number, number] {
  const angle = angleBetween(from, to);
  const sin = Math.sin(angle);
  // The same point, or opposite ones, which any great circle joins: the chord's direction, as far as there is one.
  const [a, b] =
    sin < 1e-6 ? [1 - fraction, fraction] : [Math.sin((1 - fraction) * angle) / sin, Math.sin(fraction * angle) / sin];
  return unit([a * from[0] + b * to[0], a * from[1] + b * to[1], a * from[2] + b * to[2]]);
}

export function angleBetween(from: Vector, to: Vector): number {
  const along = from[0] * to[0] + from[1] * to[1] + from[2] * to[2];
  const apart = Math.hypot(
    from[1] * to[2] - from[2] * to[1],
    from[2] * to[0] - from[0] * to[2],
    from[0] * to[1] - from[1] * to[0],
  );
  return Math.atan2(apart, along);
}

export function unit([x, y, z]: Vector): [number, number, number] {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
