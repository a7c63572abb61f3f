// mount(): the only file that knows engine, stage and controls, and the only requestAnimationFrame.
import { render } from "lit";
import type { Actions } from "./controls/actions";
import { page } from "./controls/page";
import { Evidence } from "./drawn/evidence";
import { Stages } from "./drawn/stages";
import { Thumbnails } from "./drawn/thumbnails";
import { readPoints } from "./experiment/files-client";
import type { MethodId } from "./experiment/methods";
import { type PanelChoice, type PresetId, presetOf, type Setup, samplerFor } from "./experiment/presets";
import { createEngine, type Engine, FlowError, type Gpu, probeWebGpu } from "./library";
import { Bench } from "./runs/bench";
import { messageOf, type PanelHost } from "./runs/place";
import { initialState } from "./state/initial";
import { addPanel, choosePanel, needsNewRun, panelAt, removePanel } from "./state/panel";
import { changeSetup, placePanels, useUserData } from "./state/setup";
import type { AskedDevice, Change, PanelState, Slot, State, UserData } from "./state/state";
import { placeEngine, say, showDialog } from "./state/talk";
import { trainingLabel } from "./state/training";
import { advanceTime } from "./state/view";
import { download } from "./take-away";

export interface PlaygroundOptions {
  /** "auto", the default, trains on WebGPU where it is faster. */
  device?: "auto" | "cpu" | "webgpu";
}

/** What the panels share that runs were last started from, to be returned to when something else is refused. */
type Accepted = Pick<State, "setup" | "user">;

/** Numbers that change by themselves are read, not watched: laying them out every frame would cost as much as the stages. */
const CONTROLS_MS = 60;
/** A tab that was hidden must not jump in time when it is shown again. */
const MAX_FRAME_SECONDS = 0.05;

export function mount(host: HTMLElement, options: PlaygroundOptions = {}): void {
  new Playground(host, options).start();
}

class Playground implements PanelHost {
  state: State;
  readonly #host: HTMLElement;
  readonly #stages: Stages;
  readonly #evidence = new Evidence();
  readonly #thumbnails = new Thumbnails();
  /** where training runs */
  #engine: Promise<Engine>;
  /** there at once: for the opening picture and the thumbnails */
  readonly #cpu: Promise<Engine> = createEngine({ device: "cpu" });
  readonly #bench: Bench = new Bench(this);
  #accepted: Accepted;
  /** the panels that need a new run: whether it is to be trained at once, and what to show again if it is refused */
  #due = new Map<Slot, { train: boolean; before: PanelState | undefined }>();
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** the newest share of the training asked to be shown; several while one is on its way are one */
  #rewindTo: number | null = null;
  #rendered: State | undefined;
  #renderedMs = 0;
  /** by the reader, who must see the answer in the next frame */
  #touched = true;

  constructor(host: HTMLElement, { device = "auto" }: PlaygroundOptions) {
    this.#host = host;
    this.state = initialState(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.#accepted = { setup: this.state.setup, user: null };
    this.#engine = createEngine({ device });
    this.change(placeEngine({ asked: device }));
    this.#stages = new Stages(host, () => this.state, this.#touch);
  }

  start(): void {
    this.#acceptDrops();
    this.#watchWhetherSeen();
    addEventListener("beforeprint", () => {
      this.#stages.drawAll();
      this.#evidence.drawAll(this.state);
    });
    requestAnimationFrame((nowMs) => this.#frame(nowMs, nowMs));
    void this.#open();
  }

  change(change: Change): void {
    this.state = change(this.state);
  }

  readonly #touch = (change: Change): void => {
    this.#touched = true;
    this.change(change);
  };

  #frame(nowMs: number, beforeMs: number): void {
    requestAnimationFrame((nextMs) => this.#frame(nextMs, nowMs));
    this.change(advanceTime(Math.min(MAX_FRAME_SECONDS, (nowMs - beforeMs) / 1000)));
    this.#bench.keepUp(nowMs);
    // What costs a few milliseconds is spread over frames: while training, others want the processor too.
    const charted = !this.#touched && this.#evidence.drawOne(this.state, nowMs);
    const due = this.#touched || nowMs - this.#renderedMs >= CONTROLS_MS;
    if (!charted && due && (this.#touched || this.state !== this.#rendered)) this.#renderControls(nowMs);
    this.#stages.draw(nowMs - beforeMs);
  }

  #renderControls(nowMs: number): void {
    const before = this.#rendered;
    // The first time it shows but a part, so the next frame has more to do.
    this.#touched = before === undefined;
    this.#rendered = this.state;
    this.#renderedMs = nowMs;
    const drawn = {
      stage: (slot: Slot) => this.#stages.element(slot),
      chart: (slot: Slot) => this.#evidence.loss(slot),
      quality: this.#evidence.quality,
      thumbnails: this.#thumbnails.elements,
    };
    render(page(this.state, this.#actions, drawn, before !== undefined), this.#host);
  }

  /** The opening picture comes from shipped weights and the CPU, which is there first. */
  async #open(): Promise<void> {
    await this.#inTurn(async () => {
      const { setup, user, panels } = this.state;
      const refusal = await this.#bench.begin({ engine: await this.#cpu, setup, user, origin: "pretrained", panels });
      if (refusal !== null) this.#failAll(refusal.reason);
    });
    void this.#thumbnails.drawBuiltIn(await this.#cpu);
    await this.#tellEngine();
  }

  /** What the engine says of itself, and again once it has measured. */
  async #tellEngine(): Promise<void> {
    const engine = await this.#engine;
    const { usable, reason } = await probeWebGpu((navigator as { gpu?: Gpu }).gpu, true);
    this.change(placeEngine({ reason: engine.deviceReason, refusal: usable ? null : reason }));
    await engine.measured;
    this.change(placeEngine({ reason: engine.deviceReason }));
  }

  /** The runs go with it, in the middle of training too. */
  async #compute(device: AskedDevice): Promise<void> {
    this.#touch(placeEngine({ asked: device, isMoving: true }));
    this.#touch(say(null));
    this.#engine = createEngine({ device });
    const engine = await this.#engine;
    await engine.measured;
    const refusals = await this.#bench.moveAll(engine);
    this.#touch(placeEngine({ isMoving: false }));
    if (refusals.length > 0) this.#touch(say({ kind: "error", at: "engine", text: messageOf(refusals[0]) }));
    await this.#tellEngine();
  }

  /** One after the other: a click on Train right after one on other data trains on that data. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastTurn.then(work);
    this.#lastTurn = done.catch(() => undefined);
    return done;
  }

  /** Every panel anew, with other things to share. */
  #restart(change: Change): Promise<boolean> {
    this.#touch(change);
    for (const { slot } of this.state.panels) this.#makeDue(slot);
    return this.#inTurn(() => this.#begin());
  }

  #makeDue(slot: Slot): void {
    this.#due.set(slot, this.#due.get(slot) ?? { before: undefined, train: false });
  }

  /** One panel anew; until its run is there, it says that it is opening. */
  async #choose(slot: Slot, choice: PanelChoice): Promise<void> {
    const train = panelAt(this.state, slot)?.phase === "training";
    // What is shown again if the new run is refused must be all that the old one has come to.
    await this.#bench.pause([slot]);
    this.#due.set(slot, { before: panelAt(this.state, slot), train });
    this.#touch(choosePanel(slot, choice));
    await this.#begin();
  }

  #arrange(change: Change): void {
    const had = this.state.panels;
    this.#touch(change);
    for (const { slot } of had) if (panelAt(this.state, slot) === undefined) this.#bench.close(slot);
    for (const panel of this.state.panels) {
      if (!had.includes(panel)) this.#due.set(panel.slot, { before: undefined, train: false });
    }
    void this.#inTurn(() => this.#begin());
  }

  /** What is due, with what was asked for last: of several asked for meanwhile only the last is begun. */
  async #begin(): Promise<boolean> {
    const due = this.#due;
    this.#due = new Map();
    const { setup, user } = this.state;
    const panels = this.state.panels.filter(({ slot }) => due.has(slot));
    if (panels.length === 0) return true;
    const wasTraining = trainingLabel(this.state) === "Pause";
    const refusal = await this.#bench.begin({ engine: await this.#engine, setup, user, origin: "seed", panels });
    if (refusal !== null) {
      this.#refuse(refusal, due, setup);
      return false;
    }
    this.#accepted = { setup, user };
    void this.#bench.train([...due].filter(([, { train }]) => wasTraining || train).map(([slot]) => slot));
    return true;
  }

  /** Nothing on screen is lost: what was accepted last is shown again, with one sentence of why. */
  #refuse(
    { slot, reason }: { slot: Slot; reason: unknown },
    due: ReadonlyMap<Slot, { train: boolean; before: PanelState | undefined }>,
    asked: Setup,
  ): void {
    const at = reason instanceof FlowError ? (reason.field ?? "") : "";
    const before = due.get(slot)?.before;
    // The sampler only draws: it is nothing that a run is refused for.
    const { solver, solverSteps } = this.state.setup;
    const { setup, user } = this.#accepted;
    if (isSameButSampler(this.state.setup, asked)) {
      this.change((state) => ({ ...state, user, setup: { ...setup, solver, solverSteps } }));
    }
    this.change((state) => ({
      ...state,
      panels: state.panels.map((panel) => due.get(panel.slot)?.before ?? panel),
    }));
    const isShared =
      before === undefined && this.#bench.panel(slot) !== undefined && /^(noise\.kind$|data|network)/.test(at);
    this.#touch(say({ kind: "error", at: isShared ? at : `${slot} ${at}`, text: messageOf(reason) }));
    for (const panel of this.state.panels) {
      // Where nothing runs yet, the panels must not say that they are starting.
      if (this.#bench.panel(panel.slot) === undefined) this.#fail(panel.slot, reason);
    }
    // Paused for the new run that there is not, the old one goes on.
    void this.#bench.train([...due].filter(([, { train, before }]) => train && before).map(([slot]) => slot));
  }

  #failAll(reason: unknown): void {
    for (const { slot } of this.state.panels) this.#fail(slot, reason);
  }

  #fail(slot: Slot, reason: unknown): void {
    const failed = (panel: PanelState) => ({ ...panel, phase: "failed", error: messageOf(reason) }) as const;
    this.change((state) => ({
      ...state,
      panels: state.panels.map((panel) => (panel.slot === slot ? failed(panel) : panel)),
    }));
  }

  /** Training starts from the seed's initial weights, never from the shipped ones. */
  async #prepareTraining(): Promise<boolean> {
    for (const panel of this.state.panels) if (needsNewRun(panel)) this.#makeDue(panel.slot);
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
    change: this.#touch,
    toggleTraining: () => {
      // What the button said when it was pressed, whatever is being opened before it is done.
      const isPausing = trainingLabel(this.state) === "Pause";
      void this.#inTurn(async () => {
        if (isPausing) await this.#bench.pause();
        else await this.#startAll();
      });
    },
    trainOneStep: () =>
      this.#inTurn(async () => {
        if (await this.#prepareTraining()) await this.#train(1);
      }),
    reset: () =>
      this.#inTurn(async () => {
        const anew = this.state.panels.some(needsNewRun) || !(await this.#bench.reset());
        if (!anew) return;
        await this.#bench.pause();
        for (const { slot } of this.state.panels) this.#makeDue(slot);
        await this.#begin();
      }),
    rewind: (share) => this.#rewind(share),
    restart: (setup) => this.#restart(changeSetup(setup)),
    choose: (slot, choice) => this.#inTurn(() => this.#choose(slot, choice)),
    addPanel: (choice) => this.#arrange(addPanel(choice)),
    removePanel: (slot) => this.#arrange(removePanel(slot)),
    compare: (id) => this.#compare(id),
    repeat: () => this.#repeat(),
    addRound: (slot) => this.#inTurn(() => this.#addRound(slot)),
    compute: (device) => this.#inTurn(() => this.#compute(device)),
    read: (source, name, chosen) => this.#read(source, name, chosen),
    usePoints: (points, name) => this.#use({ name, points, columns: ["x", "y"], note: null }),
    exportSamples: (slot) => this.#exportSamples(slot),
    exportPicture: (slot) => this.#exportPicture(slot),
  };

  #rewind(share: number): void {
    const isUnderWay = this.#rewindTo !== null;
    this.#rewindTo = share;
    if (isUnderWay) return;
    void this.#inTurn(async () => {
      try {
        await this.#bench.pause();
        for (let next = this.#rewindTo; next !== null; next = this.#rewindTo === next ? null : this.#rewindTo) {
          await this.#bench.rewind(next);
        }
      } finally {
        this.#rewindTo = null;
      }
    });
  }

  #compare(id: PresetId): void {
    const { panels, setup } = presetOf(id);
    for (const { slot } of this.state.panels) this.#bench.close(slot);
    this.#arrange((state) => changeSetup({ noise: "gaussian", ...setup })(placePanels(panels)(state)));
  }

  /** The same again with the next seed, to its end. */
  async #repeat(): Promise<void> {
    const { seed } = this.state.setup;
    if (await this.#restart(changeSetup({ seed: seed + 1 }))) void this.#inTurn(() => this.#startAll());
  }

  async #startAll(): Promise<void> {
    if (await this.#prepareTraining()) void this.#train();
  }

  async #read(source: Blob | string, name: string, chosen?: readonly number[]): Promise<void> {
    const answer = await readPoints({ source, ...(chosen && { chosen }) });
    if (answer.kind === "refused") return this.#touch(say({ kind: "error", at: "data", text: answer.message }));
    if (answer.kind === "choose") {
      return this.#touch(showDialog({ kind: "columns", name, source, columns: answer.columns }));
    }
    const { points, columns, note } = answer;
    await this.#use({ name, points, columns, note });
  }

  async #use(user: UserData): Promise<void> {
    if (!(await this.#restart(useUserData(user))) || this.state.user !== user) return;
    if (user.note !== null) this.#touch(say({ kind: "info", at: "data", text: user.note }));
    const [panel] = this.state.panels;
    if (panel?.picture.data) this.#thumbnails.drawOwn(panel.picture.data, panel);
  }

  async #exportSamples(slot: Slot): Promise<void> {
    const panel = this.#bench.panel(slot);
    if (panel === undefined) return;
    const { setup, user } = this.state;
    const { method, own } = panel.choice;
    const isOwnPoints = (own.data ?? setup.data) === "points";
    await download.samples(panel.run, samplerFor(method, setup), method, isOwnPoints ? user : null);
  }

  #exportPicture(slot: Slot): void {
    const svg = this.#stages.svg(slot);
    const method: MethodId | undefined = panelAt(this.state, slot)?.method;
    if (svg !== null && method !== undefined) download.text(svg, "image/svg+xml", `${method}.svg`);
  }

  /** Nobody looks into a hidden tab, or at what is scrolled away: nothing is computed there. */
  #watchWhetherSeen(): void {
    let onScreen = true;
    const update = () => this.#bench.sleep(document.hidden || !onScreen);
    document.addEventListener("visibilitychange", update);
    new IntersectionObserver((entries) => {
      onScreen = entries.at(-1)?.isIntersecting ?? true;
      update();
    }).observe(this.#host);
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

function isSameButSampler(one: Setup, other: Setup): boolean {
  const { solver, solverSteps } = one;
  return JSON.stringify(one) === JSON.stringify({ ...other, solver, solverSteps });
}
