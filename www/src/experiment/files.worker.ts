// Reads files beside the page: a million rows take about a second, and the page must not wait for them.
import { type ColumnChoice, FileError, type FilePoints, planarPoints } from "./files";

export interface FileQuestion {
  source: Blob | string;
  /** two of its columns */
  chosen?: readonly number[];
}

export type FileAnswer = FilePoints | ColumnChoice | { kind: "refused"; message: string };

async function answer({ source, chosen }: FileQuestion): Promise<FileAnswer> {
  try {
    const content = typeof source === "string" ? source : new Uint8Array(await source.arrayBuffer());
    return planarPoints(content, chosen);
  } catch (error) {
    if (error instanceof FileError) return { kind: "refused", message: error.message };
    return { kind: "refused", message: "The file could not be read: it may have been moved or be too large." };
  }
}

globalThis.addEventListener("message", async (event: MessageEvent<FileQuestion>) => {
  const result = await answer(event.data);
  globalThis.postMessage(result, { transfer: result.kind === "points" ? [result.points.buffer as ArrayBuffer] : [] });
});
