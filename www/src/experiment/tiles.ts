// The pictures of a sheet, cut out of it.
import { type Raster, rasterOf } from "./raster";
import { laidOut, type SheetPixels, startsOf, type Tiling } from "./sheets";

/** Row by row, without those that are blank, the last of a sheet mostly. */
export function tilesOf({ width, height, data }: SheetPixels, sheet: Tiling): { tiles: Raster[]; numBlank: number } {
  const across = laidOut(sheet.across, width, "across");
  const down = laidOut(sheet.down, height, "down");
  const all = startsOf(down).flatMap((top) =>
    startsOf(across).map((left) => {
      const bytes = new Uint8Array(4 * across.pixels * down.pixels);
      for (let y = 0; y < down.pixels; y++) {
        const from = 4 * ((top + y) * width + left);
        for (let k = 0; k < 4 * across.pixels; k++) bytes[4 * y * across.pixels + k] = data[from + k] ?? 255;
      }
      return bytes;
    }),
  );
  const filled = all.filter((bytes) => !isBlank(bytes));
  const tiles = filled.map((bytes) =>
    rasterOf(
      Float32Array.from(bytes, (byte) => byte / 255),
      4,
      across.pixels,
      down.pixels,
    ),
  );
  return { tiles, numBlank: all.length - tiles.length };
}

/** In bytes: what JPEG makes of one color beside others. */
const SAME = 10;

function isBlank(bytes: Uint8Array): boolean {
  return [0, 1, 2].every((channel) => {
    let [least, most] = [255, 0];
    for (let i = channel; i < bytes.length; i += 4) {
      least = Math.min(least, bytes[i] ?? 0);
      most = Math.max(most, bytes[i] ?? 0);
    }
    return most - least <= SAME;
  });
}
