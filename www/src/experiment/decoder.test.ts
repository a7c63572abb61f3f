import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import vectors from "../../../tests/vectors/decoder.json";
import { ERROR_OF_CODES, ERRORS_OF_CODES } from "./codes";
import { decoderFrom } from "./decoder";
import { codesFrom } from "./digits";
import { tableFromNpy } from "./npy";
import { npyFromNpz } from "./npz";

function file(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, import.meta.url)));
}

const PIXELS = 64;
const DECODER = decoderFrom(file("digit-decoder.npy"));
const CODES = codesFrom(file("digit-codes.npy"));
const DIGITS = tableFromNpy(npyFromNpz(file("digits.npz"), 1 << 20));
const NUMBERS = Array.from({ length: DIGITS.numRows }, (_, i) => i);
const TESTED = NUMBERS.filter((i) => i % 5 === 4);

function inkOf(digit: number): number[] {
  return Array.from({ length: PIXELS }, (_, p) => DIGITS.read(digit, p) / 16);
}

/** The root mean square over pixels, of digits to what is found in their place. */
function errorOf(digits: readonly number[], found: (digit: number) => ArrayLike<number>): number {
  const squares = digits.flatMap((digit) => inkOf(digit).map((ink, p) => (ink - (found(digit)[p] ?? 0)) ** 2));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

test("the decoder draws what the native one does", () => {
  const ink = DECODER.decode(Float64Array.from(vectors.codes));
  expect(ink.length).toBe(vectors.ink.length);
  ink.forEach((value, p) => {
    expect(Math.abs(value - (vectors.ink[p] ?? 0))).toBeLessThan(1e-5);
  });
});

test("each digit has its code, with its label, and codes have mean 0 and variance 1", () => {
  expect(CODES.points.length).toBe(2 * DIGITS.numRows);
  expect([...CODES.labels]).toEqual(NUMBERS.map((digit) => DIGITS.read(digit, PIXELS)));
  for (const coordinate of [0, 1]) {
    const values = CODES.points.filter((_, i) => i % 2 === coordinate);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length).toBeCloseTo(1, 1);
  }
});

test("held-out digits are as far from what their codes decode to as is said, and much nearer than the mean", () => {
  const decoded = errorOf(TESTED, (digit) => DECODER.decode(CODES.points.subarray(2 * digit, 2 * digit + 2)));
  const learned = NUMBERS.filter((i) => i % 5 !== 4).map(inkOf);
  const mean = Array.from(
    { length: PIXELS },
    (_, p) => learned.reduce((sum, ink) => sum + (ink[p] ?? 0), 0) / learned.length,
  );
  expect(decoded).toBeCloseTo(ERRORS_OF_CODES.decoded, 2);
  expect(errorOf(TESTED, () => mean)).toBeCloseTo(ERRORS_OF_CODES.mean, 2);
  for (const error of Object.values(ERRORS_OF_CODES)) expect(ERROR_OF_CODES).toContain(String(error));
});

test("neighbors decode alike: across the plane no pixel's step is a leap", () => {
  const steps = 400;
  for (const way of [0, 1]) {
    const at = (k: number) => Float64Array.of(...(way === 0 ? [(8 * k) / steps - 4, 0.3] : [0.3, (8 * k) / steps - 4]));
    for (let k = 0; k < steps; k++) {
      const [here, there] = [DECODER.decode(at(k)), DECODER.decode(at(k + 1))];
      expect(Math.max(...here.map((ink, p) => Math.abs(ink - (there[p] ?? 0))))).toBeLessThan(0.25);
    }
  }
});

test("both files together are of at most 30 kB", () => {
  expect(file("digit-decoder.npy").length + file("digit-codes.npy").length).toBeLessThan(30_000);
});
