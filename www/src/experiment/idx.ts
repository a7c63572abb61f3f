// MNIST's IDX files: two zero bytes, a type, how many dimensions, their lengths, and the numbers.
// https://yann.lecun.com/exdb/mnist/ names type 8 unsigned bytes, the only one that pictures and labels come in.
import { msg } from "../language";
import { FileError } from "./table";

const UNSIGNED_BYTES = 8;
const MOST_DIMENSIONS = 4;

export interface NumberArray {
  shape: readonly number[];
  /** the last dimension runs fastest */
  values: ArrayLike<number>;
}

export function isIdx(bytes: Uint8Array): boolean {
  const [zero, another, type, dimensions = 0] = bytes;
  const isSized = dimensions >= 1 && dimensions <= MOST_DIMENSIONS && bytes.length >= 4 + 4 * dimensions;
  return zero === 0 && another === 0 && type === UNSIGNED_BYTES && isSized;
}

/** Of bytes that begin as an IDX file does. */
export function arrayFromIdx(bytes: Uint8Array): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimensions = bytes[3] ?? 0;
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  const needed = shape.reduce((product, length) => product * length, 1);
  const values = bytes.subarray(4 + 4 * dimensions);
  if (values.length < needed) {
    throw new FileError(
      msg(`The IDX file is cut short: its numbers take ${needed} bytes, of which ${values.length} are there.`),
    );
  }
  return { shape, values: values.subarray(0, needed) };
}
