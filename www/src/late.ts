// Code that comes when it is first wanted. Where the network fails it is asked for again a while later.
import { msg } from "./language";

/** What it rejects with, for whoever asked outright. */
const REFUSAL = msg("A part of the page could not be fetched. Try again in a few seconds.");
/** So long nobody asks again for what could not be fetched: every frame would. */
const RETRY_MS = 5000;

export class Late<Module> {
  readonly #fetch: () => Promise<Module>;
  #module: Module | null = null;
  #loading: Promise<Module> | undefined;
  #retryMs = 0;

  constructor(fetch: () => Promise<Module>) {
    this.#fetch = fetch;
  }

  /** Null until it is there. */
  get now(): Module | null {
    return this.#module;
  }

  /** Whether it was asked for in vain, and nobody asks for it at present. */
  get hasFailed(): boolean {
    return this.#module === null && this.#loading === undefined && this.#retryMs > 0;
  }

  /** Asked for at once, whenever that failed before; rejects where it fails now. */
  load(): Promise<Module> {
    this.#loading ??= this.#fetch().then(
      (module) => {
        this.#module = module;
        return module;
      },
      (error) => {
        this.#loading = undefined;
        this.#retryMs = performance.now() + RETRY_MS;
        throw new Error(REFUSAL, { cause: error });
      },
    );
    return this.#loading;
  }

  /** For who asks as often as a frame: null until it is there. `changed` when it has come, has failed, or can be asked for again. */
  want(changed: () => void = () => undefined): Module | null {
    if (this.#loading === undefined && performance.now() >= this.#retryMs) {
      this.load().then(changed, () => {
        changed();
        setTimeout(changed, RETRY_MS);
      });
    }
    return this.#module;
  }
}
