// The 1,797 handwritten digits of the UCI optical recognition set, of 8 × 8 pixels, and their codes on a plane: fetched when they
// are chosen.
import { msg } from "../language";
import { tableFromNpy } from "./npy";
import { npyFromNpz } from "./npz";
import { uniforms } from "./pictures";

/**
 * Where they are, wherever this module was loaded from: rows of 64 pixels of 0 (paper) to 16 (ink), or of the two coordinates that
 * `crate/examples/plane.rs` wrote, and the digit.
 */
const URLS: Readonly<Record<string, string>> = import.meta.glob(["./digits.npz", "./digit-codes.npy"], {
  query: "?url",
  import: "default",
  eager: true,
});

const PIXELS = 64;
const LEVELS = 17;
const MOST_BYTES = 1 << 20;
const CLASSES = Array.from({ length: 10 }, (_, digit) => String(digit));

export interface LabelledDigits {
  /** flat, pixels from -1 to 1 or codes */
  points: Float64Array;
  dim: number;
  labels: Uint32Array;
  classes: readonly string[];
}

export async function fetchedDigits(): Promise<LabelledDigits> {
  return digitsFrom(await fetchedFile(URLS["./digits.npz"]));
}

export async function fetchedCodes(): Promise<LabelledDigits> {
  return codesFrom(await fetchedFile(URLS["./digit-codes.npy"]));
}

export async function fetchedFile(url = ""): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(msg(`the answer is ${response.status}.`));
  return new Uint8Array(await response.arrayBuffer());
}

export function codesFrom(npy: Uint8Array): LabelledDigits {
  const { numRows, read } = tableFromNpy(npy);
  const points = Float64Array.from({ length: 2 * numRows }, (_, i) => read(Math.floor(i / 2), i % 2));
  const labels = Uint32Array.from({ length: numRows }, (_, row) => read(row, 2));
  return { points, dim: 2, labels, classes: CLASSES };
}

/** Each level is spread evenly over its share of the range, by numbers that are always the same: so they have a density. */
export function digitsFrom(npz: Uint8Array): LabelledDigits {
  const { numRows, read } = tableFromNpy(npyFromNpz(npz, MOST_BYTES));
  const uniform = uniforms();
  const points = Float64Array.from({ length: numRows * PIXELS }, (_, i) => {
    const level = read(Math.floor(i / PIXELS), i % PIXELS);
    return (2 * (level + uniform())) / LEVELS - 1;
  });
  const labels = Uint32Array.from({ length: numRows }, (_, row) => read(row, PIXELS));
  return { points, dim: PIXELS, labels, classes: CLASSES };
}
