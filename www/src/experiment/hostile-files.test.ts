// Two thousand files that were cut, changed and mixed: each is read or refused in one sentence, and nothing else happens.
import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { planarPoints, pointsInFile } from "./files";
import { FileError } from "./table";

interface Case {
  text?: string;
  rows?: string;
  times?: number;
  tail?: string;
  base64?: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../tests/vectors/point-files.json", import.meta.url), "utf8"),
) as { cases: Case[] };

/** Long ones take their time and hold nothing else. */
const MOST_BYTES = 4000;
const WHOLE = cases.map(bytesOf).filter(({ length }) => length < MOST_BYTES);
const BYTES = [...'\0\n",;.#=[{9eNPK'].map((one) => one.charCodeAt(0)).concat(0xff, 0x80);

function bytesOf({ base64, text = "", rows = "", times = 0, tail = "" }: Case): Uint8Array {
  if (base64 !== undefined) return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  return new TextEncoder().encode(text + rows.repeat(times) + tail);
}

/** Whole numbers below a bound (mulberry32). */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Cut, with a byte changed or put in, or a piece of another file. */
function damaged(whole: Uint8Array, below: (bound: number) => number): Uint8Array {
  let bytes = whole;
  for (let change = below(4); change >= 0; change--) {
    const at = below(bytes.length + 1);
    const byte = BYTES[below(BYTES.length)] ?? 0;
    const other = WHOLE[below(WHOLE.length)] ?? bytes;
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const kinds = [[...before], [...before, byte, ...after], [...before, byte, ...after.subarray(1)]];
    bytes = Uint8Array.from(kinds[below(4)] ?? [...before, ...other.subarray(0, below(200)), ...after]);
  }
  return bytes;
}

function expectSound(read: () => ReturnType<typeof planarPoints>): void {
  try {
    const found = read();
    if (found.kind === "points") expect(found.points.every((value) => Number.isFinite(Math.fround(value)))).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toMatch(/^[^\n]*\.$/s);
  }
}

test("two thousand hostile files are read, asked about, or refused in a sentence", () => {
  const below = random(16);
  for (let i = 0; i < 2000; i++) {
    const bytes = damaged(WHOLE[i % WHOLE.length] ?? new Uint8Array(), below);
    expectSound(() => planarPoints(bytes));
    expectSound(() => pointsInFile(bytes));
  }
});

test("an archive that unpacks to more than it says, or than anyone needs, is refused", () => {
  const bomb = zipSync({ "points.npy": new Uint8Array(300 * 2 ** 20) }, { level: 1 });
  expect(() => pointsInFile(bomb)).toThrow("The .npz file unpacks to more than 256 MB.");
  // The size is in the directory at the end: there it can be anything.
  const view = new DataView(bomb.buffer);
  const directory = bomb.length - 22 - 46 - "points.npy".length;
  expect(view.getUint32(directory, true)).toBe(0x02014b50);
  view.setUint32(directory + 24, 1000, true);
  expect(() => pointsInFile(bomb)).toThrow(FileError);
});
