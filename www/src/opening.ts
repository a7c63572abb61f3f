// Files that the page saved, opened: beside those that hold points.
import type { FileSource } from "./experiment/answer";
import { FileError } from "./experiment/table";
import type { Change } from "./state/state";
import { say } from "./state/talk";
import type { KeptPage } from "./take-away/kept";

/** Larger files are none of ours. */
const MOST_BYTES = 512 * 2 ** 20;
const TEXT_BYTES = 2 ** 20;

interface Opener {
  touch(change: Change): void;
  /** this in the place of all there is */
  open(kept: KeptPage): void;
}

/** Whether it was one, opened or refused with a sentence. */
export async function openedAsKept(source: FileSource, host: Opener): Promise<boolean> {
  const bytes = await bytesOf(source);
  if (bytes === null) return false;
  const { keptIn } = await import("./take-away/opened");
  try {
    const kept = keptIn(bytes);
    if (kept === null) return false;
    host.open(kept);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    host.touch(say({ kind: "error", at: "data", text: error.message }));
  }
  return true;
}

/** Of what begins as an archive or an object does, and may be one by its size. */
async function bytesOf(source: FileSource): Promise<Uint8Array | null> {
  const blob = typeof source === "string" ? new Blob([source]) : source;
  if (!(blob instanceof Blob) || blob.size > MOST_BYTES) return null;
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isArchive = first === 0x50 && second === 0x4b;
  if (!isArchive && (first !== 0x7b || blob.size > TEXT_BYTES)) return null;
  return new Uint8Array(await blob.arrayBuffer());
}
