/**
 * `<flow-playground>`: a playground in anyone's page. A poster until it is run; everything else is loaded then.
 *
 * ```html
 * <script type="module" src="https://…/flow-playground-element.js"></script>
 * <flow-playground method="flow-matching" data="moons" seed="7"></flow-playground>
 * ```
 */
export type { Attribute, FlowEvents, PanelProgress, Progress, Reflected } from "./embed/attributes";

import {
  ATTRIBUTES,
  type FlowEvents,
  type PanelProgress,
  type Reflected,
  reflect,
  setAgain,
  setAttributeOf,
  type Tells,
} from "./embed/attributes";
import { filmWhenNear, isNumeric, savesData } from "./embed/film";
import { homeOf, PUBLIC_SITE } from "./embed/home";
import { keepKeys } from "./embed/keys";
import { lookSheet } from "./embed/look";
import { posterPicture } from "./embed/poster";
import { finishedTo, trainedTo } from "./embed/progress";
import { whenSeen } from "./embed/seen";
import { Waiting } from "./embed/waiting";
import type { FilmPoster } from "./film/poster";
import { msg } from "./language";
import type { Run } from "./library";
import { KEYS } from "./link/keys";
import type { Mounted } from "./playground";
import type { Shared } from "./state/shared";
import type { State } from "./state/state";

type Live = typeof import("./embed/live");

const HOME = homeOf(import.meta.url);

/** What only the poster shows or does. */
const OF_POSTER: readonly string[] = ["poster", "label", "autoplay"];
/** What can be set while it runs, and everything goes on. */
const LIVE: readonly string[] = ["theme", "t", "play"];

const NOT_LOADED = msg("The playground could not be loaded.");
const NOT_THERE = msg("This playground is on no page, or was stopped before it could train.");

/** Where there is no page, as on a server that renders one, the module can be imported and defines nothing. */
const PageElement = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

export class FlowPlayground extends PageElement {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES;

  readonly #root = this.attachShadow({ mode: "open" });
  #mounted: Mounted | undefined;
  #starting: Promise<void> | undefined;
  #live: Live | undefined;
  #watch: IntersectionObserver | undefined;
  /** recorded, in the poster's place */
  #film: FilmPoster | undefined;
  /** counts beginnings and ends: what was begun before the last of them is not gone on with */
  #turn = 0;
  /** by whoever called `stop`: then `autoplay` does not run it again until it is set again */
  #isStopped = false;
  /** attributes that were set since it was last shown */
  readonly #stale = new Set<string>();
  #told: { steps: string; isDone: boolean; error: string } = { steps: "", isDone: false, error: "" };
  #waiting: Waiting | undefined;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [lookSheet()];
    keepKeys(this.#root);
  }

  connectedCallback(): void {
    setAgain(this);
    if (this.#mounted !== undefined || this.#starting !== undefined) return;
    this.#showPoster();
    this.#autoplay();
  }

  disconnectedCallback(): void {
    // Moved to another place in the page, it goes on there.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#end();
      this.#isStopped = false;
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    this.#stale.add(name);
    // Several set at once are one change.
    if (this.#stale.size === 1) queueMicrotask(() => this.#catchUp());
  }

  #catchUp(): void {
    const names = [...this.#stale];
    this.#stale.clear();
    if (this.#mounted === undefined || this.#live === undefined) {
      if (this.#starting !== undefined) return;
      this.#showPoster();
      if (!names.includes("autoplay")) return;
      this.#isStopped = false;
      this.#autoplay();
      return;
    }
    const changed = names.filter((name) => !OF_POSTER.includes(name));
    const refusals = changed.map((name) => this.#refusalOf(name, this.#live as Live));
    const refusal = refusals.find((one) => one !== null) ?? null;
    if (changed.length > 0) this.#mounted.change(this.#live.sayOfLink(refusal));
    // What runs is not lost to a slip.
    if (refusal !== null) return;
    if (changed.every((name) => LIVE.includes(name))) for (const name of changed) this.#setLive(name, this.#live);
    else void this.#mount();
  }

  /** Why an attribute as it stands can't be used; null where it can. */
  #refusalOf(name: string, live: Live): string | null {
    const text = this.getAttribute(name);
    if (text === null || (name === "t" && isNumeric(text))) return null;
    if (name === "site") return live.siteRefusal(text, HOME);
    const read = LIVE.includes(name) ? this.#readOne(name, live) : this.#read(live);
    return read.kind === "refused" ? read.reason : null;
  }

  /** What needs no new run. A time beyond the ends of time is the nearest of them, as for a slider. */
  #setLive(name: string, live: Live): void {
    const read = this.#readOne(name, live);
    const { theme, view } = read.kind === "shared" ? read.shared : this.#usual(live);
    if (name === "theme") this.#mounted?.change(live.setTheme(theme));
    else if (name === "play") this.play(view.playing);
    else this.scrub(read.kind === "shared" ? view.t : Number(this.getAttribute(name)));
  }

  /** Loads it, unless it is there already, and shows it in the poster's place. Resolves when its runs are there. */
  start(): Promise<void> {
    this.#isStopped = false;
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Ends its runs: back to the poster, until it is started again. */
  stop(): void {
    this.#isStopped = true;
    this.#end();
  }

  #end(): void {
    this.#turn++;
    this.#watch?.disconnect();
    this.#waiting?.end();
    this.#mounted?.dispose();
    this.#mounted = undefined;
    this.#starting = undefined;
    if (this.isConnected) this.#showPoster();
  }

  /** For so many steps, or until the budgets are spent. Resolves when it rests, and rejects with one sentence if it can't. */
  async train(numSteps?: number): Promise<void> {
    await this.start();
    if (this.#mounted === undefined) throw new Error(this.#told.error || NOT_THERE);
    await this.#mounted.train(numSteps);
  }

  /** Runs it, and opens a file as if it had been dropped: points, pictures, or all of a page, as it was saved. */
  async open(file: Blob, name = file instanceof File ? file.name : "points"): Promise<void> {
    await this.start();
    await this.#mounted?.read(file, name);
  }

  /** A panel's step and loss, one by one; of a very long training's earlier steps means, at the last of each. */
  losses(slot: PanelProgress["slot"] = "a"): [step: number, loss: number][] {
    const panel = this.#mounted?.state.panels.find((one) => one.slot === slot);
    return panel && this.#live ? this.#live.lossRows(panel.losses, panel.firstStep) : [];
  }

  async pause(): Promise<void> {
    await this.#mounted?.pause();
  }

  /** The same initial weights again. */
  async reset(): Promise<void> {
    await this.#mounted?.reset();
  }

  /** Plays the time, or rests: a method. Set, it is the attribute, as every other property. */
  get play(): (playing?: boolean) => void {
    return (playing = true) => {
      if (this.#live) this.#mounted?.change(this.#live.play(playing));
    };
  }

  set play(value: unknown) {
    setAttributeOf(this, "play", value);
  }

  /** Shows the time t, from data at 0 to noise at 1. */
  scrub(t: number): void {
    if (!this.#live || !this.#mounted) return;
    const isTime = Number.isFinite(Number(t));
    this.#mounted.change(
      this.#live.sayOfLink(isTime ? null : msg(`The time is ${t}, and must be a number from 0 to 1.`)),
    );
    this.#mounted.change(this.#live.scrub(Number(t)));
  }

  /** Runs it if need be, and once it rests makes what is printed of it. It must be on screen, or it does not compute. */
  async layOut(): Promise<void> {
    await this.start();
    await this.#mounted?.layOut();
  }

  /** A panel's run, which answers whatever the library does; undefined until it is there. */
  run(slot: PanelProgress["slot"] = "a"): Run | undefined {
    return this.#mounted?.run(slot);
  }

  /** Whether it runs, or shows its poster. */
  get isRunning(): boolean {
    return this.#mounted !== undefined;
  }

  /** What it shows now, as a link's fragment; what was asked for until it runs; empty where its points are too many for one. */
  get shown(): string {
    const { state } = this.#mounted ?? {};
    if (!state || !this.#live) return this.getAttribute("link") ?? "";
    return this.#live.fragmentOf(this.#live.sharedOf(state)) ?? "";
  }

  async #start(): Promise<void> {
    const turn = ++this.#turn;
    this.#watch?.disconnect();
    try {
      this.#live = await this.#load(turn);
    } catch {
      if (turn !== this.#turn) return;
      this.#starting = undefined;
      this.#showPoster(msg("The playground could not be loaded. Try again"));
      this.#told.error = NOT_LOADED;
      this.#tell("flow-error", NOT_LOADED);
      return;
    }
    if (turn !== this.#turn) return;
    if (this.isConnected) await this.#mount();
    // Not in any page: its poster is where it starts from.
    else this.#starting = undefined;
  }

  /** All that it needs, side by side; the poster says how far that is. */
  async #load(turn: number): Promise<Live> {
    this.#waiting?.end();
    const waiting = new Waiting(this.#root.querySelector<HTMLElement>("button.poster"));
    this.#waiting = waiting;
    const onLoading = (share: number) => {
      if (turn !== this.#turn) return;
      waiting.show(share);
      this.#tell("flow-progress", { phase: "loading", share, panels: [] });
    };
    const isOfGpu = this.getAttribute("device") === "webgpu";
    // Without an engine the panels say why.
    const engine = import("./embed/engine")
      .then(({ loadEngine }) => loadEngine(isOfGpu, onLoading))
      .catch(() => undefined);
    try {
      const live = await import("./embed/live");
      // Points may be among the attributes that are set later, which are read at once.
      await Promise.all([live.POINTS.load(), engine]);
      return live;
    } finally {
      waiting.end();
    }
  }

  async #mount(): Promise<void> {
    const live = this.#live;
    if (live === undefined) return;
    const hadFocus = this.#root.activeElement !== null;
    this.#mounted?.dispose();
    const film = this.#film;
    this.#film = undefined;
    const opened = live.openedBy(this.#read(live), this.#usual(live));
    const site = this.getAttribute("site");
    const refusal = site === null ? null : live.siteRefusal(site, HOME);
    const device = this.getAttribute("device");
    this.#told = { steps: "", isDone: false, error: "" };
    const mounted = live.startIn(this.#root, {
      device: device === "cpu" || device === "webgpu" ? device : "auto",
      ...opened,
      ...(film !== undefined && live.goingOnFrom(film, opened.shared)),
      ...(refusal !== null && { notice: refusal }),
      onShared: () => this.#tell("flow-change", this.shown),
      onState: (state) => this.#tellOf(state),
      site: (site === null ? null : live.siteNamed(site, HOME || location.href)) ?? (HOME || PUBLIC_SITE),
    });
    film?.dispose();
    this.#mounted = mounted;
    // Whoever pressed the poster's button by key goes on from where it was.
    if (hadFocus) requestAnimationFrame(() => this.#root.querySelector<HTMLElement>("button, select")?.focus());
    await mounted.opened();
    if (this.#mounted === mounted && !mounted.state.panels.some(({ phase }) => phase === "failed"))
      this.#tell("flow-ready", null);
  }

  /** What is as nobody has set it: as its link says, if that can be read. */
  #usual(live: Live): Shared {
    const usual = live.embeddedShared();
    return live.openedBy(live.readLink(this.getAttribute("link") ?? "", usual), usual).shared;
  }

  #read(live: Live): ReturnType<Live["readAttributes"]> {
    const linked = live.readLink(this.getAttribute("link") ?? "", live.embeddedShared());
    return linked.kind === "refused" ? linked : live.readAttributes(this.#settings(), this.#usual(live));
  }

  #readOne(name: string, live: Live): ReturnType<Live["readAttributes"]> {
    const one = [...this.#settings()].filter(([key]) => key === name);
    return live.readAttributes(new Map(one), this.#usual(live));
  }

  #settings(): Map<string, string> {
    return new Map(
      KEYS.flatMap((key) => {
        const text = this.getAttribute(key);
        return text === null ? [] : [[key, text.trim()]];
      }),
    );
  }

  #tellOf({ panels, notice }: State): void {
    const progress = trainedTo(panels);
    const steps = progress.panels.map(({ slot, step }) => slot + step).join();
    const isDone = finishedTo(progress);
    const error = panels.find((panel) => panel.error !== null)?.error ?? (notice?.kind === "error" ? notice.text : "");
    const before = this.#told;
    this.#told = { steps, isDone, error };
    if (steps !== before.steps) this.#tell("flow-progress", progress);
    if (isDone && !before.isDone) this.#tell("flow-done", progress);
    if (error !== "" && error !== before.error) this.#tell("flow-error", error);
  }

  #tell<K extends keyof FlowEvents>(name: K, detail: FlowEvents[K]): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** With that attribute it runs once it is seen; not where the reader saves data. */
  #autoplay(): void {
    this.#watch?.disconnect();
    if (this.hasAttribute("autoplay") && !this.#isStopped && !savesData())
      this.#watch = whenSeen(this, () => void this.start());
  }

  #showPoster(label = this.getAttribute("label") ?? msg("Run it live")): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "poster";
    button.setAttribute("part", "poster");
    const theme = this.getAttribute("theme");
    if (theme !== null) button.dataset.theme = theme;
    const words = document.createElement("span");
    words.setAttribute("part", "run");
    words.textContent = `▶ ${label}`;
    button.append(this.#picture(), words);
    button.addEventListener("click", () => void this.start());
    this.#film?.dispose();
    this.#film = undefined;
    this.#root.replaceChildren(button);
    if (this.hasAttribute("poster") || savesData()) return;
    filmWhenNear(this, button, this.#settings(), (film, sheets) => {
      this.#film = film;
      this.#root.adoptedStyleSheets = [lookSheet(), ...sheets];
      this.#root.append(film.element);
      film.draw();
    });
  }

  #picture(): Element {
    const poster = this.getAttribute("poster");
    if (poster === null) return posterPicture();
    return Object.assign(document.createElement("img"), { src: poster, alt: "", loading: "lazy" });
  }
}

reflect(FlowPlayground.prototype);

export type FlowPlaygroundElement = Tells & Reflected & FlowPlayground;

declare global {
  interface HTMLElementTagNameMap {
    "flow-playground": FlowPlaygroundElement;
  }
}

// Loaded twice, from two places, the first stays.
const { customElements: registry } = globalThis as { customElements?: CustomElementRegistry };
if (registry?.get("flow-playground") === undefined) registry?.define("flow-playground", FlowPlayground);
