// How much of a download has come.

/** From 0 to 1. */
export type OnLoading = (share: number) => void;

/** Told ten times a second at most, and at the end. */
const TELLING_MS = 100;

export class Loading {
  readonly #size: number;
  #bytes = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #isDone = false;
  readonly #listeners = new Set<OnLoading>();

  /** Of so many bytes, uncompressed. */
  constructor(size: number) {
    this.#size = size;
  }

  /** How much there is now, and whenever that changes. */
  tell(listener: OnLoading): void {
    listener(this.#share);
    if (!this.#isDone) this.#listeners.add(listener);
  }

  /** The same answer, whose bytes are counted as they come. */
  counted(response: Response): Response {
    if (response.body === null) return response;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        controller.enqueue(chunk);
        this.add(chunk.length, performance.now());
      },
    });
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(count), { status, headers });
  }

  add(bytes: number, nowMs: number): void {
    this.#bytes += bytes;
    if (nowMs - this.#toldMs < TELLING_MS) return;
    this.#toldMs = nowMs;
    for (const listener of this.#listeners) listener(this.#share);
  }

  /** It is there, and compiled. */
  end(): void {
    this.#isDone = true;
    for (const listener of this.#listeners) listener(1);
    this.#listeners.clear();
  }

  get #share(): number {
    return this.#isDone ? 1 : Math.min(1, this.#bytes / this.#size);
  }
}
