// The columns of the summary table that can be switched on, and those that a reader's own points bring with them.
import { DECK } from "../experiment/deck";
import type { ColumnId } from "../experiment/measures";
import { isGiven } from "../experiment/presets";
import { ownSolverOf } from "../experiment/samplers";
import { isOfSnapshots } from "../experiment/snapshots";
import { msg, num } from "../language";
import type { Distances, Measurement } from "../library";
import type { PanelState, State } from "../state/state";
import { type Cell, type Column, floorText, GROUPS, type Group, NOT_YET, onHowMany, type Row, unseen } from "./columns";
import { inNats, percent, short, withError } from "./numbers";

interface Extra extends Column {
  group: Group["title"];
}

export const EXTRAS: Readonly<Record<ColumnId, Extra>> = {
  mmd: {
    title: "MMD²",
    group: msg("Quality"),
    meaning: msg(
      `The metric of the deck (${DECK}): squared maximum mean discrepancy of samples to held-out data, with a Gaussian kernel of bandwidth h, a tenth of the median distance. For equal distributions it stays below τ in 95 of 100 permutations: below τ, samples are not told apart from data with this kernel at this many points, which does not mean that they are equal.`,
    ),
    cell: detailCell(({ mmdBiased, mmdNullBand, mmdBandwidth }) => {
      if (mmdBiased === null) return null;
      const isBelow = mmdNullBand !== null && mmdBiased < mmdNullBand;
      const band = mmdNullBand === null ? [] : [`${isBelow ? "<" : "≥"} τ ${short(mmdNullBand)}`];
      const width = mmdBandwidth === null ? [] : [`h ${short(mmdBandwidth)}`];
      return { text: short(mmdBiased), aside: ` ${[...band, ...width].join(msg(", ", "between decimals"))}` };
    }),
  },
  w2: {
    title: "W₂²",
    group: msg("Quality"),
    meaning: msg(
      "Squared Wasserstein distance of samples to held-out data by exact assignment, and its floor: that of fresh data to fresh data at as many points.",
    ),
    cell: detailCell(({ w2, w2Floor }) => withFloor(w2, w2Floor)),
  },
  straightness: {
    title: msg("bend"),
    group: msg("Inference"),
    meaning: msg(
      "Bend S of the generated trajectories (the literature calls it straightness): how far they are from lines at constant speed. 0 is straight, and one Euler step is then exact.",
    ),
    cell: curveCell(({ straightness }) => (straightness === null ? null : { text: short(straightness), aside: "" })),
  },
  "transport-cost": {
    title: msg("transport cost"),
    group: msg("Inference"),
    meaning: msg(
      "E|x(1) - x(0)|² of the generated trajectories: how far points are carried. None that carries Q to P costs less than W₂² between the two.",
    ),
    cell: curveCell(({ transportCost }) => (transportCost === null ? null : { text: short(transportCost), aside: "" })),
  },
  "path-energy": {
    title: "NPE",
    group: msg("Inference"),
    meaning: msg(
      "Normalized path energy: |∫ E|f|² dt - W₂²| / W₂² of P and Q. 0 is optimal transport; its floor is what chance alone makes of it at as many points.",
    ),
    cell: curveCell(({ normalizedPathEnergy, normalizedPathEnergyFloor }) =>
      withFloor(normalizedPathEnergy, normalizedPathEnergyFloor),
    ),
  },
  ess: {
    title: "ESS",
    group: msg("Quality"),
    meaning: msg(
      "Effective sample size: how many equally weighted samples the model's are worth once each has the weight w ∝ p(x)/q(x) that makes up for what the model q gets wrong, (Σw)²/Σw² of n. What the model never visits has no weight: a high share does not mean that nothing is missing.",
    ),
    cell: weightsCell(({ effective, n }) =>
      effective === null
        ? null
        : { text: percent(effective / n), aside: msg(` (of ${num(n.toLocaleString("en-US"))})`) },
    ),
  },
  "log-z": {
    title: "ln Z",
    group: msg("Quality"),
    meaning: msg(
      "Logarithm of the integral of e^(−E/T), by the mean weight of samples, ± its standard error; in brackets what it is. Of data without an energy 0 but for chance. Withheld below 100 effective samples.",
    ),
    cell: weightsCell(({ logZ, logZStandardError, logZTruth }) => besideTruth(logZ, logZStandardError, logZTruth)),
  },
  "delta-f": {
    title: "ΔF",
    group: msg("Quality"),
    meaning: msg(
      "Difference of free energies, in units of T: −ln of the probability that the first coordinate is above 0 over that it is not, by weighted samples, ± its standard error; in brackets what it is. Withheld where one side has fewer than 25 effective samples.",
    ),
    cell: weightsCell(({ deltaF, deltaFStandardError, deltaFTruth }) =>
      besideTruth(deltaF, deltaFStandardError, deltaFTruth),
    ),
  },
  frechet: {
    title: "FD",
    group: msg("Quality"),
    meaning: msg(
      "Fréchet distance of pictures: how far the Gaussians of samples and of held-out pictures are apart in the features of a small frozen classifier of digits. Of few pictures it is large by chance, as 1/n: beside it is its floor, that of data to data at as many.",
    ),
    cell: detailCell(
      ({ frechet, frechetFloor, frechetFloorSpread }) => {
        if (frechet === null) return null;
        const floor = frechetFloor === null ? "" : msg(` (floor ${floorText(frechetFloor, frechetFloorSpread)})`);
        return { text: short(frechet), aside: floor };
      },
      () => msg("Of pictures alone."),
    ),
  },
  accuracy: {
    title: msg("accuracy"),
    group: msg("Quality"),
    meaning: msg("How many samples a small frozen classifier takes for the digit that they were asked to be."),
    cell: detailCell(
      ({ accuracy }) => (accuracy === null ? null : { text: percent(accuracy), aside: "" }),
      () => msg("Of digits alone, where one is asked for."),
    ),
  },
  "left-out-w1": leftOut("w1", msg("left out: W₁"), msg("Wasserstein distance, by exact assignment.")),
  "left-out-w2": leftOut("w2", msg("left out: W₂²"), msg("Squared Wasserstein distance, by exact assignment.")),
  "left-out-mmd": leftOut(
    "mmd",
    msg("left out: MMD²"),
    msg("Squared maximum mean discrepancy, unbiased, with a kernel of a tenth of the median distance."),
  ),
};

/** Of the snapshot in time that training did not see, beside what needs no training. */
function leftOut(of: keyof Distances, title: string, distance: string): Extra {
  const which = msg(
    "Of the snapshot that is left out to what the flow makes of the snapshot before it. In brackets the same of no flow, which is that snapshot before it; of straight lines between its neighbours, joined by optimal transport; and its floor, that of other points of the snapshot itself.",
  );
  return {
    title,
    group: msg("Quality"),
    meaning: `${distance} ${which}`,
    cell: detailCell(
      ({ snapshots }) => {
        // What was kept before there were any has none.
        const found = snapshots?.find((one) => one.leftOut);
        const value = found?.flow[of] ?? null;
        if (found === undefined || value === null) return null;
        const beside = [
          withDistance(msg("no flow"), found.noFlow[of]),
          withDistance(msg("straight"), found.straight[of]),
          withDistance(msg("floor"), found.floor[of]),
        ].flat();
        return { text: short(value), aside: beside.length === 0 ? "" : ` (${beside.join(", ")})` };
      },
      ({ method }) => (isOfSnapshots(method) ? msg("No snapshot is left out.") : msg("Of snapshots in time alone.")),
    ),
  };
}

function withDistance(name: string, distance: number | null): string[] {
  return distance === null ? [] : [`${name} ${short(distance)}`];
}

function withFloor(value: number | null, floor: number | null) {
  if (value === null) return null;
  return { text: short(value), aside: floor === null ? "" : msg(` (floor ${short(floor)})`) };
}

type Reweighed = NonNullable<Measurement["reweighting"]>;
type FilledCell = Exclude<Cell, { absent: string }>;

/** Of weighted samples: withheld with its reason. */
function weightsCell(cell: (found: Reweighed) => FilledCell | null): Column["cell"] {
  return ({ panel: { details } }) => {
    const found = details?.reweighting ?? null;
    if (found === null) return NOT_YET;
    return cell(found) ?? { absent: "–", why: found.reason ?? NO_VALUE };
  };
}

function besideTruth(value: number | null, error: number | null, truth: number | null): FilledCell | null {
  if (value === null) return null;
  const { text, spread } = withError(value, error);
  const aside = truth === null ? "" : msg(` (in truth ${withError(truth, error).text})`);
  return { text, aside: `${spread && ` ${spread}`}${aside}` };
}

const NO_VALUE = msg("A dash: there is no such number of this panel, or none is computed in so many dimensions.");

/** Of the way that points go: a student has none between its steps. */
function curveCell(cell: Parameters<typeof detailCell>[0]): Column["cell"] {
  const isStudent = (panel: PanelState) => ownSolverOf(panel) !== null;
  return detailCell(cell, (panel) =>
    isStudent(panel)
      ? msg("A distilled student has no curve between its steps: neither a bend nor a path energy.")
      : NO_VALUE,
  );
}

function detailCell(
  cell: (details: Measurement) => Exclude<Cell, { absent: string }> | null,
  why: (panel: PanelState) => string = () => NO_VALUE,
): Column["cell"] {
  return ({ panel }) => {
    const { details, whyNoTruth } = panel;
    if (details === null) return NOT_YET;
    return cell(details) ?? { absent: "–", why: whyNoTruth ?? why(panel) };
  };
}

/** Of a reader's own points: whether they are learned or learned by heart. */
const OF_OWN_POINTS: readonly Column[] = [
  {
    title: msg("training NLL"),
    meaning: msg(
      "Negative log-likelihood of the points that it was trained on, beside that of held-out ones. Where it is lower by far, the points are learned by heart.",
    ),
    cell: likelihoodCell(({ trainingNll, nll, nllStandardError }) => {
      if (trainingNll === null) return null;
      const isParted = nll !== null && nll - trainingNll > 2 * (nllStandardError ?? 0);
      return { text: inNats(trainingNll, nllStandardError).text, aside: isParted ? msg(" parts from held-out") : "" };
    }),
  },
  {
    title: msg("nearest point"),
    meaning: msg(
      "Mean distance of samples to the nearest training point, and the same of held-out points. Samples that lie much nearer than held-out points are copies.",
    ),
    cell: ownCell(({ nearestDistance, nearestDistanceHeldout }) => {
      if (nearestDistance === null) return null;
      const heldout = nearestDistanceHeldout === null ? "" : msg(` (held-out ${short(nearestDistanceHeldout)})`);
      return { text: short(nearestDistance), aside: heldout };
    }),
  },
];

/** Of those that are pictures of whole grays. */
const BITS: Column = {
  title: "bits/dim",
  meaning: msg(
    "The NLL in bits a pixel, of pixels that were whole grays before each was spread evenly over its share of the range: an upper bound of the bits that these grays take.",
  ),
  cell: (row, setup) => onHowMany(bitsCell(row, setup), row.panel),
};

const bitsCell = likelihoodCell(({ bitsPerDim, bitsPerDimStandardError }) => {
  if (bitsPerDim === null) return null;
  const { text, spread } = withError(bitsPerDim, bitsPerDimStandardError);
  return { text, aside: spread && ` ${spread}` };
});

type OwnMeasured = NonNullable<Row["panel"]["measured"]>;

function ownCell(cell: (measured: OwnMeasured) => Exclude<Cell, { absent: string }> | null): Column["cell"] {
  return ({ panel: { own, measured } }, setup) => {
    if (!isGiven(own.data ?? setup.data)) return { absent: "–" };
    return measured === null ? NOT_YET : (cell(measured) ?? { absent: "–" });
  };
}

/** Seen where every likelihood is. */
function likelihoodCell(cell: Parameters<typeof ownCell>[0]): Column["cell"] {
  const own = ownCell(cell);
  return (row, setup) => {
    const found = own(row, setup);
    const isAbsent = !("text" in found) && row.panel.likelihood === null;
    return isAbsent ? found : (unseen(row.panel, setup) ?? found);
  };
}

/** Whose pixels were whole grays, whether or not their bits were asked for. */
function isOfGrays(experiment: PanelState["experiment"]): boolean {
  return experiment?.data.kind === "digits" || experiment?.data.kind === "pictures";
}

/** The groups of the table with the columns that are on. */
export function groupsFor({ setup, panels, columns }: Pick<State, "setup" | "panels" | "columns">): readonly Group[] {
  const hasOwn = panels.some(({ own }) => isGiven(own.data ?? setup.data));
  const hasPictures = panels.some(
    ({ measured, likelihood, experiment }) =>
      typeof measured?.bitsPerDim === "number" || (likelihood !== null && isOfGrays(experiment)),
  );
  const extras = columns.map((id) => EXTRAS[id]);
  return GROUPS.map((group) => ({
    ...group,
    columns: [
      ...group.columns,
      ...(hasPictures && group.title === msg("Quality") ? [BITS] : []),
      ...(hasOwn && group.title === msg("Quality") ? OF_OWN_POINTS : []),
      ...extras.filter((extra) => extra.group === group.title),
    ],
  }));
}
