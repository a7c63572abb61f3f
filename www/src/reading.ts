// Reads a reader's file or text in a worker of its own, so that a large one stops nothing.

import { startWorker } from "./engine/spawn";
import type { FileAnswer, FileQuestion } from "./experiment/answer";
import workerUrl from "./experiment/files.worker?worker&url";
import { msg } from "./language";

/** 256 MB of text take a quarter of it. */
const MOST_SECONDS = 120;
const TOO_SLOW = msg(
  `Reading took more than ${MOST_SECONDS} seconds and was stopped: a .npy file of the same numbers is read faster.`,
);

/** The worker ends with its answer, with its time, or once nobody waits for it. */
export async function readPoints(
  question: FileQuestion,
  { signal, spawn = spawnReader }: ReadOptions = {},
): Promise<FileAnswer> {
  const worker = spawn();
  const refused = (message: string): FileAnswer => ({ kind: "refused", message });
  let limit: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<FileAnswer>((resolve) => {
      worker.onmessage = (event: MessageEvent<FileAnswer>) => resolve(event.data);
      worker.onerror = () => resolve(refused(msg("The file reader could not be loaded: reload the page.")));
      signal?.addEventListener("abort", () => resolve(refused(msg("Another file was opened."))));
      limit = setTimeout(() => resolve(refused(TOO_SLOW)), 1000 * MOST_SECONDS);
      worker.postMessage(question);
    });
  } finally {
    clearTimeout(limit);
    worker.terminate();
  }
}

export interface ReadOptions {
  signal?: AbortSignal;
  spawn?: () => Worker;
}

function spawnReader(): Worker {
  return startWorker(workerUrl);
}

/** Of files opened one after the other the newest counts: the answers of all others are null. */
export class NewestFile {
  #newest = new AbortController();

  async read(question: FileQuestion, spawn?: () => Worker): Promise<FileAnswer | null> {
    const { signal } = this.supersede();
    const answer = await readPoints(question, { signal, ...(spawn && { spawn }) });
    return signal.aborted ? null : answer;
  }

  /** Something else is to be seen by now. */
  supersede(): AbortController {
    this.#newest.abort();
    this.#newest = new AbortController();
    return this.#newest;
  }
}
