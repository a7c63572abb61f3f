// A cell's output: the element, told what to do by its kernel, and telling it what came out.
import "../www/src/element";
import type { FlowPlaygroundElement } from "../www/src/element";
import { type Channel, serveAssets } from "./assets";

interface Order {
  id: number;
  do: "train" | "pause" | "reset";
  steps: number | null;
}

/** The traits of the Python class. */
interface Traits {
  _attributes: Readonly<Record<string, string>>;
  _page: DataView;
  _orders: readonly Order[];
  _handled: number;
  _results: Readonly<Record<string, Result>>;
  height: number;
  num_samples: number;
  sampling: Readonly<Record<string, unknown>>;
  step: number;
  loss: number | null;
  done: boolean;
  shown: string;
  error: string;
}

interface Result {
  method: string;
  step: number;
  dim: number;
  samples: DataView;
  losses: DataView;
  weights: DataView;
}

interface Model extends Channel {
  get<K extends keyof Traits>(name: K): Traits[K];
  set<K extends keyof Traits>(name: K, value: Traits[K]): void;
  save_changes(): void;
  on(event: "msg:custom", tell: (content: unknown, buffers: DataView[]) => void): void;
  on(event: `change:${keyof Traits}`, tell: () => void): void;
  off(event: "msg:custom", tell: (content: unknown, buffers: DataView[]) => void): void;
}

const SLOTS = ["a", "b", "c", "d"] as const;
/** Each goes over the network, and the kernel may be busy. */
const TELL_MS = 250;
/** The same samples for the same weights. */
const SEED = 1;

/** One element a widget, however many cells show it: the newest has it, and its training goes on there. */
const figures = new WeakMap<Model, Figure>();

function render({ model, el }: { model: Model; el: HTMLElement }): void {
  serveAssets(model);
  let figure = figures.get(model);
  if (figure === undefined) {
    figure = new Figure(model);
    figures.set(model, figure);
  }
  el.append(figure.element);
  figure.begin();
}

export default { render };

class Figure {
  readonly element: FlowPlaygroundElement;
  readonly #model: Model;
  /** what was asked for, in turn */
  #last: Promise<unknown> = Promise.resolve();
  #handled: number;
  #toldMs = 0;
  #hasBegun = false;

  constructor(model: Model) {
    this.#model = model;
    this.#handled = model.get("_handled");
    const element = document.createElement("flow-playground");
    for (const [name, text] of Object.entries(model.get("_attributes"))) element.setAttribute(name, text);
    this.element = element;
    this.#size();
    this.#listen();
  }

  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { buffer, byteOffset, byteLength } = this.#model.get("_page");
    const page = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    this.#inTurn(() => (page.length > 0 ? this.#open(page) : this.element.start()));
    this.#carryOut();
  }

  /** What it would show without the notebook's points is nobody's. */
  async #open(page: Uint8Array<ArrayBuffer>): Promise<void> {
    const { style } = this.element;
    style.visibility = "hidden";
    try {
      await this.element.open(new Blob([page]), "notebook.zip");
    } finally {
      style.visibility = "";
    }
  }

  #listen(): void {
    const model = this.#model;
    model.on("change:_orders", () => this.#carryOut());
    model.on("change:height", () => this.#size());
    for (const name of ["num_samples", "sampling"] as const)
      model.on(`change:${name}`, () => this.#inTurn(() => this.#tellResults()));
    this.element.addEventListener("flow-progress", ({ detail: { panels } }) => {
      const [first] = panels;
      const now = performance.now();
      if (first === undefined || now - this.#toldMs < TELL_MS) return;
      this.#toldMs = now;
      this.#tell({ step: first.step, loss: first.loss, done: first.spent >= 1 });
    });
    this.element.addEventListener("flow-done", () => void this.#tellResults());
    this.element.addEventListener("flow-change", ({ detail }) => this.#tell({ shown: detail }));
    this.element.addEventListener("flow-error", ({ detail }) => this.#tell({ error: detail }));
  }

  #size(): void {
    Object.assign(this.element.style, { display: "block", height: `${this.#model.get("height")}px` });
  }

  #inTurn(work: () => Promise<unknown>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => this.#tell({ error: messageOf(error) }));
  }

  #carryOut(): void {
    for (const order of this.#model.get("_orders")) {
      if (order.id <= this.#handled) continue;
      this.#handled = order.id;
      // What is under way is paused at once: it is what the others wait for.
      if (order.do === "pause") void this.element.pause();
      else this.#inTurn(() => this.#doOne(order));
      this.#tell({ _handled: order.id });
    }
  }

  async #doOne({ do: what, steps }: Order): Promise<void> {
    this.#tell({ error: "" });
    if (what === "reset") await this.element.reset();
    else await this.element.train(steps ?? undefined);
    await this.#tellResults();
  }

  async #tellResults(): Promise<void> {
    const results: Record<string, Result> = {};
    for (const slot of SLOTS) {
      const run = this.element.run(slot);
      if (run === undefined) continue;
      const sampling = { ...this.#model.get("sampling"), seed: SEED };
      const samples = await run.sample(this.#model.get("num_samples"), sampling);
      const weights = run.numParameters === 0 ? new Uint8Array() : await run.weights();
      results[slot] = {
        method: run.experiment.method.kind,
        step: run.step,
        dim: run.dim,
        samples: viewOf(samples),
        losses: viewOf(Float64Array.from(this.element.losses(slot).flat())),
        weights: viewOf(weights),
      };
    }
    const first = this.element.run();
    this.#tell({ _results: results, step: first?.step ?? 0, loss: this.element.losses().at(-1)?.[1] ?? null });
  }

  #tell(traits: Partial<Traits>): void {
    for (const [name, value] of Object.entries(traits)) this.#model.set(name as keyof Traits, value as never);
    this.#model.save_changes();
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Float64Array | Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
