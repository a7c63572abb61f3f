// What can be read off a chart, point by point.
import { msg, num } from "../language";
import { valueText } from "./axes";
import type { Chart, Slot } from "./chart";
import { thinned } from "./series";
import { SLOT_MARKS } from "./slots";

export interface PointRead {
  slot: Slot;
  x: number;
  y: number;
  /** the point in words */
  text: string;
}

const MAX_POINTS = 400;
const COSTS = { seconds: "s", networkEvaluations: msg("network evaluations") } as const;

/** Panel after panel, each from left to right. */
export function readingsOf(chart: Chart): PointRead[] {
  switch (chart.kind) {
    case "loss": {
      const { slot, losses, floor, above } = chart;
      const zero = above ? (floor?.value ?? 0) : 0;
      return thinned(losses, MAX_POINTS).map(({ step, average }) => {
        const y = average - zero;
        return { slot, x: step, y, text: msg(`step ${num(step.toLocaleString("en-US"))}: ${exact(y)}`) };
      });
    }
    case "quality-cost":
      return chart.series.flatMap(({ slot, points }) =>
        points.map(({ cost, value }) => {
          const text = msg(`${letter(slot)}: ${exact(value)} after ${readable(cost)} ${COSTS[chart.cost]}`);
          return { slot, x: cost, y: value, text };
        }),
      );
    case "quality-nfe":
      return chart.series.flatMap(({ slot, solvers }) =>
        solvers.flatMap(({ points }) =>
          points.map(({ nfe, value, error }) => {
            const spread = error === null ? "" : ` ± ${valueText(error)}`;
            return { slot, x: nfe, y: value, text: msg(`${letter(slot)}: ${exact(value)}${spread} with ${nfe} NFE`) };
          }),
        ),
      );
  }
}

/** The nearest of points in pixels; null where there are none. */
export function nearestOf(points: readonly (readonly [x: number, y: number])[], x: number, y: number): number | null {
  let [best, distance] = [-1, Number.POSITIVE_INFINITY];
  for (const [i, [px, py]] of points.entries()) {
    // Along a line what counts is where the pointer is across; up and down tells lines apart.
    const d = (px - x) ** 2 + ((py - y) / 3) ** 2;
    if (d < distance) [best, distance] = [i, d];
  }
  return best < 0 ? null : best;
}

function letter(slot: Slot): string {
  return SLOT_MARKS[slot].letter;
}

function exact(value: number): string {
  return num(String(Number(value.toPrecision(4))));
}

function readable(value: number): string {
  return value >= 1000 ? num(Math.round(value).toLocaleString("en-US")) : valueText(value);
}
