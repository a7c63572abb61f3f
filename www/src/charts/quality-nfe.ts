// How good the samples are against the evaluations that they take: a line where the solver steps are equal, open symbols
// where the solver chooses its own.
import { dot, line, link, type Markish, type PlotOptions, ruleY, text } from "@observablehq/plot";
import { msg } from "../language";
import { type Axis, doublingTicks, logDomain, pixelsAlong, qualityAxis, ticksOf, valueText } from "./axes";
import type { NfeSeries, QualityNfeChart } from "./chart";
import { axes, endLetters, floorLine, HALO, MARGIN } from "./frame";
import { type ChartLook, lookedAt } from "./look";
import { SLOT_MARKS } from "./slots";

const HEIGHT_PX = 230;

export function qualityNfePlot(
  { quality, series, floor, line }: QualityNfeChart,
  width: number,
  look: ChartLook = {},
): PlotOptions {
  const points = series.flatMap(({ solvers }) => solvers.flatMap((solver) => solver.points));
  const [nfes, values] = [points.map(({ nfe }) => nfe), points.map(({ value }) => value)];
  const x = lookedAt({ type: "log", domain: logDomain(nfes) }, look.x, nfes);
  const y = lookedAt(within(qualityAxis(values, floor?.value), line), look.y, values);
  const isNear = look.x?.domain !== undefined;
  const down = pixelsAlong(y, [HEIGHT_PX - MARGIN.marginBottom, MARGIN.marginTop]);
  const ends = series.flatMap(({ slot, solvers }) => {
    const last = solvers.find(({ adaptive }) => !adaptive)?.points.at(-1);
    // At the right edge, beyond the open symbols.
    return last === undefined ? [] : [{ slot, x: width - MARGIN.marginRight, y: down(last.value) }];
  });
  return {
    ...MARGIN,
    width,
    height: HEIGHT_PX,
    x,
    y,
    marks: [
      axes(
        {
          label: msg("evaluations to sample (NFE)"),
          values: x.type === "log" ? doublingTicks(x.domain, width < 300 ? 5 : 9) : ticksOf(x, 5),
        },
        { label: quality, values: ticksOf(y, 6) },
      ),
      floorLine(floor),
      series.map((one) => marksOf(one, isNear)),
      qualityLine(line),
      isNear ? [] : endLetters(ends),
    ],
  };
}

/** A line that is moved beyond the points takes the axis with it, as far as it is. */
function within({ type, domain: [low, high] }: Axis, line: number | null): Axis {
  return { type, domain: [Math.min(low, line ?? low), Math.max(high, line ?? high)] };
}

function qualityLine(line: number | null): Markish[] {
  if (line === null) return [];
  const placed = { frameAnchor: "right", textAnchor: "end", lineAnchor: "bottom", dx: -4, dy: -4 } as const;
  return [
    ruleY([line], { stroke: "var(--accent)", strokeWidth: 2 }),
    text([msg(`quality line ${valueText(line)}`)], { ...HALO, ...placed, y: [line], fill: "var(--ink)" }),
  ];
}

function marksOf({ slot, solvers, reached }: NfeSeries, isNear: boolean) {
  const { color, dash, symbol } = SLOT_MARKS[slot];
  const place = { x: "nfe", y: "value" } as const;
  const near = isNear ? ({ clip: "frame" } as const) : {};
  return [
    solvers.map(({ points }) =>
      // Two standard errors to either side, on an axis that has no 0.
      link(
        points.filter(({ error }) => error !== null),
        {
          x: "nfe",
          y1: ({ value, error }) => Math.max(value - 2 * error, value / 10),
          y2: ({ value, error }) => value + 2 * error,
          stroke: color,
          strokeOpacity: 0.6,
          clip: "frame",
        },
      ),
    ),
    solvers.map(({ adaptive, points }) =>
      adaptive
        ? dot(points, { ...place, symbol, stroke: color, strokeWidth: 1.6, fill: "var(--surface)", r: 3.5, ...near })
        : [
            line(points, { ...place, stroke: color, strokeWidth: 2, strokeDasharray: dash, ...near }),
            dot(points, { ...place, symbol, fill: color, r: 3.5, ...near }),
          ],
    ),
    // As many as it takes: a ring around them.
    reached === null ? [] : dot([reached], { ...place, stroke: color, strokeWidth: 1.6, r: 8, ...near }),
  ];
}

export function qualityNfeDescription({ quality, series, floor, line }: QualityNfeChart): string {
  const enough = series.map(({ title, slot, reached }) => {
    const when = reached === null ? msg("never") : msg(`from NFE ${reached.nfe} on`);
    return `${SLOT_MARKS[slot].letter}, ${title}: ${when}.`;
  });
  const held = line === null ? [] : [msg(`At the quality line, ${valueText(line)}, or below:`), ...enough];
  const below = floor === null ? [] : [msg(`Dashed: ${floor.meaning}, ${valueText(floor.value)}.`)];
  return [msg(`${quality}, less is better.`), ...held, ...below].join(" ");
}
