import { expect, test } from "vitest";
import { planarPoints, pointsInFile } from "./files";
import { npyFrom } from "./npy";

interface Made {
  descr?: string;
  fortran?: boolean;
  shape?: string;
  version?: readonly [number, number];
  data?: ArrayBuffer;
}

const SIXTEEN = Float32Array.from({ length: 32 }, (_, i) => i * i - 40);

/** A file as NumPy writes it: the header padded to a multiple of 64 bytes. */
function npy({ descr = "<f4", fortran = false, shape = "(16, 2)", version = [1, 0], data }: Made = {}): Uint8Array {
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const start = version[0] === 1 ? 10 : 12;
  const length = Math.ceil((start + dictionary.length + 1) / 64) * 64 - start;
  const header = new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`);
  const body = new Uint8Array(data ?? (SIXTEEN.buffer as ArrayBuffer));
  const bytes = new Uint8Array(start + length + body.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), ...version]);
  const view = new DataView(bytes.buffer);
  if (version[0] === 1) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  bytes.set(header, start);
  bytes.set(body, start + length);
  return bytes;
}

function refusal(bytes: Uint8Array): string {
  try {
    pointsInFile(bytes);
  } catch (error) {
    expect((error as Error).name, String(error)).toBe("FileError");
    return (error as Error).message;
  }
  return "accepted";
}

test("every version and both orders are read", () => {
  for (const version of [1, 2, 3]) {
    expect(pointsInFile(npy({ version: [version, 0] }))).toEqual({
      kind: "points",
      points: Float64Array.from(SIXTEEN),
      columns: ["column 1", "column 2"],
      note: null,
    });
  }
  const columns = Float32Array.from({ length: 32 }, (_, i) => SIXTEEN[2 * (i % 16) + Math.floor(i / 16)] ?? 0);
  expect(pointsInFile(npy({ fortran: true, data: columns.buffer })).points).toEqual(Float64Array.from(SIXTEEN));
});

test.each([
  ["<f8", new Float64Array(32)],
  ["|i1", new Int8Array(32)],
  ["|u1", new Uint8Array(32)],
  ["<i2", new Int16Array(32)],
  ["<u2", new Uint16Array(32)],
  ["<i4", new Int32Array(32)],
  ["<u4", new Uint32Array(32)],
  ["<i8", new BigInt64Array(32)],
  ["<u8", new BigUint64Array(32)],
])("numbers of the type %s are read", (descr, array) => {
  for (let i = 0; i < 32; i++) array[i] = array instanceof Float64Array ? i / 3 : "map" in array ? cast(array, i) : 0;
  const expected = Float32Array.from({ length: 32 }, (_, i) => (descr === "<f8" ? i / 3 : i));
  expect(pointsInFile(npy({ descr, data: array.buffer as ArrayBuffer })).points).toEqual(Float64Array.from(expected));
});

function cast(array: ArrayLike<number> | BigInt64Array | BigUint64Array, i: number): never {
  return (array instanceof BigInt64Array || array instanceof BigUint64Array ? BigInt(i) : i) as never;
}

test("more than two columns are all read, or for a picture chosen from; the bytes may start anywhere", () => {
  const wide = npy({ shape: "(16, 3)", data: Float32Array.from({ length: 48 }, (_, i) => i).buffer });
  expect(pointsInFile(wide).columns).toHaveLength(3);
  expect([...pointsInFile(wide, { columns: [2, 0] }).points.slice(0, 4)]).toEqual([2, 0, 5, 3]);
  const names = ["column 1", "column 2", "column 3"];
  const choice = names.map((name, index) => ({ index, name, numeric: true, classes: null }));
  expect(planarPoints(wide)).toEqual({ kind: "choose", columns: choice });
  const within = new Uint8Array(wide.length + 5);
  within.set(wide, 5);
  expect(pointsInFile(within.subarray(5))).toEqual(pointsInFile(wide));
  expect(pointsInFile(wide.buffer as ArrayBuffer)).toEqual(pointsInFile(wide));
});

test("one column is points on a line, of whichever shape", () => {
  const column = pointsInFile(npy({ shape: "(32, 1)" }));
  expect([column.columns, column.points.length]).toEqual([["column 1"], 32]);
  expect(pointsInFile(npy({ shape: "(32,)" }))).toEqual(column);
});

test("what can't be used is said in one sentence", () => {
  expect(refusal(npy({ shape: "()" }))).toMatch(/^The .npy array has the shape \(\)/);
  expect(refusal(npy({ shape: "(4, 4, 2)" }))).toMatch(/^The .npy array has the shape \(4, 4, 2\)/);
  for (const descr of ["=f4", "|f4", "<c8", "|b1", "<U3", "|O", "", "<toString"]) {
    expect(refusal(npy({ descr }))).toMatch(/^The .npy file holds “/);
  }
  expect(refusal(npy({ version: [4, 0] }))).toBe("The .npy file has version 4.0; versions 1 to 3 can be read.");
  expect(refusal(npy({ shape: "(17, 2)" }))).toBe(
    "The .npy file is cut short: its numbers take 136 bytes, of which 128 are there.",
  );
  expect(refusal(npy({ shape: "(99999999999999999999, 2)" }))).toMatch(/^The .npy file is cut short/);
  expect(refusal(npy({ shape: "(0, 99999999999)" }))).toMatch(/^The .npy array has 99999999999 columns/);
  expect(refusal(npy({ shape: "(0, 2)" }))).toMatch(/^The file is empty/);
  expect(refusal(npy({ shape: "(15, 2)" }))).toBe("The file has 15 points; at least 16 are needed.");
  expect(refusal(npy({ shape: "16, 2" }))).toMatch(/^The .npy header can't be read/);
  const notFinite = SIXTEEN.slice();
  notFinite[5] = Number.NaN;
  expect(refusal(npy({ data: notFinite.buffer }))).toBe("Row 3, column 2 is NaN, which is not a finite 32-bit number.");
  const huge = Float64Array.from({ length: 32 }, (_, i) => (i === 0 ? 1e39 : i));
  expect(refusal(npy({ descr: "<f8", data: huge.buffer }))).toMatch(/^Row 1, column 1 is 1e\+39/);
});

test("a header that claims to be huge is refused before it is read", () => {
  const bytes = npy({ version: [2, 0] });
  new DataView(bytes.buffer).setUint32(8, 0xffff_ffff, true);
  expect(refusal(bytes)).toBe("The .npy header has 4294967295 bytes; up to 65536 can be read.");
  new DataView(bytes.buffer).setUint32(8, 60_000, true);
  expect(refusal(bytes)).toBe("The .npy file is cut short: it ends within its header.");
});

test("cut anywhere, or with any byte of its head changed, a file is read or refused in a sentence", () => {
  const whole = npy();
  for (let length = 0; length < whole.length; length++) {
    expect(refusal(whole.subarray(0, length))).toMatch(/^The .*\.$|^This is not a text file.*\.$/);
  }
  for (let at = 0; at < whole.length - 128; at++) {
    for (const value of [0, 39, 44, 57, 255]) {
      const changed = whole.slice();
      changed[at] = value;
      expect(refusal(changed)).toMatch(/^(accepted|.*\.)$/);
    }
  }
});

test("points are written as NumPy writes them, in 64 bits where 32 are too few", () => {
  expect(npyFrom(Float64Array.from(SIXTEEN), 2)).toEqual(npy());
  const far = Float64Array.from(SIXTEEN, (value) => 1_700_000_001 + value / 8);
  expect(npyFrom(far, 2)).toEqual(npy({ descr: "<f8", data: far.buffer }));
  expect(pointsInFile(npyFrom(far, 2)).points).toEqual(far);
});
