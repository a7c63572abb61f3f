import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { digitsFrom } from "./digits";
import { dividedSheet, guessedSheet } from "./lattice";
import { uniforms } from "./pictures";
import { type SheetPixels, startsOf } from "./sheets";

interface Drawn {
  tiles: [number, number];
  size: [number, number];
  margin?: number;
  gap?: number;
  /** what is left over at the right and at the bottom */
  rest?: number;
  ground?: number;
}

/** Light from 0 to 1 of a pixel of a tile. */
type Content = (tile: number, x: number, y: number) => number;

function sheetOf({ tiles, size, margin = 0, gap = 0, rest = 0, ground = 0 }: Drawn, content: Content): SheetPixels {
  const along = (k: 0 | 1) => ({ tiles: tiles[k], pixels: size[k], margin, gap });
  const length = (k: 0 | 1) => 2 * margin + tiles[k] * size[k] + (tiles[k] - 1) * gap + rest;
  const [width, height] = [length(0), length(1)];
  const data = new Uint8Array(4 * width * height).fill(255);
  const put = (x: number, y: number, light: number) =>
    data.fill(Math.round(255 * light), 4 * (y * width + x), 4 * (y * width + x) + 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) put(x, y, ground);
  startsOf(along(1)).forEach((top, row) => {
    startsOf(along(0)).forEach((left, column) => {
      for (let y = 0; y < size[1]; y++) {
        for (let x = 0; x < size[0]; x++) put(left + x, top + y, content(row * tiles[0] + column, x, y));
      }
    });
  });
  return { width, height, data };
}

/** A photograph: waves of some directions, a horizon and noise, each tile its own. */
const photograph: Content = (tile, x, y) => {
  const random = (k: number) => Math.abs(Math.sin(12.9898 * (tile + 1) + 78.233 * k) * 43758.5453) % 1;
  const waves = [1, 2, 3].map((k) => Math.sin(0.3 * random(k) * x + 0.3 * random(k + 3) * y + 6 * random(k + 6)));
  const horizon = y > 8 + 10 * random(10) + 0.3 * x ? 0.25 : 0;
  const noise = 0.04 * (Math.abs(Math.sin(x * 91.7 + y * 37.3 + tile) * 4375.85) % 1);
  return Math.min(
    1,
    Math.max(0, 0.3 + 0.4 * random(0) + 0.1 * waves.reduce((sum, wave) => sum + wave) + horizon + noise),
  );
};

const digits = digitsFrom(new Uint8Array(readFileSync("www/src/experiment/digits.npz")));

/** As MNIST's are: 20 pixels of ink in the middle of 28. */
const digit: Content = (tile, x, y) => {
  const [column, row] = [x - 4, y - 4].map((at) => Math.floor((at * 8) / 20));
  if (![column, row].every((at) => at !== undefined && at >= 0 && at < 8)) return 0;
  const pixel = digits.points[64 * (tile % 1797) + 8 * (row ?? 0) + (column ?? 0)] ?? -1;
  return pixel < -0.85 ? 0 : (pixel + 1) / 2;
};

const PHOTOGRAPHS: [string, Drawn][] = [
  ["no margin", { tiles: [10, 6], size: [32, 32] }],
  ["a frame around each", { tiles: [8, 8], size: [32, 32], margin: 2, gap: 2 }],
  ["white lines between", { tiles: [12, 5], size: [24, 24], gap: 1, ground: 1 }],
  ["a wide margin and narrow gaps", { tiles: [7, 9], size: [28, 28], margin: 10, gap: 4 }],
  ["a margin and no gaps", { tiles: [7, 9], size: [31, 31], margin: 9, ground: 1 }],
  ["a rest, and odd sizes", { tiles: [11, 7], size: [29, 23], margin: 3, gap: 3, rest: 8 }],
  ["one row", { tiles: [20, 1], size: [30, 36] }],
];

test.each(PHOTOGRAPHS)("the lattice of photographs is seen: %s", (_, lattice) => {
  const found = guessedSheet(sheetOf(lattice, photograph));
  const along = (k: 0 | 1) => {
    const isAlone = lattice.tiles[k] === 1;
    return {
      tiles: lattice.tiles[k],
      pixels: lattice.size[k],
      margin: lattice.margin ?? 0,
      gap: isAlone ? 0 : (lattice.gap ?? 0),
    };
  };
  expect(found).toEqual({ across: along(0), down: along(1) });
});

const DIGITS: [string, Drawn][] = [
  ["no margin", { tiles: [10, 10], size: [28, 28] }],
  ["frames of the same black", { tiles: [10, 10], size: [28, 28], margin: 2, gap: 2 }],
  ["white lines", { tiles: [16, 8], size: [28, 28], margin: 1, gap: 1, ground: 1 }],
  ["gaps of the same black", { tiles: [9, 13], size: [28, 28], gap: 5 }],
];

test.each(DIGITS)("the lattice of digits with blank rims is seen: %s", (_, lattice) => {
  const { margin = 0, gap = 0, tiles, size } = lattice;
  expect(guessedSheet(sheetOf(lattice, digit))).toEqual({
    across: { tiles: tiles[0], pixels: size[0], margin, gap },
    down: { tiles: tiles[1], pixels: size[1], margin, gap },
  });
});

test("in a photograph no lattice is seen, however large", () => {
  const uniform = uniforms();
  for (let photo = 0; photo < 12; photo++) {
    const size: [number, number] = [200 + Math.floor(100 * uniform()), 150 + Math.floor(100 * uniform())];
    const discs = Array.from(
      { length: 40 },
      () => [300 * uniform(), 250 * uniform(), 80 * uniform() ** 2, uniform()] as const,
    );
    const lightAt = (x: number, y: number) =>
      discs.findLast(([left, top, radius]) => Math.hypot(x - left, y - top) < radius)?.[3] ?? x / 300;
    const content: Content = (_, x, y) => 0.95 * lightAt(x, y) + 0.05 * uniform();
    expect(guessedSheet(sheetOf({ tiles: [1, 1], size }, content))).toBeNull();
  }
  const blank = sheetOf({ tiles: [1, 1], size: [200, 200] }, () => 0.5);
  expect(guessedSheet(blank)).toBeNull();
});

test("where none is seen, one begins with square tiles that leave nothing, or nearly", () => {
  const whole = (tiles: number, pixels: number) => ({ tiles, pixels, margin: 0, gap: 0 });
  expect(dividedSheet(280, 140)).toEqual({ across: whole(8, 35), down: whole(4, 35) });
  expect(dividedSheet(4000, 3000)).toEqual({ across: whole(8, 500), down: whole(6, 500) });
  expect(dividedSheet(101, 103)).toEqual({ across: whole(4, 25), down: whole(4, 25) });
});
