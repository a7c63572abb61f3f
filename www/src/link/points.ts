// Drawn or uploaded points in a link, to the last bit, so that what is trained on them is the same to the last bit too.
import { deflateSync } from "fflate";
import { type Labels, MOST_CLASSES } from "../experiment/labels";
import { FEWEST_POINTS, MOST_LINKED, MOST_PIXELS } from "../experiment/limits";
import type { Observed } from "../experiment/observed";
import { differences, joined, originsOf } from "../experiment/origins";
import { msg } from "../language";
import type { Shared } from "../state/shared";
import { type Codec, Refusal } from "./codec";
import { inflatedUpTo } from "./inflate";

type Points = NonNullable<Shared["user"]>;

const MOST_NAME = 80;
const BYTES = Float32Array.BYTES_PER_ELEMENT;
const WHAT = msg("points as “Copy link” writes them");

/**
 * The name, the columns' names, and the coordinates: bytes of equal place together, which deflate better. Then where each
 * column begins, unless all do at 0; and where points have classes, the classes' names and each point's number; and where a
 * number is observed of them, its name, as coordinates, and where it begins.
 */
export const points: Codec<Points> = {
  write: ({ name, points, columns, labels, observed }) => {
    const names = [named(name), columns.map(named).join("\n")];
    const { coordinates, origins } = packed(points, columns.length);
    const isAtZero = origins.every((origin) => origin === 0) && labels === undefined && observed === undefined;
    const begins = isAtZero ? [] : [origins.join("\n")];
    const classes = labels === undefined ? [] : writtenLabels(labels);
    const numbers = observed === undefined ? [] : writtenObserved(observed);
    const told = [...begins, ...classes, ...numbers];
    return [...names.map(encodeURIComponent), coordinates, ...told.map(encodeURIComponent)].join(",");
  },
  read: (text) => {
    const [name, columnNames, coordinates, begins, ...told] = text.split(",").map(decoded);
    if (name === undefined || columnNames === undefined || coordinates === undefined) {
      throw new Refusal(WHAT);
    }
    const columns = columnNames.split("\n");
    const origins = begins?.split("\n").map(numberOf) ?? columns.map(() => 0);
    if (origins.length !== columns.length) throw new Refusal(WHAT);
    const points = joined(inflated(coordinates), origins);
    const fits = columns.length <= MOST_PIXELS && points.length % columns.length === 0;
    const isNamed = [name, ...columns].every((one) => one === named(one));
    const areEnough = points.length >= FEWEST_POINTS * columns.length && points.every(Number.isFinite);
    if (!fits || !isNamed || !areEnough || (begins !== undefined && !beginAt(points, origins))) throw new Refusal(WHAT);
    return { name, points, columns, ...readTold(told, points.length / columns.length) };
  },
};

/** Whether it is from there that differences were written: from elsewhere, what is read would be written as other numbers. */
function beginAt(points: Float64Array, origins: readonly number[]): boolean {
  return originsOf(points, origins.length).every((origin, j) => origin === origins[j]);
}

/** Nothing, what classes are written as, what numbers are, or both. */
function readTold(told: readonly string[], numPoints: number): Pick<Points, "labels" | "observed"> {
  if (![0, 2, 3, 5].includes(told.length)) throw new Refusal(WHAT);
  const [classNames = "", numbers = ""] = told;
  const labels = told.length === 2 || told.length === 5 ? { labels: readLabels(classNames, numbers, numPoints) } : {};
  return told.length < 3 ? labels : { ...labels, observed: readObserved(told.slice(-3), numPoints) };
}

function writtenObserved({ column, of }: Observed): string[] {
  const { coordinates, origins } = packed(of, 1);
  return [named(column), coordinates, origins.join("\n")];
}

function readObserved([column = "", numbers = "", begin = ""]: readonly string[], numPoints: number): Observed {
  const of = joined(inflated(numbers), [numberOf(begin)]);
  const fits = of.length === numPoints && of.every(Number.isFinite) && beginAt(of, [numberOf(begin)]);
  if (column !== named(column) || !fits) throw new Refusal(WHAT);
  return { column, of };
}

/** The column's name and those of the classes; then a byte a point, deflated. */
function writtenLabels({ column, classes, of }: Labels): string[] {
  return [[column, ...classes].map(named).join("\n"), base64(deflateSync(Uint8Array.from(of), { level: 9 }))];
}

function readLabels(names: string, numbers: string, numPoints: number): Labels {
  const [column = "", ...classes] = names.split("\n");
  const bytes = inflatedOrRefused(numbers);
  const isNamed = [column, ...classes].every((one) => one === named(one));
  const fits = classes.length >= 2 && classes.length <= MOST_CLASSES && bytes?.length === numPoints;
  if (bytes === null || !fits || !isNamed || bytes.some((number) => number >= classes.length)) throw new Refusal(WHAT);
  return { column, classes, of: Uint32Array.from(bytes) };
}

/** A file's or a column's name on one line, cut to what a link has room for, without halves of characters. */
function named(name: string): string {
  const characters = Array.from(name.replace(/\s+/g, " "), (one) => (/^[\ud800-\udfff]$/.test(one) ? "\ufffd" : one));
  return characters.slice(0, MOST_NAME).join("");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(WHAT);
  }
}

interface Packed {
  coordinates: string;
  origins: readonly number[];
}

const known = new WeakMap<Float64Array, Packed>();

/** Once for the same points: the address is written every second. */
function packed(points: Float64Array, dim: number): Packed {
  const before = known.get(points);
  if (before !== undefined) return before;
  const origins = originsOf(points, dim);
  const bytes = transposed(bytesOf(differences(points, origins)), BYTES);
  const found = { coordinates: base64(deflateSync(bytes, { level: 9 })), origins };
  known.set(points, found);
  return found;
}

/** A number as it is written, and no other text. */
function numberOf(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(Math.fround(value)) || String(value) !== text) throw new Refusal(WHAT);
  return value;
}

function inflated(coordinates: string): Float32Array {
  const bytes = inflatedOrRefused(coordinates);
  if (bytes === null || bytes.length % BYTES !== 0) throw new Refusal(WHAT);
  return new Float32Array(transposed(bytes, bytes.length / BYTES).buffer);
}

function inflatedOrRefused(coordinates: string): Uint8Array | null {
  try {
    return inflatedUpTo(bytesOfBase64(coordinates), MOST_LINKED * BYTES);
  } catch {
    throw new Refusal(WHAT);
  }
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A table of bytes, `columns` in a row, with its columns as rows. */
function transposed(bytes: Uint8Array, columns: number): Uint8Array<ArrayBuffer> {
  const rows = bytes.length / columns;
  return Uint8Array.from(bytes, (_, i) => bytes[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}

function base64(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytesOfBase64(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
