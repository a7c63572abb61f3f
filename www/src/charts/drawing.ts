// Any chart as an SVG element. This file and what it imports are loaded when the first chart has something to show.
import { type PlotOptions, plot } from "@observablehq/plot";
import { lossesOf } from "../experiment/losses";
import { msg } from "../language";
import type { Chart, LossChart } from "./chart";
import type { ChartLook } from "./look";
import { lossDescription, lossPlot } from "./loss";
import { qualityCostDescription, qualityCostPlot } from "./quality-cost";
import { qualityNfeDescription, qualityNfePlot } from "./quality-nfe";

export { ChartTools } from "./tools";

export function draw(chart: Chart, width: number, look: ChartLook = {}): Element {
  const { options, name, description } = described(chart, width, look);
  const svg = plot({ ...options, ariaLabel: name, ariaDescription: description });
  svg.setAttribute("role", "img");
  // An image has one name: those of its parts are nobody's, and not allowed.
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  // What it says of white space and width is in evidence.css: a strict content security policy allows no style in a page.
  svg.querySelector(":scope > style")?.remove();
  return svg;
}

const TINY: LossChart = {
  kind: "loss",
  slot: "a",
  title: "",
  losses: lossesOf([2, 1]),
  budget: 2,
  floor: { value: 1, shown: "" },
  hasRounds: false,
  above: false,
};

/**
 * To be called once each, every one in a task of its own, before the first chart: what is used for the first time is
 * compiled then, which made the first chart 45 to 60 ms on two busy cores; so it is 18 to 24, 8 to 14 and 12 to 14.
 */
export const WARM_UPS: readonly (() => unknown)[] = [() => plot({ marks: [] }), () => draw(TINY, 300)];

interface Described {
  options: PlotOptions;
  name: string;
  description: string;
}

function described(chart: Chart, width: number, look: ChartLook): Described {
  switch (chart.kind) {
    case "loss":
      return {
        options: lossPlot(chart, width, look),
        name: msg(`Loss of ${chart.title}`),
        description: lossDescription(chart),
      };
    case "quality-cost": {
      const name =
        chart.cost === "seconds"
          ? msg(`${chart.quality} against seconds of training`)
          : msg(`${chart.quality} against network evaluations of training`);
      return { options: qualityCostPlot(chart, width, look), name, description: qualityCostDescription(chart) };
    }
    case "quality-nfe": {
      const name = msg(`${chart.quality} against evaluations to sample`);
      return { options: qualityNfePlot(chart, width, look), name, description: qualityNfeDescription(chart) };
    }
  }
}
