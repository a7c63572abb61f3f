// The part of the CPU engine that a first minute does without, in the worker. It is given once nobody waits for it. What needs it
// before then has it fetched at once: the engine is in the middle of a call, so the worker waits, and the page does not.

/** The exports of the first part; an engine that is not split has no `hasRest`. */
interface First {
  hasRest?: WebAssembly.Global<"i32">;
}

declare global {
  /** Called by the first part, from within a function of the rest that has not come. */
  var __flowPlaygroundBringRest: (() => void) | undefined;
}

export class Rest {
  readonly #first: First;

  constructor(exports: object, url: string) {
    this.#first = exports;
    globalThis.__flowPlaygroundBringRest = () => this.take(new WebAssembly.Module(fetched(url)));
  }

  /** Twice does no harm. */
  take(module: WebAssembly.Module): void {
    const { hasRest } = this.#first;
    if (hasRest === undefined || hasRest.value === 1) return;
    new WebAssembly.Instance(module, { first: this.#first as WebAssembly.ModuleImports });
    hasRest.value = 1;
  }
}

/** Without yielding, which only a worker may. */
function fetched(url: string): ArrayBuffer {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  try {
    request.send();
  } catch {
    throw new Error("the rest of it could not be fetched");
  }
  if (request.status !== 200)
    throw new Error(`the rest of it could not be fetched: the server answered ${request.status}`);
  return request.response as ArrayBuffer;
}
