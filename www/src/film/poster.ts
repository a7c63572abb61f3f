// A film in an element's poster: its stages, with a hand on time. No engine is needed for it, nor any of the page's controls.
import theme from "../controls/theme.css?inline";
import { msg, num } from "../language";
import { drawMarks, sized } from "../stage/canvas";
import { onPixelRatio } from "../stage/density";
import { endsOf, timeSaid } from "../stage/ends";
import type { Palette } from "../stage/marks";
import { readPalette } from "../stage/palette";
import { heightFor } from "../stage/projection";
import { marksOfScene } from "../stage/scene";
import type { FilmPanel, RecordedFilm } from "./format";
import look from "./poster.css?inline";
import { captionOf, panelName, sceneOf } from "./scene";

export { fetchedFilm } from "./fetched";

/** As on the page: from one end of time to the other, and its rest there. */
const CROSSING_SECONDS = 3.6;
const REST_SECONDS = 0.9;
const MAX_FRAME_SECONDS = 0.05;

let made: CSSStyleSheet[] | undefined;

/** The colors are the page's own, under the name of what stands in its place. */
export function filmSheets(): CSSStyleSheet[] {
  made ??= [theme.replaceAll(".playground", ".film"), look].map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
  return made;
}

interface Screen {
  panel: FilmPanel;
  room: HTMLElement;
  canvas: HTMLCanvasElement;
}

export class FilmPoster {
  readonly element = newElement("div", "film");
  readonly film: RecordedFilm;
  readonly #screens: readonly Screen[];
  readonly #roll = Object.assign(document.createElement("button"), { type: "button" });
  readonly #range = Object.assign(document.createElement("input"), {
    type: "range",
    min: "0",
    max: "1",
    step: "0.001",
  });
  readonly #now = document.createElement("output");
  readonly #life = new AbortController();
  #palette: Palette | undefined;
  #t: number;
  #direction: 1 | -1 = 1;
  #rest = 0;
  #isPlaying = false;

  constructor(film: RecordedFilm, t: number, theme: string | null) {
    this.film = film;
    this.#t = t;
    this.element.setAttribute("part", "film");
    if (theme !== null) this.element.dataset.theme = theme;
    const screens = newElement("div", "screens");
    this.#screens = film.panels.map((panel, i) => {
      const [figure, room, canvas] = [
        document.createElement("figure"),
        newElement("div", "screen"),
        document.createElement("canvas"),
      ];
      const [caption, name] = [document.createElement("figcaption"), document.createElement("b")];
      name.textContent = panelName(film, i);
      caption.append(name, ` ${captionOf(panel)}`);
      canvas.setAttribute("aria-hidden", "true");
      room.append(canvas);
      figure.append(room, caption);
      screens.append(figure);
      return { panel, room, canvas };
    });
    this.element.append(screens, this.#reel());
    this.#listen();
  }

  /** Where time stands. */
  get t(): number {
    return this.#t;
  }

  /** Ends what goes on by itself. */
  dispose(): void {
    this.#isPlaying = false;
    this.#life.abort();
  }

  #reel(): HTMLElement {
    const reel = newElement("div", "reel");
    // It changes with every frame.
    this.#now.setAttribute("aria-live", "off");
    this.#range.setAttribute(
      "aria-label",
      timeSaid(endsOf(this.film.panels.map(({ picture }) => picture.times != null))),
    );
    this.#range.addEventListener("input", () => {
      this.#play(false);
      this.#show(Number(this.#range.value));
    });
    this.#roll.addEventListener("click", () => this.#play(!this.#isPlaying));
    this.#play(false);
    reel.append(this.#roll, this.#range, this.#now);
    return reel;
  }

  #listen(): void {
    const again = () => this.draw();
    const watch = new ResizeObserver(again);
    for (const { room } of this.#screens) watch.observe(room);
    onPixelRatio(again, this.#life.signal);
    this.#life.signal.addEventListener("abort", () => watch.disconnect());
    // A color that nobody sees tells when light has turned dark.
    this.element.addEventListener("transitionend", ({ target, propertyName }) => {
      if (target !== this.element || propertyName !== "column-rule-color") return;
      this.#palette = undefined;
      this.draw();
    });
  }

  #show(t: number): void {
    this.#t = t;
    this.draw();
  }

  #play(isPlaying: boolean): void {
    const wasPlaying = this.#isPlaying;
    this.#isPlaying = isPlaying;
    this.#roll.textContent = isPlaying ? "❚❚" : "▶";
    const label = isPlaying ? msg("Pause the recording") : msg("Play the recording");
    this.#roll.setAttribute("aria-label", label);
    this.#roll.title = label;
    if (isPlaying && !wasPlaying) requestAnimationFrame((nowMs) => this.#frame(nowMs, nowMs));
  }

  #frame(nowMs: number, beforeMs: number): void {
    if (!this.#isPlaying || !this.element.isConnected) return;
    requestAnimationFrame((nextMs) => this.#frame(nextMs, nowMs));
    const seconds = Math.min(MAX_FRAME_SECONDS, (nowMs - beforeMs) / 1000);
    this.#rest -= seconds;
    if (this.#rest > 0) return;
    const t = Math.min(1, Math.max(0, this.#t + (this.#direction * seconds) / CROSSING_SECONDS));
    if (t === 0 || t === 1) {
      this.#direction = t === 0 ? 1 : -1;
      this.#rest = REST_SECONDS;
    }
    this.#show(t);
  }

  /** As large as there is room for. */
  draw(): void {
    if (!this.element.isConnected) return;
    this.#palette ??= readPalette(this.element);
    for (const { panel, room, canvas } of this.#screens) {
      room.style.flexBasis = `${heightFor(room.clientWidth)}px`;
      const [width, most] = [room.clientWidth, room.clientHeight];
      if (width === 0 || most === 0) continue;
      const height = Math.min(most, heightFor(width));
      const context = sized(canvas, width, height);
      if (context === null) continue;
      const drawn = marksOfScene(sceneOf(this.film, panel, this.#palette, this.#t), width, height);
      drawMarks(
        context,
        drawn.flatMap(({ marks }) => marks),
        this.#palette,
      );
    }
    this.#range.value = String(this.#t);
    this.#now.textContent = `t = ${num(this.#t.toFixed(2))}`;
  }
}

function newElement(tag: "div", className: string): HTMLElement {
  return Object.assign(document.createElement(tag), { className });
}
