// The library's way to points: read beside its caller, in a worker where there are such, with one promise for each file.

import type { FileQuestion } from "./experiment/answer";
import type { FileOptions, FilePoints } from "./experiment/files";
import { FileError } from "./experiment/table";
import { msg } from "./language";
import { readPoints } from "./reading";

/** The points of a CSV, TSV, JSON, .npy or .npz file. Rejects with a `FileError` that says in one sentence why there are none. */
export function pointsFromFile(file: Blob | Uint8Array | ArrayBuffer, options: FileOptions = {}): Promise<FilePoints> {
  return pointsFrom({ source: file instanceof Blob ? file : new Blob([file as BlobPart]), options, isPlanar: false });
}

/** The points in text as `pointsFromFile` reads it. */
export function pointsFromText(text: string, options: FileOptions = {}): Promise<FilePoints> {
  return pointsFrom({ source: text, options, isPlanar: false });
}

async function pointsFrom(question: FileQuestion): Promise<FilePoints> {
  const answer = await answerTo(question);
  if (answer.kind === "points") return answer;
  throw new FileError(answer.kind === "refused" ? answer.message : msg("The file leaves a doubt."));
}

async function answerTo(question: FileQuestion) {
  if (typeof Worker !== "undefined") return readPoints(question);
  const { answer } = await import("./experiment/answer");
  return answer(question);
}
