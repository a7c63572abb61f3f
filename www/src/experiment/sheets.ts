// Sheets: one picture in which many equal ones stand in a lattice.
import { msg } from "../language";
import { FileError } from "./table";

/** Red, green, blue and opacity of each pixel in bytes, row by row from the top left, on white. */
export interface SheetPixels {
  width: number;
  height: number;
  data: ArrayLike<number>;
}

/** How the tiles lie along one side of a sheet, in pixels. */
export interface Along {
  tiles: number;
  /** of each tile; as many as there is room for, if not given */
  pixels?: number;
  /** before the first; none, if not given */
  margin?: number;
  /** between two; none, if not given */
  gap?: number;
}

/** A lattice of equal tiles. */
export interface Tiling<Side = Along> {
  across: Side;
  down: Side;
}

export type Laid = Required<Along>;

const DIRECTIONS: Readonly<Record<keyof Tiling, string>> = { across: msg("across"), down: msg("down") };

/** Smaller tiles are no pictures. */
export const SMALLEST_TILE = 5;

/** The pixels that a tile gets where so many lie along `length`. */
export function roomFor({ tiles, margin = 0, gap = 0 }: Along, length: number): number {
  return Math.floor((length - 2 * margin - (tiles - 1) * gap) / tiles);
}

/** The tiles of so many pixels that lie along `length`. */
export function tilesIn({ pixels, margin, gap }: Laid, length: number): number {
  return Math.max(1, Math.floor((length - margin + gap) / (pixels + gap)));
}

/** Where the tiles begin. */
export function startsOf({ tiles, pixels, margin, gap }: Laid): number[] {
  return Array.from({ length: tiles }, (_, i) => margin + i * (pixels + gap));
}

/** With all that was not given; or a `FileError` where the tiles do not fit. */
export function laidOut(along: Along, length: number, direction: keyof Tiling): Laid {
  const { tiles, margin = 0, gap = 0, pixels = roomFor(along, length) } = along;
  if (![tiles, margin, gap, pixels].every((number) => Number.isInteger(number) && number >= 0) || tiles < 1) {
    throw new FileError(
      msg(`A sheet's tiles, pixels, margin and gap ${DIRECTIONS[direction]} are whole numbers, and there is a tile.`),
    );
  }
  const needed = margin + tiles * pixels + (tiles - 1) * gap;
  if (pixels < SMALLEST_TILE || needed > length) {
    const size = pixels < SMALLEST_TILE ? msg(`fewer than ${SMALLEST_TILE}`) : `${pixels}`;
    throw new FileError(
      msg(`${tiles} tiles of ${size} pixels ${DIRECTIONS[direction]} do not fit the sheet, which has ${length}.`),
    );
  }
  return { tiles, pixels, margin, gap };
}
