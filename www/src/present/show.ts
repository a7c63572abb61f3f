// A talk: the stages as large as the screen, slide by slide. What was there before is there again when it ends.
import { render } from "lit";
import { usesKey } from "../embed/keys";
import { msg } from "../language";
import type { Mounted } from "../playground";
import { type Page, StandIn } from "../stand-in";
import { BARE_ROOM } from "../state/room";
import type { State } from "../state/state";
import { steer } from "../steering";
import { bar } from "./bar";
import type { PresentPart } from "./kept";
import { type Command, commandOf } from "./keys";
import { Laser } from "./laser";
import { zoomFor } from "./size";
import type { Slide } from "./slides";

export interface Talk {
  slides: readonly Slide[];
  /** what is shown beside the stages */
  parts: readonly PresentPart[];
}

type OnScreen = Pick<Page, "host" | "mounted">;

/** Slides that are kept as they were left, training and all; of those further away only what the link says is left. */
const MOST_LIVE = 4;

export class Show {
  readonly #page: Page;
  readonly #talk: Talk;
  readonly #live = new Map<number, StandIn>();
  readonly #bar = document.createElement("section");
  readonly #life = new AbortController();
  readonly #view: State["view"];
  readonly #top = scrollY;
  readonly #focused = document.activeElement;
  /** 0 is the page as it is, and the slides are counted from 1 */
  #at = 0;
  /** what the stages are as large as they can be for */
  #fitted = "";
  #isFull = false;

  constructor(page: Page, talk: Talk) {
    this.#page = page;
    this.#talk = talk;
    this.#view = page.mounted.state.view;
    this.#bar.className = "presenting-bar";
    this.#bar.tabIndex = -1;
    this.#bar.setAttribute("aria-label", msg("Presentation"));
  }

  /** Called from a press, or a browser does not give it the whole screen: then it has the window. */
  start(at: number): void {
    const { signal } = this.#life;
    document.documentElement.classList.add("presenting");
    document.body.append(this.#bar);
    new Laser(() => [...this.#seen().host.querySelectorAll(".stage")], signal);
    this.#watch(this.#page.mounted);
    this.#go(at);
    this.#bar.focus({ preventScroll: true });
    document.addEventListener("keydown", (event) => this.#onKey(event), { signal, capture: true });
    document.addEventListener("fullscreenchange", () => this.#onFullScreen(), { signal });
    addEventListener("resize", () => this.#fit(), { signal });
    // Pressed with a pointer, a button would take the next Space for its own.
    this.#bar.addEventListener("pointerup", () => queueMicrotask(() => this.#bar.focus({ preventScroll: true })));
    document.documentElement.requestFullscreen?.({ navigationUI: "hide" }).catch(() => undefined);
    void keepAwake(signal);
  }

  leave(): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    for (const one of this.#live.values()) one.dispose();
    this.#bar.remove();
    const { host, mounted } = this.#page;
    document.documentElement.classList.remove("presenting");
    host.hidden = false;
    delete host.dataset.present;
    host.style.removeProperty("zoom");
    mounted.change((state) => ({ ...state, view: this.#view, pointed: null }));
    if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => undefined);
    scrollTo({ top: this.#top, behavior: "instant" });
    if (this.#focused instanceof HTMLElement) this.#focused.focus({ preventScroll: true });
  }

  #seen(): OnScreen {
    return this.#at === 0 ? this.#page : this.#slide(this.#at);
  }

  /** As it was left, or opened. */
  #slide(at: number): StandIn {
    const known = this.#live.get(at);
    if (known !== undefined) return known;
    const { theme } = this.#page.mounted.state;
    const shared = this.#talk.slides[at - 1]?.shared;
    const one = new StandIn(this.#page, { room: BARE_ROOM, ...(shared && { shared: { ...shared, theme } }) });
    one.host.hidden = true;
    this.#watch(one.mounted);
    this.#live.set(at, one);
    return one;
  }

  #isSlide(at: number): boolean {
    return at >= 1 && at <= this.#talk.slides.length && !this.#life.signal.aborted;
  }

  #go(at: number): void {
    if (at !== 0 && !this.#isSlide(at)) return;
    this.#at = at;
    const { host, mounted } = this.#seen();
    const far = [...this.#live.keys()].sort((a, b) => Math.abs(b - at) - Math.abs(a - at));
    for (const one of far.slice(0, Math.max(0, far.length - MOST_LIVE))) {
      this.#live.get(one)?.dispose();
      this.#live.delete(one);
    }
    for (const one of [this.#page, ...this.#live.values()]) one.host.hidden = one.host !== host;
    // The next is on its way while this one is talked about.
    void mounted.opened().then(() => this.#at === at && this.#isSlide(at + 1) && this.#slide(at + 1));
    host.dataset.present = this.#talk.parts.join(" ");
    this.#bar.dataset.parts = this.#talk.parts.join(" ");
    this.#draw();
  }

  #fit(): void {
    const { host, mounted } = this.#seen();
    const zoom = String(zoomFor(mounted.state.panels.length, innerWidth, innerHeight));
    for (const { style } of [host, this.#bar]) style.setProperty("zoom", zoom);
  }

  /** What is said of a playground that is seen is drawn as often as its controls. */
  #watch(mounted: Mounted): void {
    mounted.watch(() => mounted === this.#seen().mounted && this.#draw(), this.#life.signal);
  }

  #draw(): void {
    const { mounted } = this.#seen();
    const { state } = mounted;
    const { slides, parts } = this.#talk;
    const title = slides[this.#at - 1]?.title ?? "";
    const shown = { state, title, at: this.#at, count: slides.length, parts };
    render(
      bar(shown, (command) => this.#do(command, mounted)),
      this.#bar,
    );
    const fitted = `${this.#at} ${state.panels.length}`;
    if (fitted !== this.#fitted) this.#fit();
    this.#fitted = fitted;
  }

  #onKey(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    if (document.querySelector("dialog[open]") !== null) return;
    if (target instanceof Element && this.#bar.contains(target) && usesKey(target, event)) return;
    const command = commandOf(event);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) this.#do(command, this.#seen().mounted);
  }

  #do(command: Command, mounted: Mounted): void {
    if (command.kind === "slide") this.#go(this.#at + command.by);
    else if (command.kind === "leave") this.leave();
    else steer(mounted, command);
  }

  /** Esc takes the whole screen away before any key is told. */
  #onFullScreen(): void {
    const isFull = document.fullscreenElement !== null;
    if (this.#isFull && !isFull) this.leave();
    this.#isFull = isFull;
  }
}

/** A projector must not go dark over a long answer. */
async function keepAwake(signal: AbortSignal): Promise<void> {
  try {
    const lock = await navigator.wakeLock?.request("screen");
    if (signal.aborted) void lock?.release();
    else signal.addEventListener("abort", () => void lock?.release());
  } catch {
    // It may be forbidden, or the battery low.
  }
}
