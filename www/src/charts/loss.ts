// The loss of every training step, faint, its moving average, strong, and the floor that no network gets below.
import { line, type PlotOptions } from "@observablehq/plot";
import { NO_LOSSES } from "../experiment/losses";
import { msg } from "../language";
import { type Domain, FLOOR_ROOM, LOG_FROM_RATIO, logDomain, ticksOf, valueText } from "./axes";
import type { LossChart } from "./chart";
import { axes, floorLine, MARGIN } from "./frame";
import { type ChartLook, lookedAt } from "./look";
import { lossDomain, type Series, thinned } from "./series";
import { SLOT_MARKS } from "./slots";

/** More than a phone has pixels, and as many as are drawn in a few milliseconds. */
const MAX_POINTS = 400;
const HEIGHT_PX = 168;
/** Of a chart with room for few words and few ticks. */
const NARROW_PX = 300;

export function lossPlot(chart: LossChart, width: number, look: ChartLook = {}): PlotOptions {
  const { losses, floor, slot, budget, ghost = NO_LOSSES } = chart;
  const isLowered = chart.above && floor !== null;
  const series = thinned(losses, MAX_POINTS).map((point) => lowered(point, isLowered ? floor.value : 0));
  const faint = thinned(ghost, MAX_POINTS).map((point) => lowered(point, isLowered ? floor.value : 0));
  const isLog = isLowered || (chart.hasRounds && spansDecades(series));
  const inSight = isLowered || floor === null ? [] : [floor.value];
  const logs = () => logDomain([...series.map(({ average }) => average), ...inSight]);
  const y = lookedAt(
    { type: isLog ? "log" : "linear", domain: isLog ? logs() : linearDomain(series, floor?.value) },
    look.y,
    series.map(({ average }) => average),
  );
  const x = lookedAt({ type: "linear", domain: [0, Math.max(budget ?? 0, losses.count, ghost.count)] }, look.x, [
    1,
    losses.count,
  ]);
  const label = isLowered ? msg("loss above its floor") : msg("loss");
  return {
    ...MARGIN,
    width,
    height: HEIGHT_PX,
    x,
    y,
    marks: [
      axes(
        { label: msg("training step"), values: ticksOf(x, width < NARROW_PX ? 3 : 5) },
        { label, values: ticksOf(y, 4) },
      ),
      line(series, { x: "step", y: "raw", stroke: "currentColor", strokeOpacity: 0.28, strokeWidth: 1, clip: "frame" }),
      line(faint, {
        x: "step",
        y: "average",
        stroke: "currentColor",
        strokeOpacity: 0.55,
        strokeDasharray: "2 3",
        clip: "frame",
      }),
      line(series, { x: "step", y: "average", stroke: SLOT_MARKS[slot].color, strokeWidth: 2.2, clip: "frame" }),
      floorLine(
        floor === null || isLowered ? null : { value: floor.value, spread: null, meaning: floorText(floor, width) },
      ),
    ],
  };
}

export function lossDescription({ losses, floor }: LossChart): string {
  const last = thinned(losses, MAX_POINTS).at(-1);
  if (last === undefined) return "";
  const now = msg(`After ${losses.count} training steps the average is ${valueText(last.average)}.`);
  if (floor === null) return now;
  return `${now} ${msg(`Dashed: the ${floorText(floor, NARROW_PX)}.`)}`;
}

function floorText({ shown }: NonNullable<LossChart["floor"]>, width: number): string {
  return width < NARROW_PX ? msg(`floor ${shown}`) : msg(`floor ${shown}: no network gets below`);
}

/** A round that begins where another ended has a loss of its own, which can be a hundredth of the first's. */
function spansDecades(series: readonly Series[]): boolean {
  const averages = series.map(({ average }) => average);
  const [low, high] = [Math.min(...averages), Math.max(...averages)];
  return low > 0 && high > LOG_FROM_RATIO * low;
}

function lowered({ step, raw, average }: Series, zero: number): Series {
  return { step, raw: raw - zero, average: average - zero };
}

/** The floor too is in it, with room below. */
function linearDomain(series: readonly Series[], floor: number | undefined): Domain {
  const [low, high] = lossDomain(series);
  if (floor === undefined) return [low, high];
  const top = Math.max(high, floor);
  return [Math.min(low, floor - FLOOR_ROOM * (top - floor)), top];
}
