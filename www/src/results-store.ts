// Finished trainings, kept by the browser in IndexedDB: they survive a reload. Where a browser keeps nothing, nothing is kept.
import { resultsIn, toKeep } from "./state/kept-results";
import type { Result } from "./state/results";

const [DATABASE, STORE, KEY] = ["flow-playground", "kept", "results-1"];

export class ResultsStore {
  #kept: readonly Result[] | undefined;

  /** Those of earlier visits. */
  async load(): Promise<Result[]> {
    const found = await this.#ask("readonly", (store) => store.get(KEY)).catch(() => null);
    const results = resultsIn(found);
    this.#kept ??= results;
    return results;
  }

  /** Nothing is written before what there is was read, or where it is as it was. */
  keep(results: readonly Result[]): void {
    if (this.#kept === undefined || results === this.#kept || (results.length === 0 && this.#kept.length === 0)) return;
    this.#kept = results;
    this.#ask("readwrite", (store) => store.put(toKeep(results), KEY)).catch(() => undefined);
  }

  async #ask(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const database = await answerOf(opening());
    try {
      return await answerOf(ask(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  }
}

function opening(): IDBOpenDBRequest {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return request;
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
