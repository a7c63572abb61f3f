// What a file or pasted text is, as an answer that goes from a worker to its page.
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

export interface FileQuestion {
  source: Blob | string;
  options: FileOptions;
  /** whether what is not settled is asked back, not refused */
  isPlanar: boolean;
}

export type FileAnswer = FilePoints | ColumnChoice | Doubt | { kind: "refused"; message: string };

export async function answer({ source, options, isPlanar }: FileQuestion): Promise<FileAnswer> {
  try {
    const content = typeof source === "string" ? source : new Uint8Array(await source.arrayBuffer());
    if (isPlanar) return planarPoints(content, options);
    return typeof content === "string" ? pointsInText(content, options) : pointsInFile(content, options);
  } catch (error) {
    if (error instanceof FileError) return { kind: "refused", message: error.message };
    return { kind: "refused", message: "The file could not be read: it may have been moved or be too large." };
  }
}
