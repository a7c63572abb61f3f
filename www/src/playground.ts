// mount(): the only file that knows engine, stage and controls, and the only requestAnimationFrame.
import { render } from "lit";
import { LossChart } from "./charts/loss";
import type { Actions } from "./controls/actions";
import { page, type Slots } from "./controls/page";
import { Duel } from "./duel";
import { csvFromPoints } from "./experiment/csv";
import { readPoints } from "./experiment/files-client";
import {
  type BuiltInKind,
  budgetOf,
  METHOD_TEXTS,
  METHODS,
  type MethodKind,
  OFFERED_DATA,
  type Setup,
} from "./experiment/presets";
import { createEngine, type Engine } from "./library";
import type { PanelHost } from "./panel";
import type { Palette } from "./stage/marks";
import { readPalette } from "./stage/palette";
import { Stage } from "./stage/stage";
import { drawThumbnail, newThumbnail } from "./stage/thumbnail";
import { viewBox } from "./stage/view";
import {
  advanceTime,
  type Change,
  initialState,
  needsNewRuns,
  type State,
  say,
  showDialog,
  trainingLabel,
} from "./state";

export interface PlaygroundOptions {
  /** "auto", the default, trains on WebGPU where it is faster. */
  device?: "auto" | "cpu" | "webgpu";
}

/** What was asked for last; the state follows when it is there. */
type Asked = Pick<State, "setup" | "user">;

const NUM_THUMBNAIL_POINTS = 400;
const NUM_EXPORTED = 2000;
/** Numbers that change by themselves are read, not watched: laying them out every frame would cost as much as the stages. */
const CONTROLS_MS = 60;
/** From one frame to the next: a 60 Hz screen missed one. */
const SLOW_FRAME_MS = 20;
/** A tab that was hidden must not jump in time when it is shown again. */
const MAX_FRAME_SECONDS = 0.05;

export function mount(host: HTMLElement, options: PlaygroundOptions = {}): void {
  new Playground(host, options).start();
}

function perMethod<T>(make: (method: MethodKind) => T): Record<MethodKind, T> {
  return { "normalizing-flow": make("normalizing-flow"), "flow-matching": make("flow-matching") };
}

class Playground implements PanelHost {
  state: State;
  readonly #host: HTMLElement;
  readonly #stages: Record<MethodKind, Stage>;
  readonly #charts = perMethod(
    (method) => new LossChart({ id: method, title: METHOD_TEXTS[method].title, budget: budgetOf(method) }),
  );
  readonly #thumbnails: Record<BuiltInKind | "points", SVGSVGElement>;
  readonly #slots: Slots;
  /** where training runs */
  readonly #engine: Promise<Engine>;
  /** there at once: for the opening picture and the thumbnails */
  readonly #cpu: Promise<Engine> = createEngine({ device: "cpu" });
  readonly #duel: Duel = new Duel(this);
  #asked: Asked;
  #lastTurn: Promise<void> = Promise.resolve();
  #palette: Palette | undefined;
  /** the states that the controls and the stages show */
  #rendered: State | undefined;
  #drawn: State | undefined;
  #renderedMs = 0;
  /** counts the frames that only one stage was drawn in */
  #turn = 0;
  /** by the reader, who must see the answer in the next frame */
  #touched = true;
  #sawFirstView = false;

  constructor(host: HTMLElement, { device = "auto" }: PlaygroundOptions) {
    this.#host = host;
    this.state = initialState(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.#asked = { setup: this.state.setup, user: null };
    this.#engine = createEngine({ device });
    this.#stages = perMethod(() => new Stage(() => this.#redraw()));
    const thumbnails = [...OFFERED_DATA, "points"].map((kind) => [kind, newThumbnail()]);
    this.#thumbnails = Object.fromEntries(thumbnails);
    this.#slots = {
      stages: perMethod((method) => this.#stages[method].element),
      charts: perMethod((method) => this.#charts[method].element),
      thumbnails: this.#thumbnails,
    };
  }

  start(): void {
    this.#acceptDrops();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#palette = undefined;
      this.#redraw();
    });
    requestAnimationFrame((nowMs) => this.#frame(nowMs, nowMs));
    void this.#open();
  }

  change(change: Change): void {
    this.state = change(this.state);
  }

  #redraw(): void {
    this.#drawn = undefined;
  }

  #frame(nowMs: number, beforeMs: number): void {
    requestAnimationFrame((nextMs) => this.#frame(nextMs, nowMs));
    this.change(advanceTime(Math.min(MAX_FRAME_SECONDS, (nowMs - beforeMs) / 1000)));
    this.#duel.keepUp(nowMs);
    // What costs a few milliseconds is spread over frames: while training, others want both cores too.
    const charted = !this.#touched && this.#drawOneChart(nowMs);
    const due = this.#touched || nowMs - this.#renderedMs >= CONTROLS_MS;
    if (!charted && due && this.state !== this.#rendered) this.#renderControls(nowMs);
    if (this.state !== this.#drawn) this.#drawStages(nowMs - beforeMs);
  }

  #renderControls(nowMs: number): void {
    this.#touched = false;
    this.#rendered = this.state;
    this.#renderedMs = nowMs;
    render(page(this.state, this.#actions, this.#slots), this.#host);
  }

  #drawStages(frameMs: number): void {
    this.#palette ??= readPalette(this.#host);
    const methods = this.#stagesToDraw(frameMs);
    this.#drawn = methods.length === METHODS.length ? this.state : undefined;
    for (const method of methods) {
      const { t, layers } = this.state.view;
      const { picture, center, scale } = this.state.panels[method];
      const drawn = this.#stages[method].draw({ picture, center, scale, layers, palette: this.#palette, t });
      if (drawn && picture.generated !== null) this.#markFirstView();
    }
  }

  /** Where training leaves too little time for both, and where both show new data, the stages take turns. */
  #stagesToDraw(frameMs: number): readonly MethodKind[] {
    const { view, panels } = this.state;
    const isLate = view.playing && trainingLabel(this.state) === "Pause" && frameMs > SLOW_FRAME_MS;
    const before = this.#drawn?.panels;
    const isNew = METHODS.every((method) => before && before[method].picture.data !== panels[method].picture.data);
    if (!isLate && !isNew) return METHODS;
    this.#turn++;
    return METHODS.filter((_, i) => i === this.#turn % METHODS.length);
  }

  #markFirstView(): void {
    if (this.#sawFirstView) return;
    this.#sawFirstView = true;
    performance.mark("first-view");
  }

  /** One chart a frame at most, so that two never share a task. */
  #drawOneChart(nowMs: number): boolean {
    return METHODS.some((method) => this.#charts[method].draw(this.state.panels[method].losses, nowMs));
  }

  /** The opening picture comes from shipped weights and the CPU, which is there first. */
  async #open(): Promise<void> {
    const { setup, user } = this.#asked;
    await this.#inTurn(async () => {
      await this.#duel.begin({ engine: await this.#cpu, setup, user, origin: "pretrained" });
    });
    void this.#drawBuiltInThumbnails();
    const { deviceReason } = await this.#engine;
    this.change((state) => ({ ...state, deviceReason }));
  }

  /** One after the other: a click on Train right after one on other data trains on that data. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastTurn.then(work);
    this.#lastTurn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Of several asked for meanwhile only the last is begun. */
  #restart(asked: Partial<Asked>): Promise<boolean> {
    const mine = { ...this.#asked, ...asked };
    this.#asked = mine;
    return this.#inTurn(async () => mine === this.#asked && this.#begin());
  }

  async #begin(): Promise<boolean> {
    const { setup, user } = this.#asked;
    const wasTraining = trainingLabel(this.state) === "Pause";
    const { solver, solverSteps } = this.state.setup;
    const start = {
      engine: await this.#engine,
      setup: { ...setup, solver, solverSteps },
      user,
      origin: "seed",
    } as const;
    const begun = await this.#duel.begin(start);
    if (!begun) this.#asked = { setup: this.state.setup, user: this.state.user };
    if (begun && wasTraining) void this.#duel.train();
    return begun;
  }

  /** Training starts from the seed's initial weights, never from the shipped ones. */
  async #prepareTraining(): Promise<boolean> {
    return !needsNewRuns(this.state) || this.#begin();
  }

  readonly #actions: Actions = {
    change: (change) => {
      this.#touched = true;
      this.change(change);
    },
    toggleTraining: () =>
      this.#inTurn(async () => {
        if (trainingLabel(this.state) === "Pause") await this.#duel.pause();
        else if (await this.#prepareTraining()) void this.#duel.train();
      }),
    trainOneStep: () =>
      this.#inTurn(async () => {
        if (await this.#prepareTraining()) await this.#duel.train(1);
      }),
    reset: () =>
      this.#inTurn(async () => {
        if (needsNewRuns(this.state) || !(await this.#duel.reset())) await this.#begin();
      }),
    restart: (setup) => this.#restart({ setup: { ...this.#asked.setup, ...setup } }),
    read: (source, name, chosen) => this.#read(source, name, chosen),
    exportSamples: (method) => this.#exportSamples(method),
  };

  async #read(source: Blob | string, name: string, chosen?: readonly [number, number]): Promise<void> {
    const answer = await readPoints({ source, ...(chosen && { chosen }) });
    if (answer.kind === "refused") return this.change(say({ kind: "error", text: answer.message }));
    if (answer.kind === "choose") {
      return this.change(showDialog({ kind: "columns", name, source, columns: answer.columns }));
    }
    const { points, columns, note } = answer;
    const setup: Setup = { ...this.#asked.setup, data: "points" };
    if (!(await this.#restart({ setup, user: { name, points, columns, note } }))) return;
    if (note !== null) this.change(say({ kind: "info", text: note }));
    this.#drawUserThumbnail(points);
  }

  async #exportSamples(method: MethodKind): Promise<void> {
    const panel = this.#duel.panel(method);
    if (panel === undefined) return;
    const { setup, user } = this.state;
    const points = await panel.run.sample(NUM_EXPORTED, { solver: setup.solver, steps: setup.solverSteps });
    const columns = (setup.data === "points" && user?.columns) || (["x", "y"] as const);
    const url = URL.createObjectURL(new Blob([csvFromPoints(points, columns)], { type: "text/csv" }));
    Object.assign(document.createElement("a"), { href: url, download: `${method}-samples.csv` }).click();
    URL.revokeObjectURL(url);
  }

  async #drawBuiltInThumbnails(): Promise<void> {
    const engine = await this.#cpu;
    for (const kind of OFFERED_DATA) {
      const points = await engine.samplePoints(kind, NUM_THUMBNAIL_POINTS);
      drawThumbnail(this.#thumbnails[kind], points, viewBox([0, 0], [1, 1]));
    }
  }

  #drawUserThumbnail(points: Float32Array): void {
    const { center, scale } = this.state.panels["flow-matching"];
    const stride = Math.max(1, Math.floor(points.length / 2 / NUM_THUMBNAIL_POINTS));
    const some = points.filter((_, i) => Math.floor(i / 2) % stride === 0);
    drawThumbnail(this.#thumbnails.points, some, viewBox(center, scale));
  }

  #acceptDrops(): void {
    const drag = (event: DragEvent, over: boolean) => {
      event.preventDefault();
      this.#host.classList.toggle("dropping", over);
    };
    this.#host.addEventListener("dragover", (event) => drag(event, true));
    this.#host.addEventListener("dragleave", (event) => drag(event, false));
    this.#host.addEventListener("drop", (event) => {
      drag(event, false);
      const file = event.dataTransfer?.files[0];
      const text = event.dataTransfer?.getData("text/plain");
      if (file !== undefined) void this.#read(file, file.name);
      else if (text) void this.#read(text, "dropped points");
    });
  }
}
