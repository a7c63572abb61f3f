/** The three numbers of rgb(r, g, b). */
function rgbOf(color: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (color.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** Light from 0 to 1 as bytes. */
export function bytesOf(light: Float32Array): number[] {
  return Array.from(light, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
}

/** A color without its alpha, as an ImageData's bytes read on a little-endian machine: every browser's is one. */
export function packed(color: string): number {
  return packedBytes(rgbOf(color));
}

export function packedBytes([red = 0, green = 0, blue = 0]: readonly number[]): number {
  return red | (green << 8) | (blue << 16);
}
