// Below a chart: its values one by one, nearer or further, other axes, and its picture. The pointer reads values too.
import type { Plot } from "@observablehq/plot";
import { msg } from "../language";
import type { Chart } from "./chart";
import { type ChartLook, zoomed } from "./look";
import { nearestOf, type PointRead, readingsOf } from "./readings";

const NEARER = 0.5;

/** What a chart was drawn as. */
interface Drawn {
  chart: Chart;
  svg: Element;
}

export class ChartTools {
  /** below the picture */
  readonly parts: readonly HTMLElement[];
  readonly #marker = document.createElement("span");
  readonly #shown = document.createElement("output");
  readonly #slider = document.createElement("input");
  readonly #changed: () => void;
  look: ChartLook = {};
  #drawn: Drawn | undefined;
  #readings: readonly PointRead[] = [];
  #at: number | null = null;

  /** `changed`: the chart is to be drawn anew. */
  constructor(plot: HTMLElement, changed: () => void) {
    this.#changed = changed;
    const tools = document.createElement("details");
    tools.className = "plot-tools";
    this.#marker.className = "plot-marker";
    this.#marker.hidden = true;
    this.#shown.className = "plot-value";
    this.#slider.type = "range";
    this.#slider.min = "0";
    this.#slider.setAttribute("aria-label", msg("Values, point by point"));
    this.#slider.addEventListener("input", () => this.#read(Number(this.#slider.value)));
    const summary = document.createElement("summary");
    summary.textContent = msg("Read, zoom, save");
    const row = document.createElement("div");
    row.className = "row";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", msg("This chart"));
    row.append(
      this.#slider,
      button("+", msg("Nearer"), () => this.#zoom(NEARER)),
      button("−", msg("Further"), () => this.#zoom(1 / NEARER)),
      button(msg("All"), msg("The whole chart, its own axes"), () => this.#lookAt({})),
      button("log x", msg("Horizontal axis: logarithmic or linear"), () => this.#turn("x")),
      button("log y", msg("Vertical axis: logarithmic or linear"), () => this.#turn("y")),
      button("SVG", msg("This chart as SVG, on white"), () => this.#save("svg")),
      button("PNG", msg("This chart as PNG, on white"), () => this.#save("png")),
    );
    tools.append(summary, row);
    this.parts = [this.#marker, this.#shown, tools];
    plot.addEventListener("pointermove", (event) => this.#follow(event));
    plot.addEventListener("pointerleave", () => this.#read(null));
  }

  /** What stands there now. */
  show(chart: Chart, svg: Element): void {
    this.#drawn = { chart, svg };
    this.#readings = readingsOf(chart);
    this.#slider.max = String(Math.max(0, this.#readings.length - 1));
    if (this.#at !== null) this.#read(Math.min(this.#at, this.#readings.length - 1));
  }

  #follow({ clientX, clientY, target }: PointerEvent): void {
    const svg = this.#drawn?.svg;
    if (svg === undefined || !(target instanceof Node) || !svg.contains(target)) return;
    const { left, top, width } = svg.getBoundingClientRect();
    const scale = widthOf(svg) / Math.max(1, width);
    this.#read(nearestOf(this.#pixels(), (clientX - left) * scale, (clientY - top) * scale));
  }

  /** Where each reading is in the picture's own units. */
  #pixels(): (readonly [number, number])[] {
    const plot = this.#drawn?.svg as Partial<Plot> | undefined;
    const [x, y] = [plot?.scale?.("x"), plot?.scale?.("y")];
    return this.#readings.map((one) => [Number(x?.apply(one.x)), Number(y?.apply(one.y))] as const);
  }

  #read(at: number | null): void {
    this.#at = at;
    const reading = at === null ? undefined : this.#readings[at];
    this.#shown.textContent = reading?.text ?? "";
    this.#marker.hidden = reading === undefined;
    if (at === null || reading === undefined || this.#drawn === undefined) return;
    this.#slider.value = String(at);
    this.#slider.setAttribute("aria-valuetext", reading.text);
    const [x, y] = this.#pixels()[at] ?? [0, 0];
    const shownPerDrawn = this.#drawn.svg.clientWidth / widthOf(this.#drawn.svg) || 1;
    Object.assign(this.#marker.style, { left: `${x * shownPerDrawn}px`, top: `${y * shownPerDrawn}px` });
  }

  #zoom(factor: number): void {
    const plot = this.#drawn?.svg as Partial<Plot> | undefined;
    const [x, y] = [plot?.scale?.("x"), plot?.scale?.("y")];
    const at = this.#readings[this.#at ?? Math.floor(this.#readings.length / 2)];
    if (x === undefined || y === undefined || at === undefined) return;
    const near = (scale: typeof x, value: number) => {
      const type = scale.type === "log" ? ("log" as const) : ("linear" as const);
      return { type, domain: zoomed({ type, domain: scale.domain as unknown as [number, number] }, value, factor) };
    };
    this.#lookAt({ x: near(x, at.x), y: near(y, at.y) });
  }

  #turn(axis: "x" | "y"): void {
    const now = (this.#drawn?.svg as Partial<Plot> | undefined)?.scale?.(axis)?.type;
    this.#lookAt({ ...this.look, [axis]: { type: now === "log" ? "linear" : "log" } });
  }

  #lookAt(look: ChartLook): void {
    this.look = look;
    this.#changed();
  }

  #save(format: "svg" | "png"): void {
    const drawn = this.#drawn;
    if (drawn === undefined) return;
    void import("./picture").then(({ saveChart }) => saveChart(drawn.svg as SVGSVGElement, drawn.chart.kind, format));
  }
}

function widthOf(svg: Element): number {
  return (svg as SVGSVGElement).width?.baseVal.value ?? svg.clientWidth;
}

function button(text: string, title: string, press: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", textContent: text, title });
  element.addEventListener("click", press);
  return element;
}
