// Reads a reader's file or text in a worker of its own, so that a large one stops nothing.
import { startWorker } from "./engine/spawn";
import type { FileAnswer, FileQuestion } from "./experiment/files.worker";
import workerUrl from "./experiment/files.worker?worker&url";

/** The worker ends with its answer. */
export function readPoints(question: FileQuestion): Promise<FileAnswer> {
  const worker = startWorker(new URL(workerUrl, import.meta.url));
  const answered = new Promise<FileAnswer>((resolve) => {
    worker.onmessage = (event: MessageEvent<FileAnswer>) => resolve(event.data);
    worker.onerror = () =>
      resolve({ kind: "refused", message: "The file reader could not be loaded: reload the page." });
  });
  worker.postMessage(question);
  return answered.finally(() => worker.terminate());
}
