// The columns of the summary table that can be switched on, and those that a reader's own points bring with them.
import { DECK } from "../experiment/deck";
import type { ColumnId } from "../experiment/measures";
import type { Measurement, Metric } from "../library";
import type { State } from "../state/state";
import { type Cell, type Column, GROUPS, type Group, NOT_YET, type Row } from "./columns";
import { short, withError } from "./numbers";

interface Extra extends Column {
  group: Group["title"];
  metric: Metric;
}

export const EXTRAS: Readonly<Record<ColumnId, Extra>> = {
  mmd: {
    title: "MMD²",
    group: "Quality",
    metric: "mmd",
    meaning: `The metric of the deck (${DECK}): squared maximum mean discrepancy of samples to held-out data, with a Gaussian kernel of bandwidth h, a tenth of the median distance. For equal distributions it stays below τ in 95 of 100 permutations: below τ, samples are not told apart from data with this kernel at this many points, which does not mean that they are equal.`,
    cell: detailCell(({ mmdBiased, mmdNullBand, mmdBandwidth }) => {
      if (mmdBiased === null) return null;
      const isBelow = mmdNullBand !== null && mmdBiased < mmdNullBand;
      const band = mmdNullBand === null ? [] : [`${isBelow ? "<" : "≥"} τ ${short(mmdNullBand)}`];
      const width = mmdBandwidth === null ? [] : [`h ${short(mmdBandwidth)}`];
      return { text: short(mmdBiased), aside: ` ${[...band, ...width].join(", ")}` };
    }),
  },
  w2: {
    title: "W₂²",
    group: "Quality",
    metric: "w2",
    meaning:
      "Squared Wasserstein distance of samples to held-out data by exact assignment, and its floor: that of fresh data to fresh data at as many points.",
    cell: detailCell(({ w2, w2Floor }) => withFloor(w2, w2Floor)),
  },
  straightness: {
    title: "bend",
    group: "Inference",
    metric: "straightness",
    meaning:
      "Bend S of the generated trajectories (the literature calls it straightness): how far they are from lines at constant speed. 0 is straight, and one Euler step is then exact.",
    cell: detailCell(({ straightness }) => (straightness === null ? null : { text: short(straightness), aside: "" })),
  },
  "transport-cost": {
    title: "transport cost",
    group: "Inference",
    metric: "straightness",
    meaning:
      "E|x(1) - x(0)|² of the generated trajectories: how far points are carried. None that carries the noise to the data costs less than W₂² between the two.",
    cell: detailCell(({ transportCost }) =>
      transportCost === null ? null : { text: short(transportCost), aside: "" },
    ),
  },
  "path-energy": {
    title: "NPE",
    group: "Inference",
    metric: "straightness",
    meaning:
      "Normalized path energy: |∫ E|f|² dt - W₂²| / W₂² of noise and data. 0 is optimal transport; its floor is what chance alone makes of it at as many points.",
    cell: detailCell(({ normalizedPathEnergy, normalizedPathEnergyFloor }) =>
      withFloor(normalizedPathEnergy, normalizedPathEnergyFloor),
    ),
  },
};

function withFloor(value: number | null, floor: number | null) {
  if (value === null) return null;
  return { text: short(value), aside: floor === null ? "" : ` (floor ${short(floor)})` };
}

function detailCell(cell: (details: Measurement) => Exclude<Cell, { absent: string }> | null): Column["cell"] {
  return ({ panel: { details } }) => {
    if (details === null) return NOT_YET;
    return (
      cell(details) ?? { absent: "–", why: "A dash: undefined for this panel, or not computed in so many dimensions." }
    );
  };
}

/** Of a reader's own points: whether they are learned or learned by heart. */
const OF_OWN_POINTS: readonly Column[] = [
  {
    title: "training NLL",
    meaning:
      "Negative log-likelihood of the points that it was trained on, beside that of held-out ones. Where it is lower by far, the points are learned by heart.",
    cell: ownCell(({ trainingNll, nll, nllStandardError }) => {
      if (trainingNll === null) return null;
      const isParted = nll !== null && nll - trainingNll > 2 * (nllStandardError ?? 0);
      return { text: withError(trainingNll, nllStandardError).text, aside: isParted ? " parts from held-out" : "" };
    }),
  },
  {
    title: "nearest point",
    meaning:
      "Mean distance of samples to the nearest training point, and the same of held-out points. Samples that lie much nearer than held-out points are copies.",
    cell: ownCell(({ nearestDistance, nearestDistanceHeldout }) => {
      if (nearestDistance === null) return null;
      const heldout = nearestDistanceHeldout === null ? "" : ` (held-out ${short(nearestDistanceHeldout)})`;
      return { text: short(nearestDistance), aside: heldout };
    }),
  },
];

type OwnMeasured = NonNullable<Row["panel"]["measured"]>;

function ownCell(cell: (measured: OwnMeasured) => Exclude<Cell, { absent: string }> | null): Column["cell"] {
  return ({ panel: { own, measured } }, setup) => {
    if ((own.data ?? setup.data) !== "points") return { absent: "–" };
    return measured === null ? NOT_YET : (cell(measured) ?? { absent: "–" });
  };
}

/** The groups of the table with the columns that are on. */
export function groupsFor({ setup, panels, columns }: Pick<State, "setup" | "panels" | "columns">): readonly Group[] {
  const hasOwn = panels.some(({ own }) => (own.data ?? setup.data) === "points");
  const extras = columns.map((id) => EXTRAS[id]);
  return GROUPS.map((group) => ({
    ...group,
    columns: [
      ...group.columns,
      ...(hasOwn && group.title === "Quality" ? OF_OWN_POINTS : []),
      ...extras.filter((extra) => extra.group === group.title),
    ],
  }));
}

/** What is to be measured for the columns that are on. */
export function metricsFor(columns: readonly ColumnId[]): Metric[] {
  return [...new Set(columns.map((id) => EXTRAS[id].metric))];
}
