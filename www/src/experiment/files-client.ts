import type { FileAnswer, FileQuestion } from "./files.worker";

/** Asks a worker of its own, which ends with its answer. */
export function readPoints(question: FileQuestion): Promise<FileAnswer> {
  const worker = new Worker(new URL("./files.worker.ts", import.meta.url), { type: "module" });
  const answered = new Promise<FileAnswer>((resolve) => {
    worker.onmessage = (event: MessageEvent<FileAnswer>) => resolve(event.data);
    worker.onerror = () =>
      resolve({ kind: "refused", message: "The file reader could not be loaded: reload the page." });
  });
  worker.postMessage(question);
  return answered.finally(() => worker.terminate());
}
