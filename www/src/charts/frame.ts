// What every chart is framed by: its margins, its axes, its floor, and the letters at its lines' ends.
import { axisX, axisY, gridY, type Markish, rect, ruleY, text } from "@observablehq/plot";
import { tickText } from "./axes";
import type { Floor, Slot } from "./chart";
import { SLOT_MARKS } from "./slots";

export const MARGIN = { marginLeft: 46, marginRight: 22, marginTop: 24, marginBottom: 38 } as const;
const GRID_OPACITY = 0.12;
const BAND_OPACITY = 0.1;
/** Two letters nearer than this can't be read. */
const LETTER_PX = 13;
/** Text over lines stays readable. */
export const HALO = { stroke: "var(--surface)", strokeWidth: 3 } as const;

export interface Ticks {
  label: string;
  values: readonly number[];
}

export function axes(x: Ticks, y: Ticks): Markish[] {
  // Given as text: from a format Plot drops most ticks of a logarithmic axis.
  const shared = { tickSize: 4, tickPadding: 3, text: tickText, labelArrow: "none" } as const;
  return [
    gridY(y.values, { strokeOpacity: GRID_OPACITY }),
    axisY(y.values, { ...shared, label: y.label, labelAnchor: "top", labelOffset: MARGIN.marginLeft - 2 }),
    axisX(x.values, { ...shared, label: x.label, labelAnchor: "right", labelOffset: MARGIN.marginBottom - 4 }),
  ];
}

/** A dashed line right across, with its meaning below it, where no line should be. */
export function floorLine(floor: Floor | null): Markish[] {
  if (floor === null) return [];
  const { value, spread, meaning } = floor;
  // No further down than a logarithmic axis can show.
  const band = spread === null ? [] : [{ low: Math.max(value - spread, value / 2), high: value + spread }];
  const placed = { frameAnchor: "left", textAnchor: "start", lineAnchor: "top", dx: 4, dy: 4 } as const;
  return [
    rect(band, { y1: "low", y2: "high", fill: "currentColor", fillOpacity: BAND_OPACITY, clip: "frame" }),
    ruleY([value], { stroke: "currentColor", strokeWidth: 1.2, strokeDasharray: "3 3" }),
    text([meaning], { ...HALO, ...placed, y: [value], fill: "var(--ink-soft)" }),
  ];
}

/** The last point of a panel's line, in pixels. */
export interface End {
  slot: Slot;
  x: number;
  y: number;
}

/** The panels' letters beside their lines' ends, moved apart where they would lie on each other. */
export function endLetters(ends: readonly End[]): Markish[] {
  const placed = apart(ends);
  // Pixels, not the chart's units: they were moved apart in pixels.
  const pixels = (of: (end: End) => number) => ({ value: placed.map(of), scale: null });
  return [
    text(placed, {
      x: pixels(({ x }) => x),
      y: pixels(({ y }) => y),
      text: ({ slot }: End) => SLOT_MARKS[slot].letter,
      fill: { value: placed.map(({ slot }) => SLOT_MARKS[slot].color), scale: null },
      dx: 11,
      fontWeight: 700,
      ...HALO,
    }),
  ];
}

/** From the top down: each at least a letter below the one before. */
export function apart(ends: readonly End[]): End[] {
  const sorted = [...ends].sort((a, b) => a.y - b.y);
  let below = Number.NEGATIVE_INFINITY;
  return sorted.map((end) => {
    below = Math.max(end.y, below + LETTER_PX);
    return { ...end, y: below };
  });
}
