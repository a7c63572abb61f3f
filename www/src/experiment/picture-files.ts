// Files of pictures as points: MNIST's IDX files, NumPy's arrays of n pictures, and pictures one a file. What was done to them
// is said; a file that is none is named and left out.
import { gunzipSync } from "fflate";
import { msg, num } from "../language";
import type { FilePoints } from "./files";
import { arrayFromIdx, isIdx, type NumberArray } from "./idx";
import { FEWEST_OF_CLASS, type Labels, MOST_CLASSES } from "./labels";
import { FEWEST_POINTS } from "./limits";
import { arrayFromNpy, isNpy } from "./npy";
import { isZip, npysFromNpz } from "./npz";
import { pixelNames, uniforms } from "./pictures";
import { isOnPaper, type Raster, rasterOf, sideFor, squared } from "./raster";
import type { SheetPixels, Tiling } from "./sheets";
import { FileError, shown } from "./table";
import { tilesOf } from "./tiles";

export interface PictureFile {
  blob: Blob;
  name: string;
  /** the folder that it lay in, which tells its class; empty where it lay in none */
  folder?: string;
}

/** Of a compressed picture: its pixels, or nothing where it can't be read. */
export type Decode = (blob: Blob) => Promise<Raster | null>;

/** Points of 64 bits: 80 MB of them. */
const MOST_PIXEL_VALUES = 10_000_000;
const MOST_BYTES = 256 * 2 ** 20;
/** Smaller arrays of three dimensions are no pictures. */
const FEWEST_PIXELS = 5;
const MOST_NAMED = 3;

interface Gathered {
  pictures: Raster[];
  /** one a picture, where there are some */
  labels: string[];
  arrays: { pictures: boolean; labels: NumberArray | null };
  skipped: string[];
}

/** Null where one file is a table, or anything else that others read. */
export async function picturesInFiles(files: readonly PictureFile[], decode: Decode): Promise<FilePoints | null> {
  const found: Gathered = { pictures: [], labels: [], arrays: { pictures: false, labels: null }, skipped: [] };
  for (const file of files) await readInto(found, file, decode);
  const { pictures, skipped } = found;
  if (pictures.length === 0 && files.length === 1) return null;
  if (pictures.length < FEWEST_POINTS) {
    const without = skipped.length === 0 ? "" : ` ${skippedNote(skipped)}`;
    const count =
      pictures.length === 1
        ? msg(`There is 1 picture; at least ${FEWEST_POINTS} are needed.`)
        : msg(`There are ${pictures.length} pictures; at least ${FEWEST_POINTS} are needed.`);
    const sentence = `${count}${without}`;
    throw files.length === 1 && !found.arrays.pictures ? new OnePicture(sentence) : new FileError(sentence);
  }
  return pointsFrom(found);
}

/** It may be a sheet of more. */
export class OnePicture extends FileError {}

/** Of a picture that was said to be such a sheet. */
export function picturesInSheet(pixels: SheetPixels, sheet: Tiling): FilePoints {
  const { tiles: pictures, numBlank } = tilesOf(pixels, sheet);
  const blank = numBlank === 1 ? msg("1 blank tile of the sheet") : msg(`${numBlank} blank tiles of the sheet`);
  if (pictures.length < FEWEST_POINTS) {
    throw new FileError(
      numBlank === 0
        ? msg(`There are ${pictures.length} pictures; at least ${FEWEST_POINTS} are needed.`)
        : msg(`There are ${pictures.length} pictures without ${blank}; at least ${FEWEST_POINTS} are needed.`),
    );
  }
  const found = { pictures, labels: [], arrays: { pictures: true, labels: null }, skipped: [] };
  const points = pointsFrom(found);
  return numBlank === 0 ? points : { ...points, note: msg(`${points.note} Left out: ${blank}.`) };
}

async function readInto(found: Gathered, { blob, name, folder = "" }: PictureFile, decode: Decode): Promise<void> {
  const arrays = arraysIn(await contentOf(blob));
  const pictures = arrays.filter(({ shape }) => isPictures(shape));
  const labels = arrays.filter(({ shape }) => shape.length === 1);
  if (pictures.length + labels.length > 0) {
    for (const array of pictures) found.pictures.push(...picturesOf(array));
    found.arrays.pictures ||= pictures.length > 0;
    found.arrays.labels ??= labels[0] ?? null;
    return;
  }
  const raster = arrays.length === 0 && blob.size <= MOST_BYTES ? await decode(blob) : null;
  if (raster === null) {
    found.skipped.push(name);
    return;
  }
  found.pictures.push(raster);
  found.labels.push(folder);
}

async function contentOf(blob: Blob): Promise<Uint8Array> {
  if (blob.size > MOST_BYTES) return new Uint8Array();
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const view = new DataView(bytes.buffer);
  // What it unpacks to stands at its end.
  if (view.getUint32(bytes.length - 4, true) > MOST_BYTES) return new Uint8Array();
  try {
    return gunzipSync(bytes);
  } catch {
    return new Uint8Array();
  }
}

function arraysIn(bytes: Uint8Array): NumberArray[] {
  if (isIdx(bytes)) return [arrayFromIdx(bytes)];
  if (isNpy(bytes)) return [arrayFromNpy(bytes)];
  return isZip(bytes) ? npysFromNpz(bytes, MOST_BYTES).map(arrayFromNpy) : [];
}

/** [n, h, w], or [n, h, w, 1 or 3 or 4]. */
function isPictures([, height = 0, width = 0, channels = 1, ...rest]: readonly number[]): boolean {
  const isColored = [1, 3, 4].includes(channels) && rest.length === 0;
  return height >= FEWEST_PIXELS && width >= FEWEST_PIXELS && isColored;
}

function picturesOf({ shape, values }: NumberArray): Raster[] {
  const [n = 0, height = 0, width = 0, channels = 1] = shape;
  const toLight = lightOf(values);
  const size = height * width * channels;
  return Array.from({ length: n }, (_, i) => {
    const pixels = Float32Array.from({ length: size }, (_, k) => toLight(values[i * size + k] ?? 0));
    return rasterOf(pixels, channels, width, height);
  });
}

/** Whole grays as far as they go, to 1, 16 or 255, and fractions from 0 or -1 to 1. */
function lightOf(values: ArrayLike<number>): (value: number) => number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least < -1 || most > 255 || (least < 0 && most > 1)) {
    throw new FileError(
      msg(`The pictures' pixels go from ${least} to ${most}; from 0 or -1 to 1, 0 to 16 or 0 to 255 can be read.`),
    );
  }
  if (least < 0) return (value) => (value + 1) / 2;
  const top = [1, 16, 255].find((white) => most <= white) ?? 255;
  return (value) => value / top;
}

function pointsFrom(found: Gathered): FilePoints {
  const { pictures, skipped } = found;
  const side = pictures.reduce((largest, raster) => Math.max(largest, sideFor(raster)), 0);
  const colors = 2 * pictures.filter((raster) => raster.colors !== null).length > pictures.length ? 3 : 1;
  const onPaper = colors === 1 && 2 * pictures.filter(isOnPaper).length > pictures.length;
  const dim = side ** 2 * colors;
  const kept = thinned(pictures.length, Math.floor(MOST_PIXEL_VALUES / dim));
  const points = new Float64Array(kept.length * dim);
  const uniform = uniforms();
  kept.forEach((from, i) => {
    const raster = pictures[from];
    if (raster === undefined) return;
    const pixels = colors === 3 ? lights(raster, side) : squared(raster, side, onPaper);
    pixels.forEach((value, k) => {
      points[i * dim + k] = Math.fround((2 * (255 * value + uniform())) / 256 - 1);
    });
  });
  const { labels, note } = labelsOf(found, kept);
  const resized = pictures.some(({ width, height }) => width !== side || height !== side);
  const count = num(pictures.length.toLocaleString("en-US"));
  const shades = colors === 3 ? msg("in color, each of red, green and blue") : msg("of gray, each gray");
  const notes = [
    resized
      ? msg(`${count} pictures were made ${side} × ${side} pixels ${shades} spread evenly over its 256th.`)
      : msg(`${count} pictures of ${side} × ${side} pixels ${shades} spread evenly over its 256th.`),
    ...(onPaper ? [msg("They are dark on bright: dark is ink.")] : []),
    ...(kept.length < pictures.length
      ? [msg(`They were thinned evenly to ${num(kept.length.toLocaleString("en-US"))}.`)]
      : []),
    ...note,
    ...(skipped.length > 0 ? [skippedNote(skipped)] : []),
  ];
  return {
    kind: "points",
    points,
    columns: pixelNames({ side, colors }),
    ...(labels && { labels }),
    note: notes.join(" "),
  };
}

/** Red, green and blue of each pixel, on white. */
function lights({ colors, light, ...size }: Raster, side: number): Float32Array {
  const all = colors?.map((color) => Float32Array.from(color, (byte) => byte / 255)) ?? [light, light, light];
  const channels = all.map((one) => squared({ ...size, light: one }, side, true));
  return Float32Array.from({ length: 3 * side ** 2 }, (_, i) => 1 - (channels[i % 3]?.[Math.floor(i / 3)] ?? 0));
}

function thinned(n: number, most: number): number[] {
  const kept = Math.min(n, most);
  return Array.from({ length: kept }, (_, i) => Math.floor((i * n) / kept));
}

/** From the labels' file, or the folders that pictures lay in. */
function labelsOf(
  { pictures, labels: folders, arrays }: Gathered,
  kept: readonly number[],
): { labels?: Labels; note: string[] } {
  const given = arrays.labels;
  if (given !== null && given.values.length !== pictures.length) {
    return { note: [msg(`The ${given.values.length} labels are left out: there are ${pictures.length} pictures.`)] };
  }
  if (given === null && (arrays.pictures || folders.every((folder) => folder === folders[0]))) return { note: [] };
  const all = given === null ? folders : Array.from(given.values, String);
  const names = kept.map((i) => all[i] ?? "");
  const classes = [...new Set(names)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const of = Uint32Array.from(names, (name) => numbers.get(name) ?? 0);
  const counts = new Map<number, number>();
  for (const one of of) counts.set(one, (counts.get(one) ?? 0) + 1);
  if (classes.length < 2 || classes.length > MOST_CLASSES || Math.min(...counts.values()) < FEWEST_OF_CLASS) {
    return {
      note: [
        msg(`Their labels are left out: 2 to ${MOST_CLASSES} classes of ${FEWEST_OF_CLASS} pictures each are needed.`),
      ],
    };
  }
  const column = given === null ? "folder" : "label";
  return { labels: { column, classes: classes.map(shown), of }, note: [] };
}

function skippedNote(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? msg(` and ${names.length - MOST_NAMED} more`) : "";
  return msg(
    `Left out, since they can't be read as pictures: ${names.slice(0, MOST_NAMED).map(shown).join(", ")}${more}.`,
  );
}
