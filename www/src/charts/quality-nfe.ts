// How good the samples are against the evaluations that they take: a line where the solver steps are equal, open symbols
// where the solver chooses its own.
import { dot, line, type PlotOptions } from "@observablehq/plot";
import { type Axis, doublingTicks, logDomain, logTicks, pixelsAlong, qualityAxis, valueText } from "./axes";
import type { NfeSeries, QualityNfeChart } from "./chart";
import { axes, endLetters, floorLine, MARGIN } from "./frame";
import { SLOT_MARKS } from "./slots";

const HEIGHT_PX = 230;

export function qualityNfePlot({ quality, series, floor }: QualityNfeChart, width: number): PlotOptions {
  const points = series.flatMap(({ solvers }) => solvers.flatMap((solver) => solver.points));
  const x: Axis = { type: "log", domain: logDomain(points.map(({ nfe }) => nfe)) };
  const y = qualityAxis(
    points.map(({ value }) => value),
    floor?.value,
  );
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
        { label: "evaluations to sample (NFE)", values: doublingTicks(x.domain, width < 300 ? 5 : 9) },
        { label: quality, values: logTicks(y.domain, 6) },
      ),
      floorLine(floor),
      series.map(marksOf),
      endLetters(ends),
    ],
  };
}

function marksOf({ slot, solvers, fewest }: NfeSeries) {
  const { color, dash, symbol } = SLOT_MARKS[slot];
  const place = { x: "nfe", y: "value" } as const;
  return [
    solvers.map(({ adaptive, points }) =>
      adaptive
        ? dot(points, { ...place, symbol, stroke: color, strokeWidth: 1.6, fill: "var(--surface)", r: 3.5 })
        : [
            line(points, { ...place, stroke: color, strokeWidth: 2, strokeDasharray: dash }),
            dot(points, { ...place, symbol, fill: color, r: 3.5 }),
          ],
    ),
    // As many as it takes: a ring around them.
    fewest === null ? [] : dot([fewest], { ...place, stroke: color, strokeWidth: 1.6, r: 8 }),
  ];
}

export function qualityNfeDescription({ quality, series, floor }: QualityNfeChart): string {
  const enough = series.flatMap(({ title, slot, fewest }) =>
    fewest === null
      ? []
      : [
          `${SLOT_MARKS[slot].letter}, ${title}: as good as it gets, ${valueText(fewest.value)}, from NFE ${fewest.nfe} on.`,
        ],
  );
  const below = floor === null ? [] : [`Dashed: ${floor.meaning}, ${valueText(floor.value)}.`];
  return [`${quality}, less is better.`, ...enough, ...below].join(" ");
}
