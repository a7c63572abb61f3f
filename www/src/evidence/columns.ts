// The summary table as data: its columns, and what stands in each cell, or why nothing does.
import { whyNoDensity } from "../experiment/methods";
import type { Setup } from "../experiment/presets";
import { isTrainable } from "../state/panel";
import type { PanelState } from "../state/state";
import { FEWEST_RULE } from "./nfe";
import { written } from "./numbers";
import { type Ranked, ranks } from "./ranks";
import type { Found, Quantity, Standing } from "./standing";

/** What is known of one panel. */
export interface Row {
  panel: PanelState;
  standing: Standing;
}

export type Cell = { text: string; aside: string } | { absent: string; why?: string };

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

const NOT_YET: Cell = { absent: "not measured yet" };

export const GROUPS: readonly Group[] = [
  {
    title: "Training",
    rankedBy: ["seconds"],
    columns: [
      {
        title: "training",
        meaning: "Seconds spent in training steps alone, on this machine.",
        cell: trainingCell("seconds"),
      },
      {
        title: "network evaluations",
        meaning: "Batched evaluations of the network in training, those for the divergence included.",
        cell: trainingCell("networkEvaluations"),
      },
    ],
  },
  {
    title: "Inference",
    rankedBy: ["nfe"],
    columns: [
      { title: "NFE needed", meaning: FEWEST_RULE, cell: neededCell },
      {
        title: "NFE",
        meaning: "Evaluations of the velocity field to generate samples once, with the sampler that is chosen now.",
        cell: ({ panel: { measured } }) => (measured === null ? NOT_YET : { text: String(measured.nfe), aside: "" }),
      },
    ],
  },
  {
    title: "Quality",
    rankedBy: ["kl", "nll", "slicedW2"],
    columns: [
      {
        title: "NLL",
        meaning: "Negative log-likelihood of held-out data, in nats, ± its standard error. Less is better.",
        cell: likelihoodCell("nll"),
      },
      {
        title: "KL",
        meaning:
          "Mean of ln P(x) - ln p(x) of held-out data, in nats, ± its standard error: 0 is perfect, and below 0 is chance.",
        cell: likelihoodCell("kl"),
      },
      {
        title: "sliced W₂²",
        meaning:
          "Squared sliced Wasserstein distance of samples to fresh data, and its floor: that of fresh data to fresh data.",
        cell: distanceCell,
      },
    ],
  },
];

function trainingCell(quantity: "seconds" | "networkEvaluations"): Column["cell"] {
  return ({ panel, standing }) => {
    const found = standing.of[quantity];
    if (found !== null) return cellOf(quantity, found);
    if (!isTrainable(panel)) return { absent: "nothing to train" };
    if (panel.origin === "loaded") return { absent: "loaded weights" };
    return { absent: panel.origin === "pretrained" ? "pre-trained" : "not trained yet" };
  };
}

function neededCell({ standing }: Row): Cell {
  const found = standing.of.nfe;
  return found === null ? NOT_YET : cellOf("nfe", found);
}

/** Shown where the method has a likelihood and the solver's error is small enough. */
function likelihoodCell(quantity: "nll" | "kl"): Column["cell"] {
  return ({ panel: { method, own, measured }, standing }, setup) => {
    const noDensity = whyNoDensity(method, own.data ?? setup.data);
    if (noDensity !== undefined) return { absent: "–", why: noDensity };
    const found = standing.of[quantity];
    if (found !== null) return cellOf(quantity, found);
    if (measured === null) return NOT_YET;
    const isUnknown = quantity === "kl" && measured.converged && measured.nll !== null;
    if (isUnknown) return { absent: "–", why: "The density of these data is not known, so no KL." };
    const why = measured.reason ?? "Not converged: the solver's error is too large for this number.";
    return { absent: "not converged", why };
  };
}

function distanceCell({ standing }: Row): Cell {
  const found = standing.of.slicedW2;
  if (found === null) return NOT_YET;
  const { text, aside } = cellOf("slicedW2", found);
  return { text, aside: `${aside} (floor ${standing.slicedW2Floor?.toFixed(4) ?? "–"})` };
}

function cellOf(quantity: Quantity, found: Found) {
  const { text, spread } = written(quantity, found);
  return { text, aside: spread && ` ${spread}` };
}

/** Which quantity a group's ranks are of, and one rank a row; null where there are not two to compare. */
export interface Ranking {
  quantity: Quantity;
  ranks: readonly (number | null)[];
}

export function rankingOf({ rankedBy }: Group, rows: readonly Row[]): Ranking | null {
  const found = rankedBy.map((quantity) => ({ quantity, all: rows.map((row) => rankable(quantity, row)) }));
  const counts = found.map(({ all }) => all.filter((one) => one !== null).length);
  // The first that as many have as have any: the best known quantity that leaves nobody out.
  const chosen = found[counts.indexOf(Math.max(...counts))];
  if (chosen === undefined || Math.max(...counts) < 2) return null;
  return { quantity: chosen.quantity, ranks: ranks(chosen.all) };
}

/** Half a training costs nothing yet that could be compared. */
function rankable(quantity: Quantity, { standing }: Row): Ranked | null {
  return quantity === "seconds" && !standing.isFinished ? null : standing.of[quantity];
}

/** On how many points, of what, with which solver, where. */
export function captionOf(rows: readonly Row[], setup: Setup): string {
  const all = rows.flatMap(({ panel }) => panel.measured ?? []);
  if (all.length === 0) return "Measured on held-out points when training pauses, and now and then while it runs.";
  const isStale = rows.some(({ panel }) =>
    [panel.measured, panel.costs].some((found) => found && found.step < panel.step),
  );
  const stale = isStale ? " Some steps old while training runs." : "";
  const numPoints = [...new Set(all.map(({ n }) => n))].sort((a, b) => a - b).join(" to ");
  const solvers = [...new Set(all.map(({ solver }) => solver))].join(" and ");
  const dims = [...new Set(rows.map(({ panel }) => panel.dim))].join(" and ");
  const seeds = rows.some(({ standing }) => standing.seeds > 1)
    ? " Where several seeds ran: their mean ± their standard deviation."
    : "";
  const on = `On ${numPoints} held-out points in ${dims} dimensions, samples solved with ${solvers} steps, on this machine.`;
  return `${on}${seeds}${stale}${reasons(rows, setup)}`;
}

/** Why a number is missing, for those who can't point at its dash. */
function reasons(rows: readonly Row[], setup: Setup): string {
  const columns = GROUPS.flatMap((group) => group.columns);
  const cells = rows.flatMap((row) => columns.map(({ cell }) => cell(row, setup)));
  const whys = cells.flatMap((cell) => ("absent" in cell && cell.why ? [cell.why] : []));
  return [...new Set(whys)].map((why) => ` ${why}`).join("");
}
