/** The three numbers of rgb(r, g, b). */
function rgbOf(color: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (color.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** A color without its alpha, as an ImageData's bytes read on a little-endian machine: every browser's is one. */
export function packed(color: string): number {
  const [red, green, blue] = rgbOf(color);
  return red | (green << 8) | (blue << 16);
}
