// A place in the page that shows a chart: when it is drawn again, and never more than it is looked at.
import type { Plot } from "@observablehq/plot";
import { Late } from "../late";
import type { Chart } from "./chart";
import type { ChartTools } from "./tools";

/** Between two drawings: fast enough to look alive, slow enough to leave both cores to training. */
const REDRAW_MS = 500;
/** On a machine that is busy, where one takes longer, it rests so many times as long. */
const REST_PER_COST = 60;

/** Observable Plot is as large as the page itself, so it comes when the first chart has something to show. */
const drawing = new Late(async () => {
  const module = await import("./drawing");
  for (const warmUp of module.WARM_UPS) {
    await anotherTask();
    warmUp();
  }
  return module;
});

export class Figure {
  readonly element = document.createElement("div");
  #width = 0;
  #isOnScreen = false;
  #shown: readonly unknown[] | null = null;
  #dueMs = 0;
  #tools: ChartTools | undefined;
  #svg: Element | undefined;

  constructor() {
    this.element.className = "plot";
    // Asking the element for its width, or where it is, would lay the page out in the middle of a frame.
    new ResizeObserver(([entry]) => this.#resize(Math.round(entry?.contentRect.width ?? 0))).observe(this.element);
    const watch = new IntersectionObserver((entries) => {
      this.#isOnScreen = entries.at(-1)?.isIntersecting ?? false;
    });
    watch.observe(this.element);
  }

  get isOnScreen(): boolean {
    return this.#isOnScreen;
  }

  /**
   * Draws what `make` returns if something of `version` is another than last time, it is time to, and the figure is on
   * screen. True if it did: then leave the next chart to the next frame.
   */
  draw(make: () => Chart | null, version: readonly unknown[], nowMs: number): boolean {
    if (!this.#isOnScreen || nowMs < this.#dueMs || isSame(version, this.#shown)) return false;
    const startMs = performance.now();
    const chart = make();
    const drawn = this.#show(chart);
    if (drawn || chart === null) this.#shown = version;
    if (drawn) this.#dueMs = nowMs + Math.max(REDRAW_MS, REST_PER_COST * (performance.now() - startMs));
    return drawn;
  }

  /** Whether it is on screen or not, as a printer wants it. False where there is nothing to draw, or nothing to draw with. */
  drawNow(make: () => Chart | null): boolean {
    return this.#show(make());
  }

  #show(chart: Chart | null): boolean {
    if (chart === null) this.element.replaceChildren();
    if (chart === null || this.#width === 0) return false;
    const code = drawing.want();
    if (code === null) return false;
    this.#tools ??= new code.ChartTools(this.element, () => this.#redraw());
    const svg = code.draw(chart, this.#width, this.#tools.look);
    // What has the focus stays where it is.
    if (this.#svg?.parentElement === this.element) this.#svg.replaceWith(svg);
    else this.element.replaceChildren(svg, ...this.#tools.parts);
    this.#svg = svg;
    this.#tools.show(chart, svg);
    return true;
  }

  /** As soon as frames come. */
  #redraw(): void {
    this.#shown = null;
    this.#dueMs = 0;
  }

  /** What a height on the page is on the vertical axis of what is drawn; null outside of its frame. */
  valueAt(clientY: number): number | null {
    const drawn = this.element.firstElementChild;
    const axis = drawn === null ? undefined : (drawn as Partial<Plot>).scale?.("y");
    if (drawn === null || axis?.invert === undefined) return null;
    const [bottom, top] = axis.range as [number, number];
    const { top: shownAt, height } = drawn.getBoundingClientRect();
    // The page around may show it larger or smaller than it is drawn, as slides do.
    const drawnPerShown = height > 0 ? ((drawn as SVGSVGElement).height?.baseVal.value ?? height) / height : 1;
    const y = (clientY - shownAt) * drawnPerShown;
    return axis.invert(Math.min(bottom, Math.max(top, y)));
  }

  /** Redraws as fast as frames come: for what follows a pointer. */
  hurry(): void {
    this.#dueMs = 0;
  }

  #resize(width: number): void {
    if (width === this.#width) return;
    this.#width = width;
    this.#shown = null;
  }
}

function isSame(version: readonly unknown[], shown: readonly unknown[] | null): boolean {
  if (version === shown) return true;
  return shown !== null && shown.length === version.length && version.every((part, i) => part === shown[i]);
}

/** Resolves when charts can be drawn, or can't. */
export async function loadCharts(): Promise<void> {
  await drawing.load().catch(() => undefined);
}

function anotherTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
