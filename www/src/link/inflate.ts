// Inflates what a stranger's link carries. A few bytes of deflate make a thousand times as many: they are fed bit by bit, and
// no further than to where they are too much.
import { Inflate } from "fflate";

/** Of these bytes none makes more than 66 kB. */
const PIECE_BYTES = 64;

/** Null where they make more than `most` bytes, or none. Throws where they are no whole deflate. */
export function inflatedUpTo(bytes: Uint8Array, most: number): Uint8Array<ArrayBuffer> | null {
  const room = new Uint8Array(most);
  let length = 0;
  let isWhole = false;
  const inflate = new Inflate((piece, isLast) => {
    if (length + piece.length <= most) room.set(piece, length);
    length += piece.length;
    isWhole = isLast;
  });
  for (let start = 0; start < bytes.length && length <= most; start += PIECE_BYTES) {
    const end = Math.min(bytes.length, start + PIECE_BYTES);
    inflate.push(bytes.subarray(start, end), end === bytes.length);
  }
  return length > most || !isWhole ? null : room.slice(0, length);
}
