// mount(): the only file that knows engine, stage and controls, and the only requestAnimationFrame.
import { nothing, render } from "lit";
import type { Actions } from "./controls/actions";
import { keepingFocus } from "./controls/focus";
import { page } from "./controls/page";
import { EvidenceCharts } from "./drawn/evidence";
import { Stages } from "./drawn/stages";
import { Thumbnails } from "./drawn/thumbnails";
import { acceptDrops } from "./drops";
import { count } from "./engine/arguments";
import { messageOf } from "./engine/error";
import type { FileOptions } from "./experiment/files";
import { type PresetId, presetOf } from "./experiment/presets";
import { createEngine, type Engine, type Gpu, probeWebGpu, type Run } from "./library";
import { linkTo } from "./link/address";
import { Press } from "./print/press";
import { NewestFile } from "./reading";
import { Bench } from "./runs/bench";
import { Openings } from "./runs/openings";
import type { PanelHost } from "./runs/place";
import { Rewinding } from "./runs/rewinding";
import { watchWhetherSeen } from "./seen";
import { Sharing } from "./sharing";
import { initialState, showShared } from "./state/initial";
import { addPanel, needsNewRun, panelAt, removePanel } from "./state/panel";
import { changeSetup, placePanels, useUserData } from "./state/setup";
import { type Shared, sharedOf } from "./state/shared";
import type { AskedDevice, Change, Slot, State, UserData } from "./state/state";
import { ask, placeEngine, say, showColumns } from "./state/talk";
import { trainingLabel } from "./state/training";
import { advanceTime } from "./state/view";
import { TakeAway } from "./take-away/take-away";

export interface PlaygroundOptions {
  /** "auto", the default, trains on WebGPU where it is faster. */
  device?: "auto" | "cpu" | "webgpu";
  /** What it opens with, instead of what nobody chose. */
  shared?: Shared;
  /** One sentence to open with. */
  notice?: string;
  /** Told about once a second of what is to be shared, where that has changed. */
  onShared?: (shared: Shared) => void;
  /** Told of the state whenever its controls are drawn: 16 times a second at the most. */
  onState?: (state: State) => void;
  /** The whole playground's page, where this is a part of someone else's: links lead there. Empty where there is none. */
  site?: string;
}

/** A playground on its host, until it is disposed of. */
export interface Mounted {
  readonly state: State;
  change(change: Change): void;
  /** For so many steps, or until the budgets are spent. Resolves once it rests; rejects where a run fails or can't be begun. */
  train(numSteps?: number): Promise<void>;
  pause(): Promise<void>;
  reset(): Promise<void>;
  /** Resolves when every run asked for by now is there, or was refused. */
  opened(): Promise<void>;
  /** a panel's run, to be asked anything that the library answers */
  run(slot: Slot): Run | undefined;
  /** this in the place of all there is, as if it had been opened with it: at once, and its runs when their turn comes */
  show(shared: Shared): void;
  /** a link to all of this as it is now; null where its points are too many for one, or there is no page to open it */
  link(): string | null;
  /** Makes what is printed of it, once every training and picture is done: it must be on screen, or nothing computes. */
  layOut(): Promise<void>;
  /** Ends its runs and leaves the host empty. */
  dispose(): void;
}

/** Numbers that change by themselves are read, not watched: laying them out every frame would cost as much as the stages. */
const CONTROLS_MS = 60;
/** A tab that was hidden must not jump in time when it is shown again. */
const MAX_FRAME_SECONDS = 0.05;

export function mount(host: HTMLElement, options: PlaygroundOptions = {}): Mounted {
  const playground = new Playground(host, options);
  playground.start();
  return playground;
}

/** Unless the reader asks for as little motion as can be. */
function moves(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

class Playground implements PanelHost, Mounted {
  state: State;
  readonly #host: HTMLElement;
  readonly #options: PlaygroundOptions;
  readonly #stages: Stages;
  readonly #actions: Actions;
  readonly #press: Press;
  readonly #evidence = new EvidenceCharts();
  readonly #thumbnails = new Thumbnails();
  /** where training runs */
  #engine: Promise<Engine>;
  /** counts the engines that were chosen */
  #engineTurn = 0;
  /** there at once: for the opening picture and the thumbnails */
  readonly #cpu: Promise<Engine> = createEngine({ device: "cpu" });
  readonly #bench: Bench = new Bench(this);
  readonly #openings: Openings;
  readonly #files = new NewestFile();
  readonly #rewinding: Rewinding;
  #rendered: State | undefined;
  #renderedMs = 0;
  readonly #sharing: Sharing;
  /** by the reader, who must see the answer in the next frame */
  #touched = true;
  /** aborted at its end */
  readonly #life = new AbortController();

  constructor(host: HTMLElement, options: PlaygroundOptions) {
    const { device = "auto", shared, notice, site = null } = options;
    this.#host = host;
    this.#options = options;
    this.#sharing = new Sharing(options.onShared);
    this.state = initialState(moves(), shared, site);
    this.#openings = new Openings(
      () => this.state,
      this.#touch,
      this.#bench,
      () => this.#engine,
    );
    this.#rewinding = new Rewinding(this.#openings, this.#bench);
    if (notice !== undefined) this.change(say({ kind: "error", at: "link", text: notice }));
    this.#engine = createEngine({ device });
    this.change(placeEngine({ asked: device }));
    this.#stages = new Stages(host, () => this.state, this.#touch, this.#life.signal);
    this.#press = new Press(host, this, this.#stages, this.#evidence);
    this.#actions = { ...this.#asked, take: new TakeAway(this, this.#touch, this.#bench, this.#stages) };
  }

  start(): void {
    if (!this.state.hidden.includes("data")) {
      acceptDrops(this.#host, (source, name) => void this.#read(source, name));
    }
    watchWhetherSeen(this.#host, (isSeen) => this.#bench.sleep(!isSeen), this.#life.signal);
    this.#press.listen(this.#life.signal);
    requestAnimationFrame((nowMs) => this.#frame(nowMs, nowMs));
    this.#untilDisposed(this.#open());
  }

  /** What is under way then is refused, and nobody is to be told. */
  #untilDisposed(work: Promise<unknown>): void {
    work.catch((error) => {
      if (!this.#life.signal.aborted) throw error;
    });
  }

  change(change: Change): void {
    this.state = change(this.state);
  }

  async train(numSteps?: number): Promise<void> {
    if (numSteps !== undefined) count("numSteps", numSteps);
    let rest: Promise<void> | undefined;
    await this.#openings.inTurn(async () => {
      // Not within the turn, so that it can be paused.
      if (await this.#openings.prepareTraining()) rest = this.#train(numSteps);
    });
    await rest;
    const { panels, notice } = this.state;
    const failed = panels.find(({ phase }) => phase === "failed");
    if (failed || rest === undefined)
      throw new Error(failed?.error ?? notice?.text ?? "It can't be trained as it is set.");
  }

  /** At once, whatever is waited for in turn; and after that, what that has started. */
  async pause(): Promise<void> {
    const inTurn = this.#openings.inTurn(() => this.#bench.pause());
    await Promise.all([this.#bench.pause(), inTurn]);
  }

  reset(): Promise<void> {
    return this.#openings.inTurn(() => this.#reset());
  }

  opened(): Promise<void> {
    return this.#openings.inTurn(async () => undefined);
  }

  run(slot: Slot): Run | undefined {
    return this.#bench.panel(slot)?.run;
  }

  show(shared: Shared): void {
    for (const { slot } of this.state.panels) this.#bench.close(slot);
    this.#touch(showShared(shared, moves()));
    void this.#openings.inTurn(async () => this.#openings.open(await this.#cpu, shared.panels));
  }

  link(): string | null {
    const [{ site }, shared] = [this.state, sharedOf(this.state)];
    if (site === null) return linkTo(shared);
    return site === "" ? null : linkTo({ ...shared, hidden: [] }, site);
  }

  loadWeights(slot: Slot, weights: Uint8Array): void {
    void this.#openings.inTurn(() => this.#openings.load(slot, weights));
  }

  dispose(): void {
    this.#life.abort();
    for (const { slot } of this.state.panels) this.#bench.close(slot);
    for (const engine of [this.#engine, this.#cpu])
      engine.then(
        (one) => one.dispose(),
        () => undefined,
      );
    render(nothing, this.#host);
  }

  print(): Promise<void> {
    return this.#press.print();
  }

  async layOut(): Promise<void> {
    await this.opened();
    const hasFailed = () => this.state.panels.some(({ phase }) => phase === "failed");
    const isSettled = () => hasFailed() || this.#bench.isSettled(this.state.panels.map(({ slot }) => slot));
    while (!this.#life.signal.aborted && !isSettled()) await new Promise(requestAnimationFrame);
    await this.#press.layOut();
  }

  readonly #touch = (change: Change): void => {
    this.#touched = true;
    this.change(change);
  };

  #frame(nowMs: number, beforeMs: number): void {
    if (this.#life.signal.aborted) return;
    requestAnimationFrame((nextMs) => this.#frame(nextMs, nowMs));
    this.change(advanceTime(Math.min(MAX_FRAME_SECONDS, (nowMs - beforeMs) / 1000)));
    this.#bench.keepUp(nowMs);
    // What costs a few milliseconds is spread over frames: while training, others want the processor too.
    const charted = !this.#touched && this.#evidence.drawOne(this.state, nowMs);
    const due = this.#touched || nowMs - this.#renderedMs >= CONTROLS_MS;
    if (!charted && due && (this.#touched || this.state !== this.#rendered)) this.#renderControls(nowMs);
    this.#stages.draw(nowMs - beforeMs);
    this.#sharing.inTime(this.state, nowMs);
  }

  #renderControls(nowMs: number): void {
    const before = this.#rendered;
    // The first time it shows but a part, so the next frame has more to do.
    this.#touched = before === undefined;
    const { theme } = this.state;
    if (theme !== before?.theme) this.#host.dataset.theme = theme;
    this.#rendered = this.state;
    this.#renderedMs = nowMs;
    const drawn = {
      stage: (slot: Slot) => this.#stages.element(slot),
      chart: (slot: Slot) => this.#evidence.loss(slot),
      quality: this.#evidence.quality,
      qualityAt: this.#evidence.qualityAt,
      thumbnails: this.#thumbnails.elements,
    };
    const draw = () => render(page(this.state, this.#actions, drawn, before !== undefined), this.#host);
    keepingFocus(this.#host, draw);
    this.#options.onState?.(this.state);
  }

  async #open(): Promise<void> {
    const { shared } = this.#options;
    await this.#openings.inTurn(async () => this.#openings.open(await this.#cpu, shared?.panels ?? []));
    if (this.state.user !== null) this.#showOwn();
    // Without an engine there are none, and the panels say why.
    this.#thumbnails.drawBuiltIn(await this.#cpu).catch(() => undefined);
    await this.#tellEngine();
  }

  /** What the engine says of itself, and again once it has measured. */
  async #tellEngine(): Promise<void> {
    const [engine, turn] = [await this.#engine, this.#engineTurn];
    this.change(placeEngine({ reason: engine.deviceReason }));
    const { usable, reason } = await probeWebGpu((navigator as { gpu?: Gpu }).gpu, true);
    this.change(placeEngine({ refusal: usable ? null : reason }));
    await engine.measured;
    if (turn === this.#engineTurn) this.change(placeEngine({ reason: engine.deviceReason }));
  }

  /** The runs go with it, in the middle of training too. What is asked meanwhile is done meanwhile; the last choice counts. */
  async #compute(device: AskedDevice): Promise<void> {
    const turn = ++this.#engineTurn;
    this.#touch(placeEngine({ asked: device, isMoving: true }));
    this.#touch(say(null));
    const engine = await createEngine({ device });
    await engine.measured;
    if (turn !== this.#engineTurn) return;
    this.#engine = Promise.resolve(engine);
    let moved: Promise<unknown[]> = Promise.resolve([]);
    // Not waited for within the turn: what is being opened goes with them, and a pause waits for none.
    await this.#openings.inTurn(async () => {
      moved = this.#bench.moveAll(engine);
    });
    const refusals = await moved;
    if (turn !== this.#engineTurn) return;
    this.#touch(placeEngine({ isMoving: false }));
    if (refusals.length > 0) this.#touch(say({ kind: "error", at: "engine", text: messageOf(refusals[0]) }));
    await this.#tellEngine();
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

  readonly #asked: Omit<Actions, "take"> = {
    change: this.#touch,
    toggleTraining: () => {
      // What the button said when it was pressed, whatever is being opened before it is done.
      const isPausing = trainingLabel(this.state) === "Pause";
      void (isPausing ? this.pause() : this.#openings.inTurn(() => this.#startAll()));
    },
    trainOneStep: () =>
      this.#openings.inTurn(async () => {
        if (await this.#openings.prepareTraining()) await this.#train(1);
      }),
    reset: () => void this.reset(),
    rewind: (share) => this.#rewinding.to(share),
    restart: (setup) => this.#ask(() => this.#openings.restart(changeSetup(setup))),
    choose: (slot, change) => this.#ask(() => this.#openings.inTurn(() => this.#openings.choose(slot, change))),
    addPanel: (choose) => this.#ask(() => this.#openings.arrange((state) => addPanel(choose(state))(state))),
    removePanel: (slot) => this.#ask(() => this.#openings.arrange(removePanel(slot))),
    compare: (id) => this.#ask(() => this.#compare(id)),
    repeat: () => this.#repeat(),
    addRound: (slot) => this.#openings.inTurn(() => this.#addRound(slot)),
    compute: (device) => void this.#compute(device),
    read: (source, name, options) => this.#read(source, name, options),
    usePoints: (points, name) => {
      this.#files.supersede();
      void this.#use({ name, points, columns: ["x", "y"], note: null });
    },
  };

  async #reset(): Promise<void> {
    const anew = this.state.panels.some(needsNewRun) || !(await this.#bench.reset());
    if (!anew) return;
    await this.#bench.pause();
    for (const { slot } of this.state.panels) this.#openings.makeDue(slot);
    await this.#openings.begin();
  }

  /** Whatever makes another comparison: what is so now is told first. */
  #ask(change: () => unknown): void {
    this.#sharing.now(this.state);
    void change();
  }

  #compare(id: PresetId): void {
    const { panels, setup, columns } = presetOf(id);
    for (const { slot } of this.state.panels) this.#bench.close(slot);
    this.#openings.arrange((state) =>
      showColumns(columns)(changeSetup({ noise: "gaussian", ...setup })(placePanels(panels)(state))),
    );
  }

  /** The same again with the next seed, to its end. */
  async #repeat(): Promise<void> {
    const { seed } = this.state.setup;
    if (await this.#openings.restart(changeSetup({ seed: seed + 1 })))
      void this.#openings.inTurn(() => this.#startAll());
  }

  async #startAll(): Promise<void> {
    if (await this.#openings.prepareTraining()) void this.#train();
  }

  async #read(source: Blob | string, name: string, options: FileOptions = {}): Promise<void> {
    const answer = await this.#files.read({ source, options, isPlanar: true });
    if (answer === null) return;
    const file = { name, source, options };
    if (answer.kind === "refused") return this.#touch(say({ kind: "error", at: "data", text: answer.message }));
    if (answer.kind === "choose") return this.#touch(ask({ kind: "columns", file, columns: answer.columns }));
    if (answer.kind === "doubt") return this.#touch(ask({ ...answer, file }));
    const { points, columns, note } = answer;
    await this.#use({ name, points, columns, note });
  }

  async #use(user: UserData): Promise<void> {
    this.#sharing.now(this.state);
    if (!(await this.#openings.restart(useUserData(user))) || this.state.user !== user) return;
    if (user.note !== null) this.#touch(say({ kind: "info", at: "data", text: user.note }));
    this.#showOwn();
  }

  #showOwn(): void {
    const [panel] = this.state.panels;
    if (panel?.picture.data) this.#thumbnails.drawOwn(panel.picture.data, panel);
  }
}
