import { type RecordedFilm, readFilm } from "./format";

/** Null where it can't be had: then there is something else to see, or nothing until the engine is there. */
export async function fetchedFilm(url: string): Promise<RecordedFilm | null> {
  try {
    const response = await fetch(url);
    return response.ok ? await readFilm(new Uint8Array(await response.arrayBuffer())) : null;
  } catch {
    return null;
  }
}
