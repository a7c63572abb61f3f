// How good the samples were against what training had cost by then, every panel in one chart.
import { dot, line, type PlotOptions } from "@observablehq/plot";
import { msg } from "../language";
import { costAxis, pixelsAlong, qualityAxis, ticksOf, valueText } from "./axes";
import type { CostSeries, QualityCostChart } from "./chart";
import { axes, endLetters, floorLine, MARGIN } from "./frame";
import { type ChartLook, lookedAt } from "./look";
import { evenly } from "./series";
import { SLOT_MARKS } from "./slots";

const HEIGHT_PX = 230;
/** Measured every few seconds, a long training has hundreds. */
const MAX_POINTS = 80;
const MAX_SYMBOLS = 12;
const COST_LABELS = {
  seconds: msg("training, seconds"),
  networkEvaluations: msg("training, network evaluations"),
} as const;

export function qualityCostPlot(
  { cost, quality, series, floor }: QualityCostChart,
  width: number,
  look: ChartLook = {},
): PlotOptions {
  const lines = series.map((one) => ({ ...one, points: evenly(one.points, MAX_POINTS) }));
  const points = lines.flatMap((one) => one.points);
  const [costs, values] = [points.map((point) => point.cost), points.map(({ value }) => value)];
  const x = lookedAt(costAxis(costs), look.x, costs);
  const y = lookedAt(qualityAxis(values, floor?.value), look.y, values);
  const isNear = look.x?.domain !== undefined;
  const across = pixelsAlong(x, [MARGIN.marginLeft, width - MARGIN.marginRight]);
  const down = pixelsAlong(y, [HEIGHT_PX - MARGIN.marginBottom, MARGIN.marginTop]);
  const ends = lines.flatMap(({ slot, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ slot, x: across(last.cost), y: down(last.value) }];
  });
  return {
    ...MARGIN,
    width,
    height: HEIGHT_PX,
    x,
    y,
    marks: [
      axes(
        { label: COST_LABELS[cost], values: ticksOf(x, width < 300 ? 3 : 5) },
        { label: quality, values: ticksOf(y, 6) },
      ),
      floorLine(floor),
      lines.map((one) => marksOf(one, isNear)),
      isNear ? [] : endLetters(ends),
    ],
  };
}

function marksOf({ slot, points }: CostSeries, isNear: boolean) {
  const { color, dash, symbol } = SLOT_MARKS[slot];
  const place = { x: "cost", y: "value" } as const;
  const near = isNear ? ({ clip: "frame" } as const) : {};
  return [
    line(points, { ...place, stroke: color, strokeWidth: 2, strokeDasharray: dash, ...near }),
    dot(evenly(points, MAX_SYMBOLS), { ...place, symbol, fill: color, r: 3.5, ...near }),
  ];
}

export function qualityCostDescription({ cost, quality, series, floor }: QualityCostChart): string {
  const unit = cost === "seconds" ? msg("seconds of training") : msg("network evaluations of training");
  const ends = series.flatMap(({ title, slot, points }) => {
    const last = points.at(-1);
    if (last === undefined) return [];
    return [
      msg(`${SLOT_MARKS[slot].letter}, ${title}: ${valueText(last.value)} after ${valueText(last.cost)} ${unit}.`),
    ];
  });
  const below = floor === null ? [] : [msg(`Dashed: ${floor.meaning}, ${valueText(floor.value)}.`)];
  return [msg(`${quality}, less is better.`), ...ends, ...below].join(" ");
}
