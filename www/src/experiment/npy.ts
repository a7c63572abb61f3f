// NumPy's .npy files, versions 1 to 3: one array of numbers, of which n rows of d are points.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import { msg } from "../language";
import type { NumberArray } from "./idx";
import { columnNames, FileError, type Table } from "./table";

const MAGIC = [0x93, ...[..."NUMPY"].map((c) => c.charCodeAt(0))];
/** Longer than any program writes for plain numbers. */
const MOST_HEADER_BYTES = 65_536;
/** More than anyone chooses two of. */
const MOST_READ_COLUMNS = 10_000;

type Read = (view: DataView, offset: number, isLittle: boolean) => number;

/** By the type's letter and its bytes, as NumPy writes them. */
const TYPES: Readonly<Record<string, { bytes: number; read: Read }>> = {
  f2: { bytes: 2, read: (view, offset, isLittle) => halfFrom(view.getUint16(offset, isLittle)) },
  f4: { bytes: 4, read: (view, offset, isLittle) => view.getFloat32(offset, isLittle) },
  f8: { bytes: 8, read: (view, offset, isLittle) => view.getFloat64(offset, isLittle) },
  i1: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  i2: { bytes: 2, read: (view, offset, isLittle) => view.getInt16(offset, isLittle) },
  i4: { bytes: 4, read: (view, offset, isLittle) => view.getInt32(offset, isLittle) },
  i8: { bytes: 8, read: (view, offset, isLittle) => Number(view.getBigInt64(offset, isLittle)) },
  u1: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  u2: { bytes: 2, read: (view, offset, isLittle) => view.getUint16(offset, isLittle) },
  u4: { bytes: 4, read: (view, offset, isLittle) => view.getUint32(offset, isLittle) },
  u8: { bytes: 8, read: (view, offset, isLittle) => Number(view.getBigUint64(offset, isLittle)) },
};

interface NumberType {
  bytes: number;
  read: Read;
  isLittle: boolean;
}

interface Header {
  type: NumberType;
  /** column after column */
  fortranOrder: boolean;
  shape: readonly number[];
}

/** IEEE 754's 16 bits: 1 of sign, 5 of exponent, 10 of fraction. */
function halfFrom(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** An array that is no table: a list, or more than two dimensions. Of a table the shape alone. */
export function arrayFromNpy(bytes: Uint8Array): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, end } = headerOf(view);
  const { type, fortranOrder, shape } = parseHeader(text);
  if (shape.length === 2 || shape.length === 0) return { shape, values: [] };
  const numbers = shape.reduce((product, length) => product * length, 1);
  checkLength(numbers * type.bytes, bytes.byteLength - end);
  if (fortranOrder && shape.length > 2) {
    throw new FileError(msg("The .npy array is in Fortran's order: write numpy.ascontiguousarray of it."));
  }
  if (type.read === TYPES.u1?.read) return { shape, values: bytes.subarray(end, end + numbers) };
  const at = (_: unknown, i: number) => type.read(view, end + type.bytes * i, type.isLittle);
  return { shape, values: Float32Array.from({ length: numbers }, at) };
}

function checkLength(needed: number, found: number): void {
  if (found >= needed) return;
  throw new FileError(
    msg(`The .npy file is cut short: its numbers take ${needed} bytes, of which ${found} are there.`),
  );
}

/** Of bytes that begin as a .npy file does. */
export function tableFromNpy(bytes: Uint8Array): Table {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, end } = headerOf(view);
  const { type, fortranOrder, shape } = parseHeader(text);
  // A plain list of numbers is one column.
  const [numRows = 0, numColumns = 1] = shape;
  if (shape.length !== 1 && shape.length !== 2) throw wrongShape(shape);
  if (numColumns > MOST_READ_COLUMNS) {
    throw new FileError(msg(`The .npy array has ${numColumns} columns; up to ${MOST_READ_COLUMNS} can be read.`));
  }
  checkLength(numRows * numColumns * type.bytes, bytes.byteLength - end);
  const names = columnNames(numColumns);
  const [perRow, perColumn] = fortranOrder ? [1, numRows] : [numColumns, 1];
  const read = (row: number, column: number) => {
    const value = type.read(view, end + type.bytes * (row * perRow + column * perColumn), type.isLittle);
    if (Number.isFinite(Math.fround(value))) return value;
    throw new FileError(msg(`Row ${row + 1}, column ${column + 1} is ${value}, which is not a finite 32-bit number.`));
  };
  return { names, numRows, isNumeric: () => true, read, cell: (row, column) => String(read(row, column)), notes: [] };
}

/** The header's text, and where the numbers begin. */
function headerOf(view: DataView): { text: string; end: number } {
  const cutShort = new FileError(msg("The .npy file is cut short: it ends within its header."));
  if (view.byteLength < 12) throw cutShort;
  const major = view.getUint8(6);
  if (major < 1 || major > 3) {
    throw new FileError(msg(`The .npy file has version ${major}.${view.getUint8(7)}; versions 1 to 3 can be read.`));
  }
  const [start, length] = major === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > MOST_HEADER_BYTES) {
    throw new FileError(msg(`The .npy header has ${length} bytes; up to ${MOST_HEADER_BYTES} can be read.`));
  }
  if (start + length > view.byteLength) throw cutShort;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, length);
  return { text: new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes), end: start + length };
}

/** Of a Python dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }. */
function parseHeader(text: string): Header {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === null || order === undefined || shape === undefined) {
    throw new FileError(msg("The .npy header can't be read: it must name descr, fortran_order and shape."));
  }
  const lengths = shape.match(/\d+/g) ?? [];
  return { type: typeOf(descr[1]), fortranOrder: order === "True", shape: lengths.map(Number) };
}

function typeOf(descr: string | undefined): Header["type"] {
  const name = descr?.slice(1) ?? "";
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  // A single byte has no order.
  const order = descr?.[0] ?? "";
  const isReadable = type !== undefined && ("<>".includes(order) || (type.bytes === 1 && order === "|"));
  if (isReadable) return { ...type, isLittle: order === "<" };
  const shown = descr === undefined ? msg("records") : `“${descr}”`;
  throw new FileError(
    msg(`The .npy file holds ${shown}; floating-point numbers of 16 to 64 bits and integers can be read.`),
  );
}

function wrongShape(shape: readonly number[]): FileError {
  return new FileError(
    msg(`The .npy array has the shape (${shape.join(", ")}); n rows of d numbers are needed, the shape (n, d).`),
  );
}

/** Points as a file of n rows of numbers, version 1: of 64 bits where 32 would change one of them. */
export function npyFrom(points: Float64Array, dim: number): Uint8Array {
  const isSingle = points.every((value) => Math.fround(value) === value);
  const size = isSingle ? 4 : 8;
  const shape = `(${points.length / dim}, ${dim})`;
  const header = `{'descr': '<f${size}', 'fortran_order': False, 'shape': ${shape}, }`;
  const before = MAGIC.length + 4;
  // The numbers begin at a multiple of 64 bytes.
  const length = Math.ceil((before + header.length + 1) / 64) * 64 - before;
  const bytes = new Uint8Array(before + length + size * points.length);
  bytes.set([...MAGIC, 1, 0, length % 256, Math.floor(length / 256)]);
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - 1)}\n`), before);
  const view = new DataView(bytes.buffer, before + length);
  for (const [i, value] of points.entries()) {
    if (isSingle) view.setFloat32(size * i, value, true);
    else view.setFloat64(size * i, value, true);
  }
  return bytes;
}
