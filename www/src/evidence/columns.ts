// The summary table as data: its columns, and what stands in each cell, or why nothing does.
import { engineSays } from "../engine/says";
import type { Setup } from "../experiment/presets";
import { msg } from "../language";
import { isTrainable } from "../state/panel";
import type { PanelState } from "../state/state";
import { NEEDED_RULE } from "./line";
import { withError, written } from "./numbers";
import { type Ranked, ranks } from "./ranks";
import { type Found, hasLikelihood, type Quantity, type Standing, whyUnseen } from "./standing";

/** What is known of one panel. */
export interface Row {
  panel: PanelState;
  standing: Standing;
}

export type Cell = ({ text: string; aside: string } | { absent: string; why?: string }) & {
  /** what can be asked for here, or is under way */
  asked?: PanelState["likelihood"];
};

export interface Column {
  title: string;
  /** one sentence */
  meaning: string;
  cell: (row: Row, setup: Setup) => Cell;
}

/** What the panels are ranked by in one group of columns. */
export interface Group {
  title: "Training" | "Inference" | "Quality";
  columns: readonly Column[];
  /** the first that every panel that has anything has */
  rankedBy: readonly Quantity[];
}

export const NOT_YET: Cell = { absent: msg("not measured yet") };
/** The line is of the other panels' data. */
const SET_APART: Cell = { absent: msg("set apart") };

export const GROUPS: readonly Group[] = [
  {
    title: msg("Training"),
    rankedBy: ["secondsToLine"],
    columns: [
      {
        title: msg("training"),
        meaning: msg(
          "Seconds spent in training steps alone, on this machine. Compared between panels of one engine only.",
        ),
        cell: trainingCell("seconds"),
      },
      {
        title: msg("network evaluations"),
        meaning: msg(
          "Batched passes through the network in training: forward and backward passes count one each, and so do those for the divergence.",
        ),
        cell: trainingCell("networkEvaluations"),
      },
      {
        title: msg("to equal quality"),
        meaning: msg(
          "Seconds and network evaluations of training until samples come to the quality line, the same for every panel; in brackets between which two measurements. Never: not within its budget.",
        ),
        cell: toLineCell,
      },
    ],
  },
  {
    title: msg("Inference"),
    rankedBy: ["nfe"],
    columns: [
      { title: msg("NFE needed"), meaning: NEEDED_RULE, cell: neededCell },
      {
        title: "NFE",
        meaning: msg(
          "Evaluations of the velocity field to generate samples once, with the sampler that is chosen now.",
        ),
        cell: ({ panel: { measured } }) => (measured === null ? NOT_YET : { text: String(measured.nfe), aside: "" }),
      },
    ],
  },
  {
    title: msg("Quality"),
    rankedBy: ["kl", "nll", "slicedW2"],
    columns: [
      {
        title: "NLL",
        meaning: msg("Negative log-likelihood of held-out data, in nats, ± its standard error. Less is better."),
        cell: askedCell(likelihoodCell("nll")),
      },
      {
        title: "KL",
        meaning: msg(
          "Mean of ln P(x) - ln p(x) of held-out data, in nats, ± its standard error: 0 is perfect, and below 0 is chance.",
        ),
        cell: likelihoodCell("kl"),
      },
      {
        title: msg("sliced W₂²"),
        meaning: msg(
          "Squared sliced Wasserstein distance of samples to fresh data, ± its standard error, and its floor: the mean of fresh data to fresh data at as many points, ± how far single pairs scatter.",
        ),
        cell: distanceCell,
      },
    ],
  },
];

function trainingCell(quantity: "seconds" | "networkEvaluations"): Column["cell"] {
  return ({ panel, standing }) => {
    const found = standing.of[quantity];
    if (found !== null) return cellOf(quantity, found);
    if (!isTrainable(panel)) return { absent: msg("nothing to train") };
    if (panel.origin === "loaded") return { absent: msg("loaded weights") };
    return { absent: panel.origin === "pretrained" ? msg("pre-trained") : msg("not trained yet") };
  };
}

function toLineCell({ panel, standing }: Row): Cell {
  if (!isTrainable(panel) || panel.origin !== "seed") return { absent: "–" };
  const why = whyNoDistance(panel);
  if (why !== null) return untold(why);
  if (standing.apart !== null) return SET_APART;
  const { secondsToLine: seconds, evaluationsToLine: evaluations } = standing.of;
  if (seconds === null) return NOT_YET;
  const { text, aside } = cellOf("secondsToLine", seconds);
  if (!Number.isFinite(seconds.value) || evaluations === null) return { text, aside };
  return { text, aside: msg(`${aside}, ${cellOf("evaluationsToLine", evaluations).text} evaluations`) };
}

/** Why samples have no sliced distance to data. */
function whyNoDistance({ whyNoTruth, picture }: PanelState): string | null {
  return whyNoTruth ?? (picture.space ? UNSLICED : null);
}

export const UNSLICED = msg(
  "No sliced W₂² on a torus or a sphere, which have no projections onto lines; W₂² by geodesic distances is a column that can be switched on.",
);

/** Without a density, or under guidance, there is nothing to compare with. */
function untold(why: string): Cell {
  return { absent: "–", why };
}

function neededCell({ panel, standing }: Row): Cell {
  const why = whyNoDistance(panel);
  if (why !== null) return untold(why);
  if (standing.apart !== null) return SET_APART;
  const found = standing.of.nfe;
  return found === null ? NOT_YET : cellOf("nfe", found);
}

/** Shown where the method has a likelihood and the solver's error is small enough. */
function likelihoodCell(quantity: "nll" | "kl"): Column["cell"] {
  return ({ panel, standing }, setup) => {
    const found = standing.of[quantity];
    if (found !== null && whyUnseen(panel, setup) === null) return cellOf(quantity, found);
    return unseen(panel, setup) ?? { absent: "–", why: msg("The density of these data is not known, so no KL.") };
  };
}

/** Where a likelihood is measured when it is asked for, it is asked for here. */
function askedCell(cell: Column["cell"]): Column["cell"] {
  return (row, setup) => {
    const { likelihood, measured, phase } = row.panel;
    const found = onHowMany(cell(row, setup), row.panel);
    if (likelihood === null || whyUnseen(row.panel, setup) !== null) return found;
    const isOffered = likelihood.seconds !== null && !likelihood.isWhole && measured !== null && phase === "ready";
    return isOffered ? { ...found, asked: likelihood } : found;
  };
}

/** On how many points: with its first part it is on few. */
export function onHowMany(cell: Cell, { likelihood, measured }: PanelState): Cell {
  if (likelihood === null || !("text" in cell)) return cell;
  return { ...cell, aside: `${cell.aside} (n = ${measured?.likelihoodN})` };
}

/** What stands in the place of a likelihood that is not to be seen; null where it is. */
export function unseen(panel: PanelState, setup: Pick<Setup, "data">): Cell | null {
  const why = whyUnseen(panel, setup);
  if (why !== null) return untold(why);
  const { measured } = panel;
  if (measured === null) return NOT_YET;
  if (measured.nll === null && panel.likelihood !== null) return { absent: "–", why: panel.whyNoDensity ?? "" };
  if (measured.nll !== null && hasLikelihood(panel, setup)) return null;
  const reason =
    engineSays(measured.reason ?? "") || msg("Not converged: the solver's error is too large for this number.");
  return { absent: msg("not converged"), why: reason };
}

function distanceCell({ panel, standing }: Row): Cell {
  const why = whyNoDistance(panel);
  if (why !== null) return untold(why);
  const found = standing.of.slicedW2;
  if (found === null) return NOT_YET;
  const { text, aside } = cellOf("slicedW2", found);
  if (standing.slicedW2Floor === null) return { text, aside };
  const floor = floorText(standing.slicedW2Floor, standing.slicedW2FloorSpread);
  return { text, aside: msg(`${aside} (floor ${floor})`) };
}

export function floorText(floor: number, spread: number | null): string {
  const { text, spread: after } = withError(floor, spread);
  return after === "" ? text : `${text} ${after}`;
}

function cellOf(quantity: Quantity, found: Found) {
  const { text, spread } = written(quantity, found);
  const range = found.range?.map((end) => written(quantity, { ...found, value: end }).text.replace(/ s$/, ""));
  const aside = range === undefined ? spread : `(${range.join(msg(" to "))})`;
  return { text, aside: aside && ` ${aside}` };
}

/** Which quantity a group's ranks are of, and one rank a row; null where there are not two to compare. */
export interface Ranking {
  quantity: Quantity;
  ranks: readonly (number | null)[];
}

export function rankingOf({ rankedBy }: Group, rows: readonly Row[]): Ranking | null {
  const found = rankedBy.map((quantity) => ({ quantity, all: rankables(quantity, rows) }));
  const counts = found.map(({ all }) => all.filter((one) => one !== null).length);
  // The first that as many have as have any: the best known quantity that leaves nobody out.
  const chosen = found[counts.indexOf(Math.max(...counts))];
  if (chosen === undefined || Math.max(...counts) < 2) return null;
  return { quantity: chosen.quantity, ranks: ranks(chosen.all) };
}

/** Who never came to the line in less time than others took may yet be the fastest: that is left open. */
function rankables(quantity: Quantity, rows: readonly Row[]): (Ranked | null)[] {
  const all = rows.map((row) => rankable(quantity, row));
  // Nobody is the first of those who never come to it.
  if (!all.some((one) => one && Number.isFinite(one.value))) return all.map(() => null);
  if (quantity !== "secondsToLine") return all;
  const longest = Math.max(0, ...all.flatMap((one) => (one && Number.isFinite(one.value) ? [one.value] : [])));
  const isOpen = (i: number) => (rows[i]?.standing.of.seconds?.value ?? 0) < longest;
  return all.map((one, i) => (one && !Number.isFinite(one.value) && isOpen(i) ? null : one));
}

/** Only what is of one data set, trained to its end and, for a likelihood, measured on points that nothing was learned from. */
function rankable(quantity: Quantity, { panel, standing }: Row): Ranked | null {
  if (!standing.isFinished || standing.apart !== null) return null;
  if (quantity === "secondsToLine" && standing.otherClock !== null) return null;
  const isLikelihood = quantity === "nll" || quantity === "kl";
  return isLikelihood && panel.measured?.heldOut === false ? null : standing.of[quantity];
}
