// An archive of NumPy's (.npz) with one array. https://numpy.org/doc/stable/reference/generated/numpy.savez.html
import { unzipSync } from "fflate";
import { msg } from "../language";
import { FileError, shown } from "./table";

const BEGINS = [0x50, 0x4b, 0x03, 0x04];

export function isZip(bytes: Uint8Array): boolean {
  return BEGINS.every((byte, i) => bytes[i] === byte);
}

/** The bytes of the .npy file in it, which unpack to `mostBytes` at the most. */
export function npyFromNpz(bytes: Uint8Array, mostBytes: number): Uint8Array {
  const names: string[] = [];
  let isTooLarge = false;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
    names.push(name);
    isTooLarge ||= originalSize > mostBytes;
    return name.endsWith(".npy") && names.length === 1 && !isTooLarge;
  };
  const files = unzipped(bytes, filter);
  const arrays = names.filter((name) => name.endsWith(".npy")).map((name) => name.slice(0, -".npy".length));
  if (names.includes("xl/workbook.xml")) {
    throw new FileError(msg("This is an Excel workbook: save the sheet as CSV, and open that."));
  }
  if (arrays.length === 0)
    throw new FileError(msg("This archive holds no NumPy array: unpack it, and open a file of it."));
  if (arrays.length > 1 || names.length > 1) {
    throw new FileError(msg(`The .npz file holds ${names.length} arrays (${few(arrays)}); one can be read.`));
  }
  if (isTooLarge) throw new FileError(msg(`The .npz file unpacks to more than ${mostBytes / 2 ** 20} MB.`));
  const [file] = Object.values(files);
  if (file === undefined) throw broken();
  return file;
}

/** All of its .npy files; none where it holds anything else, or unpacks to more. */
export function npysFromNpz(bytes: Uint8Array, mostBytes: number): Uint8Array[] {
  let left = mostBytes;
  let isOther = false;
  const files = unzipped(bytes, ({ name, originalSize }) => {
    left -= originalSize;
    isOther ||= !name.endsWith(".npy") || left < 0;
    return !isOther;
  });
  return isOther ? [] : Object.values(files);
}

function unzipped(bytes: Uint8Array, filter: NonNullable<Parameters<typeof unzipSync>[1]>["filter"]) {
  try {
    return unzipSync(bytes, { filter: filter as NonNullable<typeof filter> });
  } catch {
    throw broken();
  }
}

function few(names: readonly string[]): string {
  return names.slice(0, 4).map(shown).join(", ") + (names.length > 4 ? ", …" : "");
}

function broken(): FileError {
  return new FileError(msg("The .npz file is damaged: it can't be unpacked."));
}
