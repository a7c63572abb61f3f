// Every case of tests/vectors/picture-files.json, which the native runner reads too.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type PictureFile, picturesInFiles, picturesInSheet } from "./picture-files";
import { rasterOf } from "./raster";
import type { Tiling } from "./sheets";

interface Case {
  name: string;
  /** how pictures lie on the one file */
  sheet?: Tiling;
  files: { name: string; base64: string; folder?: string; width?: number; height?: number; rgba?: string }[];
  found: unknown;
}

const FILE = new URL("../../../tests/vectors/picture-files.json", import.meta.url);
const CASES: Case[] = JSON.parse(readFileSync(FILE, "utf8")).cases;

async function found({ files, sheet }: Case): Promise<unknown> {
  const pixels = new Map<Blob, Case["files"][number]>();
  const given = files.map((file): PictureFile => {
    const blob = new Blob([Buffer.from(file.base64, "base64")]);
    pixels.set(blob, file);
    return { blob, name: file.name, ...(file.folder && { folder: file.folder }) };
  });
  // As a browser would: it has the pixels of a file that is a picture.
  const decode = async (blob: Blob) => {
    const { width = 0, height = 0, rgba } = pixels.get(blob) ?? {};
    if (rgba === undefined) return null;
    return rasterOf(
      Float32Array.from(Buffer.from(rgba, "base64"), (value) => value / 255),
      4,
      width,
      height,
    );
  };
  try {
    const read = sheet === undefined ? await picturesInFiles(given, decode) : picturesInSheet(pixelsOf(files), sheet);
    if (read === null) return null;
    const { points, columns, labels, note } = read;
    const sum = points.reduce((total, value) => total + value, 0);
    const classes = labels && { classes: labels.classes, of: [...labels.of] };
    return { sum, first: [...points.subarray(0, 12)], dim: columns.length, ...classes, note };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/** Of the first of some files. */
function pixelsOf([file]: Case["files"]) {
  const { width = 0, height = 0, rgba = "" } = file ?? {};
  return { width, height, data: Buffer.from(rgba, "base64") };
}

test.each(CASES)("$name", async (one) => {
  expect(await found(one)).toEqual(one.found);
});
