// mount(): puts the parts together, and has the only requestAnimationFrame.
import { nothing, render } from "lit";
import { actionsOf } from "./actions";
import type { Actions, Around } from "./controls/actions";
import { keepingFocus } from "./controls/focus";
import { page } from "./controls/page";
import { EvidenceCharts } from "./drawn/evidence";
import { Stages } from "./drawn/stages";
import { Strips } from "./drawn/strips";
import { Thumbnails } from "./drawn/thumbnails";
import { acceptDrops } from "./drops";
import type { RecordedFilm } from "./film/format";
import { showFilm } from "./film/shown";
import type { Run } from "./library";
import { linkTo } from "./link/address";
import { OwnPoints } from "./own-points";
import { Press } from "./print/press";
import { Bench } from "./runs/bench";
import { Commands } from "./runs/commands";
import { Engines } from "./runs/engines";
import { Openings } from "./runs/openings";
import { type Past, Pasts } from "./runs/pasts";
import type { PanelHost } from "./runs/place";
import { SeriesRunner } from "./runs/series";
import { watchWhetherSeen } from "./seen";
import { Sharing, type TellShared } from "./sharing";
import { initialState, showShared } from "./state/initial";
import { arrange } from "./state/room";
import { type Shared, sharedOf } from "./state/shared";
import type { AskedDevice, Change, Room, Slot, State } from "./state/state";
import { say } from "./state/talk";
import { advanceTime } from "./state/view";
import { TakeAway } from "./take-away/take-away";

export interface PlaygroundOptions {
  /** "auto", the default, trains on WebGPU where it is faster. */
  device?: AskedDevice;
  /** What it opens with, instead of what nobody chose. */
  shared?: Shared;
  /** One sentence to open with. */
  notice?: string;
  /** What is seen until its runs are there. */
  film?: Promise<RecordedFilm | null>;
  /** Told about once a second of what is to be shared, where that has changed, and of a training that was left for it. */
  onShared?: TellShared;
  /** Told of the state whenever its controls are drawn: 16 times a second at the most. */
  onState?: (state: State) => void;
  /** How the reader left the page; with the stages alone by default. */
  room?: Room;
  /** Told what is asked for of the page around it. Without, nothing is offered. */
  onAsked?: (what: Around) => void;
  /** The whole playground's page, where this is a part of someone else's: links lead there. Empty where there is none. */
  site?: string;
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

/** A playground on its host, until it is disposed of. */
export type Mounted = Readonly<Omit<Playground, "start" | "print">>;

/** Unless the reader asks for as little motion as can be. */
function moves(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

class Playground implements PanelHost {
  state: State;
  readonly #host: HTMLElement;
  readonly #options: PlaygroundOptions;
  readonly #stages: Stages;
  readonly #actions: Actions;
  readonly #press: Press;
  readonly #evidence = new EvidenceCharts();
  readonly #strips = new Strips();
  readonly #thumbnails = new Thumbnails();
  readonly #engines: Engines;
  readonly #bench: Bench = new Bench(this);
  readonly #openings: Openings;
  readonly #commands: Commands;
  readonly #points: OwnPoints;
  readonly #sharing: Sharing;
  readonly #pasts: Pasts;
  readonly #watching = new Set<(state: State) => void>();
  #rendered: State | undefined;
  #renderedMs = 0;
  /** by the reader, who must see the answer in the next frame */
  #touched = true;
  /** aborted at its end */
  readonly #life = new AbortController();

  constructor(host: HTMLElement, options: PlaygroundOptions) {
    const { device = "auto", shared, notice, site = null } = options;
    this.#host = host;
    this.#options = options;
    this.#sharing = new Sharing(options.onShared);
    if (options.onState) this.#watching.add(options.onState);
    this.state = initialState(moves(), shared, site);
    if (options.room !== undefined) this.change(arrange(options.room));
    const [state, touch, bench] = [() => this.state, this.#touch, this.#bench];
    this.#openings = new Openings(state, touch, bench, () => this.#engines.chosen);
    this.#commands = new Commands(state, touch, this.#openings, bench);
    if (notice !== undefined) this.change(say({ kind: "error", at: "link", text: notice }));
    this.#engines = new Engines(device, touch);
    this.#stages = new Stages(host, state, touch, this.#life.signal);
    this.#press = new Press(host, this, this.#stages, this.#evidence);
    this.#pasts = new Pasts(state, touch, bench, this.#sharing);
    const told = { state, touch, openings: this.#openings, pasts: this.#pasts };
    this.#points = new OwnPoints(told, this.#thumbnails);
    this.#actions = actionsOf({
      ...told,
      bench,
      commands: this.#commands,
      engines: this.#engines,
      points: this.#points,
      series: new SeriesRunner({ ...told, change: touch, bench, commands: this.#commands }),
      openKept: ({ shared, panels }) => this.#replace({ shared, panels: Promise.resolve(panels) }),
      openPast: (past) => this.#replace(past),
      ask: options.onAsked ?? null,
      take: new TakeAway(this, touch, bench, this.#stages),
    });
  }

  start(): void {
    if (!this.state.hidden.includes("data")) acceptDrops(this.#host, this.#actions.read);
    watchWhetherSeen(this.#host, (isSeen) => this.#bench.sleep(!isSeen), this.#life.signal);
    this.#press.listen(this.#life.signal);
    void this.#options.film?.then((film) => film && this.change(showFilm(film)));
    requestAnimationFrame((nowMs) => this.#frame(nowMs, nowMs));
    const { signal } = this.#life;
    this.#open()
      .catch((error) => {
        // What is under way at its end is refused, and nobody is to be told.
        if (!signal.aborted) throw error;
      })
      .finally(() => this.#press.prepare(signal));
  }

  change(change: Change): void {
    this.state = change(this.state);
  }

  /** For so many steps, or until the budgets are spent. Resolves once it rests; rejects where a run fails or can't be begun. */
  train(numSteps?: number): Promise<void> {
    return this.#commands.train(numSteps);
  }

  /** As its button does: what takes long is said before it is begun. */
  toggleTraining(): void {
    this.#commands.toggle();
  }

  pause(): Promise<void> {
    return this.#commands.pause();
  }

  reset(): Promise<void> {
    return this.#pasts.leave(() => this.#commands.reset());
  }

  /** A file of points or pictures, or one that was saved, as if it had been dropped. */
  async read(file: Blob, name: string): Promise<void> {
    await this.#actions.read(file, name);
    await this.opened();
  }

  /** Tells of the state as `onState` does, until the signal. */
  watch(told: (state: State) => void, signal: AbortSignal): void {
    this.#watching.add(told);
    signal.addEventListener("abort", () => this.#watching.delete(told));
  }

  /** Resolves when every run asked for by now is there, or was refused. */
  opened(): Promise<void> {
    return this.#openings.inTurn(async () => undefined);
  }

  /** a panel's run, to be asked anything that the library answers */
  run(slot: Slot): Run | undefined {
    return this.#bench.panel(slot)?.run;
  }

  /** this in the place of all there is, as if it had been opened with it: at once, and its runs when their turn comes */
  show(shared: Shared): void {
    const past = this.#pasts.of(shared) ?? { shared, panels: Promise.resolve([]) };
    // A browser's history is at another entry by now: what is left there is what was told last.
    void this.#pasts.leave(() => this.#replace(past), this.#sharing.told ?? shared);
  }

  /** What could not be kept is as its link says. */
  #replace({ shared, panels }: Past): void {
    for (const { slot } of this.state.panels) this.#bench.close(slot);
    this.#touch(showShared(shared, moves()));
    const opened = async () =>
      this.#openings.open(await this.#engines.cpu, shared.panels, await panels.catch(() => []));
    void this.#openings.inTurn(opened);
  }

  /** a link to all of this as it is now; null where its points are too many for one, or there is no page to open it */
  link(): string | null {
    const [{ site }, shared] = [this.state, sharedOf(this.state)];
    if (site === null) return linkTo(shared);
    return site === "" ? null : linkTo({ ...shared, hidden: [] }, site);
  }

  /** Ends its runs and leaves the host empty. */
  dispose(): void {
    this.#life.abort();
    for (const { slot } of this.state.panels) this.#bench.close(slot);
    this.#engines.dispose();
    render(nothing, this.#host);
  }

  print(): Promise<void> {
    return this.#press.print();
  }

  /** Makes what is printed of it, once every training and picture is done: it must be on screen, or nothing computes. */
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
    this.#strips.draw(this.state.panels, this.#stages.palette);
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
      strips: (slot: Slot) => this.#strips.element(slot),
      chart: (slot: Slot) => this.#evidence.loss(slot),
      quality: this.#evidence.quality,
      qualityAt: this.#evidence.qualityAt,
      thumbnails: this.#thumbnails.elements,
    };
    const draw = () => render(page(this.state, this.#actions, drawn, before !== undefined), this.#host);
    keepingFocus(this.#host, draw);
    for (const told of this.#watching) told(this.state);
  }

  async #open(): Promise<void> {
    const { cpu } = this.#engines;
    await this.#openings.inTurn(async () => this.#openings.open(await cpu, this.#options.shared?.panels ?? []));
    if (this.state.user !== null) this.#points.showThumbnail();
    // Without an engine there are none, and the panels say why.
    this.#thumbnails.drawBuiltIn(await cpu).catch(() => undefined);
    await this.#engines.tell();
  }
}
