// What a file or pasted text is, as an answer that goes from a worker to its page.
import { msg } from "../language";
import {
  type ColumnChoice,
  type Doubt,
  FileError,
  type FileOptions,
  type FilePoints,
  planarPoints,
  pointsInFile,
  pointsInText,
} from "./files";
import { dividedSheet, guessedSheet } from "./lattice";
import { FEWEST_POINTS } from "./limits";
import { OnePicture, type PictureFile, picturesInFiles, picturesInSheet } from "./picture-files";
import { type Raster, rasterOf } from "./raster";
import { type Laid, type SheetPixels, SMALLEST_TILE, type Tiling } from "./sheets";

/** By the browser, which knows PNG, JPEG, WebP and more; no larger than what is asked of it needs to be. */
async function decoded(blob: Blob): Promise<Raster | null> {
  const pixels = await pixelsOf(blob, (width, height) => Math.min(1, LARGEST_DECODED / Math.max(width, height)));
  if (pixels === null) return null;
  const { data, width, height } = pixels;
  return rasterOf(
    Float32Array.from(data, (value) => value / 255),
    4,
    width,
    height,
  );
}

type ScaleOf = (width: number, height: number) => number;

async function pixelsOf(blob: Blob, scaleOf: ScaleOf, ground = "transparent"): Promise<SheetPixels | null> {
  if (typeof createImageBitmap === "undefined" || typeof OffscreenCanvas === "undefined") return null;
  try {
    const bitmap = await createImageBitmap(blob);
    const scale = scaleOf(bitmap.width, bitmap.height);
    const scaled = (side: number) => Math.max(1, Math.round(side * scale));
    const [width, height] = [scaled(bitmap.width), scaled(bitmap.height)];
    const context = new OffscreenCanvas(width, height).getContext("2d");
    if (context === null) return null;
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch {
    return null;
  }
}

/** One picture may be a sheet of many: said, or asked about where it can be. */
async function answerOnePicture(
  blob: Blob,
  { options, isPlanar }: FileQuestion,
  refusal: FileError,
): Promise<FileAnswer> {
  const refused = (message: string) => ({ kind: "refused", message }) as const;
  const { sheet } = options;
  if (sheet === undefined && !isPlanar) {
    return refused(msg(`${refusal.message} The option sheet says how many lie in it.`));
  }
  let isTooLarge = false;
  const whole = (width: number, height: number) => {
    isTooLarge = width * height > MOST_SHEET_PIXELS;
    return isTooLarge ? 0 : 1;
  };
  const pixels = await pixelsOf(blob, whole, "white");
  if (isTooLarge)
    return refused(
      msg(`${refusal.message} As a sheet it is too large: up to ${MOST_SHEET_PIXELS / 1e6} million pixels are cut.`),
    );
  if (pixels === null) return refused(refusal.message);
  if (sheet !== undefined) return picturesInSheet(pixels, sheet);
  const { width, height } = pixels;
  if (Math.min(width, height) < SMALLEST_TILE || width * height < FEWEST_POINTS * SMALLEST_TILE ** 2) {
    return refused(refusal.message);
  }
  const guess = guessedSheet(pixels);
  return { kind: "sheet", width, height, sheet: guess ?? dividedSheet(width, height), isSeen: guess !== null };
}

/** One file, text, or files of which each is a picture or holds some. */
export type FileSource = Blob | string | readonly PictureFile[];

export interface FileQuestion {
  source: FileSource;
  options: FileOptions;
  /** whether what is not settled is asked back, not refused */
  isPlanar: boolean;
}

/** SheetPixels a side, of which fewer are made. */
const LARGEST_DECODED = 256;

/** Of them four bytes each are held. */
const MOST_SHEET_PIXELS = 32_000_000;

/** One picture that may be a sheet of many. */
export interface SheetDoubt {
  kind: "sheet";
  width: number;
  height: number;
  /** what it is taken for */
  sheet: Tiling<Laid>;
  /** whether it was seen in the picture */
  isSeen: boolean;
}

export type FileAnswer = FilePoints | ColumnChoice | Doubt | SheetDoubt | { kind: "refused"; message: string };

async function contentOf(source: FileSource): Promise<Uint8Array | string> {
  if (typeof source === "string") return source;
  const blob = source instanceof Blob ? source : source[0]?.blob;
  return new Uint8Array((await blob?.arrayBuffer()) ?? []);
}

export async function answer(question: FileQuestion): Promise<FileAnswer> {
  const { source, options, isPlanar } = question;
  try {
    if (typeof source !== "string") {
      const files = source instanceof Blob ? [{ blob: source, name: msg("the file") }] : source;
      const pictures = await picturesIn(files, question);
      if (pictures !== null) return pictures;
    }
    const content = await contentOf(source);
    if (isPlanar) return planarPoints(content, options);
    return typeof content === "string" ? pointsInText(content, options) : pointsInFile(content, options);
  } catch (error) {
    if (error instanceof FileError) return { kind: "refused", message: error.message };
    return { kind: "refused", message: msg("The file could not be read: it may have been moved or be too large.") };
  }
}

async function picturesIn(files: readonly PictureFile[], question: FileQuestion): Promise<FileAnswer | null> {
  try {
    return await picturesInFiles(files, decoded);
  } catch (error) {
    const [file] = files;
    if (!(error instanceof OnePicture) || file === undefined) throw error;
    return answerOnePicture(file.blob, question, error);
  }
}
