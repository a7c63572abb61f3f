// Bytes as text: the encodings that spreadsheets and instruments write, with their byte order mark or without.
import { msg } from "../language";
import { FileError } from "./table";

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];
/** How much is looked at to tell text from what is none. */
const SAMPLE = 4096;

export function textFromBytes(bytes: Uint8Array): string {
  const text = decoded(bytes);
  const sample = text.slice(0, SAMPLE);
  // Text has no control characters but tab, line ends and an old end of file; an image or an archive has.
  const strange = [...sample].filter((c) => c === "\ufffd" || (c < " " && !"\t\n\r\f\x1a".includes(c))).length;
  if (strange > 0.01 * sample.length) {
    throw new FileError(
      msg("This is not a text file (it looks like an image or an archive): a CSV, TSV, JSON or .npy file is needed."),
    );
  }
  return text;
}

function decoded(bytes: Uint8Array): string {
  const marked = MARKS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))?.[0];
  const encoding = marked ?? utf16WithoutMark(bytes);
  if (encoding !== null) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // The "ANSI" of Windows: every byte is some character, and a table's numbers are the same in all of its kind.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Numbers in 16 bits have a zero in every other byte. */
function utf16WithoutMark(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, SAMPLE) & ~1;
  for (let i = 0; i < length; i++) {
    if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  const most = 0.9 * (length / 2);
  if (length < 4) return null;
  if (odd > most && even < 1) return "utf-16le";
  return even > most && odd < 1 ? "utf-16be" : null;
}
