import { lossDomain, thinned } from "./series";

const MAX_POINTS = 400;
const HEIGHT_PX = 132;

/** Loaded when there is first something to chart. */
let plot: Promise<typeof import("@observablehq/plot")> | undefined;

export interface LossChart {
  losses: readonly number[];
  budget: number;
  width: number;
  title: string;
}

/** The loss of every training step, faint, and its moving average, strong. */
export async function drawLoss(host: HTMLElement, { losses, budget, width, title }: LossChart): Promise<void> {
  plot ??= import("@observablehq/plot");
  const Plot = await plot;
  const series = thinned(losses, MAX_POINTS);
  const last = series.at(-1);
  const figure = Plot.plot({
    width,
    height: HEIGHT_PX,
    marginLeft: 40,
    marginRight: 24,
    marginTop: 10,
    marginBottom: 26,
    style: { background: "none", fontSize: "11px" },
    ariaLabel: `Loss of ${title}`,
    ariaDescription:
      last === undefined ? "" : `After ${losses.length} training steps the average is ${last.average.toFixed(3)}.`,
    x: { domain: [0, budget], label: null, ticks: 5, tickFormat: (step: number) => step.toLocaleString("en-US") },
    y: { domain: lossDomain(series), label: null, ticks: 4, grid: true },
    marks: [
      Plot.line(series, {
        x: "step",
        y: "raw",
        stroke: "currentColor",
        strokeOpacity: 0.25,
        strokeWidth: 1,
        clip: true,
      }),
      Plot.line(series, { x: "step", y: "average", stroke: "var(--accent)", strokeWidth: 2.2, clip: true }),
    ],
  });
  host.replaceChildren(figure);
}
