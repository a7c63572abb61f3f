// The loss of every training step, faint, and its moving average, strong.
import { type ScaleLinear, scaleLinear } from "d3-scale";
import { html, render, svg, type TemplateResult } from "lit";
import { lossDomain, type Series, thinned } from "./series";

const MAX_POINTS = 400;
const REDRAW_MS = 300;
const HEIGHT_PX = 132;
const MARGIN_PX = { left: 40, right: 24, top: 10, bottom: 26 };

export interface LossAxis {
  title: string;
  /** the last training step */
  budget: number;
}

export class LossChart {
  readonly element = document.createElement("div");
  readonly #id: string;
  #width = 0;
  #shown: readonly number[] = [];
  #shownMs = 0;

  /** `id` is unique in the page. */
  constructor(id: string) {
    this.#id = id;
    // Asking the element for its width would lay the page out in the middle of a frame.
    new ResizeObserver(([entry]) => {
      this.#width = Math.round(entry?.contentRect.width ?? 0);
      this.#shown = [];
    }).observe(this.element);
  }

  /** True if there was something new to draw, and time to draw it. */
  draw(losses: readonly number[], axis: LossAxis, nowMs: number): boolean {
    const isDue = losses !== this.#shown && nowMs - this.#shownMs >= REDRAW_MS;
    if (!isDue || losses.length === 0 || this.#width === 0) return false;
    this.#shown = losses;
    this.#shownMs = nowMs;
    render(chart(losses, { id: this.#id, ...axis }, this.#width), this.element);
    return true;
  }
}

type Scale = ScaleLinear<number, number>;

function chart(
  losses: readonly number[],
  { id, title, budget }: LossAxis & { id: string },
  width: number,
): TemplateResult {
  const series = thinned(losses, MAX_POINTS);
  const right = width - MARGIN_PX.right;
  const bottom = HEIGHT_PX - MARGIN_PX.bottom;
  const x = scaleLinear([0, budget], [MARGIN_PX.left, right]);
  const y = scaleLinear(lossDomain(series), [bottom, MARGIN_PX.top]);
  const label = { x: x.tickFormat(5), y: y.tickFormat(4) };
  const average = series.at(-1)?.average.toFixed(3);
  return html`
    <svg
      role="img"
      width=${width}
      height=${HEIGHT_PX}
      aria-label="Loss of ${title}"
      aria-description="After ${losses.length} training steps the average is ${average}."
    >
      <clipPath id="${id}-plot">
        <rect x=${MARGIN_PX.left} y=${MARGIN_PX.top} width=${right - MARGIN_PX.left} height=${bottom - MARGIN_PX.top}></rect>
      </clipPath>
      <g transform="translate(0.5, 0.5)">
        ${y.ticks(4).map((loss) => rowTick(label.y(loss), y(loss), right))}
        ${x.ticks(5).map((step) => columnTick(label.x(step), x(step), bottom))}
      </g>
      <g clip-path="url(#${id}-plot)">
        <path class="raw" d=${path(series, "raw", x, y)}></path>
        <path class="average" d=${path(series, "average", x, y)}></path>
      </g>
    </svg>
  `;
}

function rowTick(label: string, y: number, right: number): TemplateResult {
  const { left } = MARGIN_PX;
  return svg`
    <path class="grid" d="M${left} ${y}H${right}"></path>
    <path class="tick" d="M${left} ${y}h-6"></path>
    <text class="row" x=${left - 8.5} y=${y} dy="0.32em">${label}</text>
  `;
}

function columnTick(label: string, x: number, bottom: number): TemplateResult {
  return svg`
    <path class="tick" d="M${x} ${bottom}v6"></path>
    <text x=${x} y=${bottom + 9.5} dy="0.71em">${label}</text>
  `;
}

function path(series: readonly Series[], which: "raw" | "average", x: Scale, y: Scale): string {
  const vertices = series.map((point) => `${x(point.step).toFixed(1)} ${y(point[which]).toFixed(1)}`);
  return `M${vertices.join("L")}`;
}
