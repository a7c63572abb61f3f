// mount(): the only file that knows engine, stage and controls, and the only requestAnimationFrame.
import { render } from "lit";
import { Bench } from "./bench";
import { LossChart } from "./charts/loss";
import type { Actions } from "./controls/actions";
import { type Drawn, page } from "./controls/page";
import { csvFromPoints } from "./experiment/csv";
import { readPoints } from "./experiment/files-client";
import { type MethodId, methodOf } from "./experiment/methods";
import { type BuiltInKind, OFFERED_DATA, type Setup, samplerFor } from "./experiment/presets";
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
  chooseMethod,
  initialState,
  needsNewRun,
  type PanelState,
  panelAt,
  type Slot,
  type State,
  say,
  showDialog,
  trainingLabel,
} from "./state";

export interface PlaygroundOptions {
  /** "auto", the default, trains on WebGPU where it is faster. */
  device?: "auto" | "cpu" | "webgpu";
}

/** What all panels were last asked to share; the state follows when it is there. */
type Asked = Pick<State, "setup" | "user">;

/** What is drawn of a panel beside its controls. */
interface View {
  stage: Stage;
  chart: LossChart;
}

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

class Playground implements PanelHost {
  state: State;
  readonly #host: HTMLElement;
  readonly #views = new Map<Slot, View>();
  readonly #thumbnails: Record<BuiltInKind | "points", SVGSVGElement>;
  readonly #drawnParts: Drawn;
  /** where training runs */
  readonly #engine: Promise<Engine>;
  /** there at once: for the opening picture and the thumbnails */
  readonly #cpu: Promise<Engine> = createEngine({ device: "cpu" });
  readonly #bench: Bench = new Bench(this);
  #asked: Asked;
  /** the panels that need a new run, and whether it is to be trained at once */
  #due = new Map<Slot, boolean>();
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
    const thumbnails = [...OFFERED_DATA, "points"].map((kind) => [kind, newThumbnail()]);
    this.#thumbnails = Object.fromEntries(thumbnails);
    this.#drawnParts = {
      stage: (slot) => this.#view(slot).stage.element,
      chart: (slot) => this.#view(slot).chart.element,
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

  #view(slot: Slot): View {
    const view = this.#views.get(slot) ?? { stage: new Stage(() => this.#redraw()), chart: new LossChart(slot) };
    this.#views.set(slot, view);
    return view;
  }

  #redraw(): void {
    this.#drawn = undefined;
  }

  #frame(nowMs: number, beforeMs: number): void {
    requestAnimationFrame((nextMs) => this.#frame(nextMs, nowMs));
    this.change(advanceTime(Math.min(MAX_FRAME_SECONDS, (nowMs - beforeMs) / 1000)));
    this.#bench.keepUp(nowMs);
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
    render(page(this.state, this.#actions, this.#drawnParts), this.#host);
  }

  #drawStages(frameMs: number): void {
    this.#palette ??= readPalette(this.#host);
    const panels = this.#panelsToDraw(frameMs);
    this.#drawn = panels.length === this.state.panels.length ? this.state : undefined;
    for (const { slot, picture, center, scale } of panels) {
      const { t, layers } = this.state.view;
      const drawn = this.#view(slot).stage.draw({ picture, center, scale, layers, palette: this.#palette, t });
      if (drawn && picture.generated !== null) this.#markFirstView();
    }
  }

  /** Where training leaves too little time for all, and where all show new data, the stages take turns. */
  #panelsToDraw(frameMs: number): readonly PanelState[] {
    const { view, panels } = this.state;
    const isLate = view.playing && trainingLabel(this.state) === "Pause" && frameMs > SLOW_FRAME_MS;
    const before = this.#drawn;
    const isNew = panels.every(({ slot, picture }) => before && panelAt(before, slot)?.picture.data !== picture.data);
    if (!isLate && !isNew) return panels;
    this.#turn++;
    return panels.filter((_, i) => i === this.#turn % panels.length);
  }

  #markFirstView(): void {
    if (this.#sawFirstView) return;
    this.#sawFirstView = true;
    performance.mark("first-view");
  }

  /** One chart a frame at most, so that two never share a task. */
  #drawOneChart(nowMs: number): boolean {
    return this.state.panels.some(({ slot, method, losses, budget }) =>
      this.#view(slot).chart.draw(losses, { title: methodOf(method).title, budget: budget.steps }, nowMs),
    );
  }

  /** The opening picture comes from shipped weights and the CPU, which is there first. */
  async #open(): Promise<void> {
    const { setup, user } = this.#asked;
    await this.#inTurn(async () => {
      const { panels } = this.state;
      await this.#bench.begin({ engine: await this.#cpu, setup, user, origin: "pretrained", panels });
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

  #restart(asked: Partial<Asked>): Promise<boolean> {
    this.#asked = { ...this.#asked, ...asked };
    this.#makeAllDue();
    return this.#inTurn(() => this.#begin());
  }

  #makeAllDue(): void {
    for (const { slot } of this.state.panels) this.#due.set(slot, this.#due.get(slot) ?? false);
  }

  #choose(slot: Slot, method: MethodId): void {
    this.#due.set(slot, panelAt(this.state, slot)?.phase === "training");
    this.#bench.close(slot);
    this.change(chooseMethod(slot, method));
    void this.#inTurn(() => this.#begin());
  }

  /** What is due, with what was asked for last: of several asked for meanwhile only the last is begun. */
  async #begin(): Promise<boolean> {
    const due = this.#due;
    if (due.size === 0) return true;
    this.#due = new Map();
    const asked = this.#asked;
    const wasTraining = trainingLabel(this.state) === "Pause";
    const { solver, solverSteps } = this.state.setup;
    const begun = await this.#bench.begin({
      engine: await this.#engine,
      setup: { ...asked.setup, solver, solverSteps },
      user: asked.user,
      origin: "seed",
      panels: this.state.panels.filter(({ slot }) => due.has(slot)),
    });
    if (!begun && asked === this.#asked) this.#asked = { setup: this.state.setup, user: this.state.user };
    if (begun) void this.#bench.train([...due.keys()].filter((slot) => wasTraining || due.get(slot)));
    return begun;
  }

  /** Training starts from the seed's initial weights, never from the shipped ones. */
  async #prepareTraining(): Promise<boolean> {
    for (const panel of this.state.panels) if (needsNewRun(panel)) this.#due.set(panel.slot, false);
    return this.#begin();
  }

  async #train(numSteps?: number): Promise<void> {
    const slots = this.state.panels.map(({ slot }) => slot);
    await this.#bench.train(slots, numSteps);
  }

  /** What was done is gone on with at once. */
  async #addRound(slot: Slot): Promise<void> {
    const wasDone = (panelAt(this.state, slot)?.spent ?? 0) >= 1;
    await this.#bench.panel(slot)?.addRound();
    if (wasDone) void this.#bench.train([slot]);
  }

  readonly #actions: Actions = {
    change: (change) => {
      this.#touched = true;
      this.change(change);
    },
    toggleTraining: () =>
      this.#inTurn(async () => {
        if (trainingLabel(this.state) === "Pause") await this.#bench.pause();
        else if (await this.#prepareTraining()) void this.#train();
      }),
    trainOneStep: () =>
      this.#inTurn(async () => {
        if (await this.#prepareTraining()) await this.#train(1);
      }),
    reset: () =>
      this.#inTurn(async () => {
        const anew = this.state.panels.some(needsNewRun) || !(await this.#bench.reset());
        if (!anew) return;
        await this.#bench.pause();
        this.#makeAllDue();
        await this.#begin();
      }),
    restart: (setup) => this.#restart({ setup: { ...this.#asked.setup, ...setup } }),
    choose: (slot, method) => {
      this.#touched = true;
      this.#choose(slot, method);
    },
    addRound: (slot) => this.#inTurn(() => this.#addRound(slot)),
    read: (source, name, chosen) => this.#read(source, name, chosen),
    exportSamples: (slot) => this.#exportSamples(slot),
  };

  async #read(source: Blob | string, name: string, chosen?: readonly [number, number]): Promise<void> {
    const answer = await readPoints({ source, ...(chosen && { chosen }) });
    if (answer.kind === "refused") return this.change(say({ kind: "error", text: answer.message }));
    if (answer.kind === "choose") {
      return this.change(showDialog({ kind: "columns", name, source, columns: answer.columns }));
    }
    const { points, columns, note } = answer;
    const setup: Setup = { ...this.#asked.setup, data: "points" };
    const user = { name, points, columns, note };
    await this.#restart({ setup, user });
    if (this.state.user !== user) return;
    if (note !== null) this.change(say({ kind: "info", text: note }));
    this.#drawUserThumbnail(points);
  }

  async #exportSamples(slot: Slot): Promise<void> {
    const panel = this.#bench.panel(slot);
    if (panel === undefined) return;
    const { setup, user } = this.state;
    const points = await panel.run.sample(NUM_EXPORTED, samplerFor(panel.method, setup));
    const columns = (setup.data === "points" && user?.columns) || ["x", "y"];
    const url = URL.createObjectURL(new Blob([csvFromPoints(points, columns)], { type: "text/csv" }));
    Object.assign(document.createElement("a"), { href: url, download: `${panel.method}-samples.csv` }).click();
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
    const [panel] = this.state.panels;
    if (panel === undefined) return;
    const stride = Math.max(1, Math.floor(points.length / 2 / NUM_THUMBNAIL_POINTS));
    const some = points.filter((_, i) => Math.floor(i / 2) % stride === 0);
    drawThumbnail(this.#thumbnails.points, some, viewBox(panel.center, panel.scale));
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
