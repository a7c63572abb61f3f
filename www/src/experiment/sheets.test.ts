import { expect, test } from "vitest";
import { picturesInSheet } from "./picture-files";
import { laidOut, type SheetPixels, startsOf, tilesIn } from "./sheets";
import { tilesOf } from "./tiles";

const [SIDE, COLUMNS, ROWS, MARGIN, GAP] = [8, 6, 4, 3, 2];
const NUM_FILLED = 20;

/** Each tile of another gray with a white cross; behind the twentieth nothing but ground. */
function crosses(): SheetPixels {
  const width = 2 * MARGIN + COLUMNS * SIDE + (COLUMNS - 1) * GAP;
  const height = 2 * MARGIN + ROWS * SIDE + (ROWS - 1) * GAP + 5;
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let tile = 0; tile < NUM_FILLED; tile++) {
    const left = MARGIN + (tile % COLUMNS) * (SIDE + GAP);
    const top = MARGIN + Math.floor(tile / COLUMNS) * (SIDE + GAP);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
      const at = 4 * ((top + y) * width + left + x);
      if (x !== 3 && y !== 3) data.fill(tile, at, at + 3);
    }
  }
  return { width, height, data };
}

const along = (tiles: number) => ({ tiles, pixels: SIDE, margin: MARGIN, gap: GAP });
const SHEET = { across: along(COLUMNS), down: along(ROWS) };

test("tiles are cut where they lie, row by row, and blank ones are left out", () => {
  const { tiles, numBlank } = tilesOf(crosses(), SHEET);
  expect([tiles.length, numBlank]).toEqual([NUM_FILLED, COLUMNS * ROWS - NUM_FILLED]);
  tiles.forEach(({ width, height, light }, tile) => {
    expect([width, height]).toEqual([SIDE, SIDE]);
    expect(light[0]).toBeCloseTo(tile / 255, 6);
    expect([light[3], light[3 * SIDE]]).toEqual([1, 1]);
  });
});

test("what a sheet holds is points, and what was left out is said", () => {
  const { points, columns, note, labels } = picturesInSheet(crosses(), SHEET);
  expect([columns.length, points.length, labels]).toEqual([SIDE ** 2, NUM_FILLED * SIDE ** 2, undefined]);
  expect(note).toBe(
    "20 pictures of 8 × 8 pixels of gray, each gray spread evenly over its 256th. Left out: 4 blank tiles of the sheet.",
  );
});

test("what is not given of a lattice follows from its sheet, and what does not fit is refused", () => {
  expect(laidOut({ tiles: 10 }, 285, "across")).toEqual({ tiles: 10, pixels: 28, margin: 0, gap: 0 });
  expect(laidOut({ tiles: 10, margin: 2, gap: 2 }, 302, "down").pixels).toBe(28);
  expect(startsOf({ tiles: 3, pixels: 28, margin: 2, gap: 1 })).toEqual([2, 31, 60]);
  expect(tilesIn({ tiles: 1, pixels: 28, margin: 2, gap: 2 }, 302)).toBe(10);
  expect(() => laidOut({ tiles: 11, pixels: 28 }, 280, "across")).toThrow(
    "11 tiles of 28 pixels across do not fit the sheet, which has 280.",
  );
  expect(() => laidOut({ tiles: 100 }, 280, "down")).toThrow(
    "100 tiles of fewer than 5 pixels down do not fit the sheet, which has 280.",
  );
  expect(() => laidOut({ tiles: 2.5 }, 280, "down")).toThrow("are whole numbers");
  const few = { across: { tiles: 3, pixels: SIDE, margin: MARGIN, gap: GAP }, down: along(ROWS) };
  expect(() => picturesInSheet(crosses(), few)).toThrow(
    "There are 11 pictures without 1 blank tile of the sheet; at least 16 are needed.",
  );
});
