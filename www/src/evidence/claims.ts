// What the deck says of training, inference and quality, beside what the panels come to on this machine.
import type { Group } from "../experiment/methods";
import { inWords } from "./numbers";
import { isClearlyLess } from "./ranks";
import type { Found, Quantity, Standing } from "./standing";

export interface Judged {
  title: string;
  group: Group;
  standing: Standing;
}

export type Verdict = "agrees" | "differs" | "open";

export interface Comparison {
  /** what the deck says, as a sentence */
  claim: string;
  /** what was found here, as a sentence */
  here: string;
  verdict: Verdict;
}

interface Claim {
  about: "training" | "inference" | "quality";
  text: string;
  /** the first that both sides have is compared */
  quantities: readonly Quantity[];
  /** the group that is said to need, or to miss, less */
  less: Group;
  more: Group;
  /** the deck says it of so many coordinates at most */
  maxDim?: number;
}

/** The deck's largest example of few dimensions. */
const LOW_DIMENSION = 43;

const CLAIMS: readonly Claim[] = [
  {
    about: "training",
    text: "Flow matching, which solves no ODE in training, trains faster than a flow trained by likelihood.",
    quantities: ["seconds"],
    less: "Flow matching",
    more: "Likelihood",
  },
  {
    about: "inference",
    text: "Flow matching samples with fewer evaluations than diffusion.",
    quantities: ["nfe"],
    less: "Flow matching",
    more: "Diffusion",
  },
  ...(["Flow matching", "Diffusion"] as const).map((more) => ({
    about: "quality" as const,
    text: `In few dimensions a flow trained by likelihood ends nearer to the data than ${more.toLowerCase()}.`,
    quantities: ["kl", "nll"] as const,
    less: "Likelihood" as const,
    more,
    maxDim: LOW_DIMENSION,
  })),
];

/** Only of what was measured, and of groups that are both there: of each the panel that does best. */
export function comparisons(panels: readonly Judged[], dim: number): Comparison[] {
  return CLAIMS.filter(({ maxDim }) => dim <= (maxDim ?? Number.POSITIVE_INFINITY)).flatMap((claim) => {
    const [side, other] = [panelsOf(panels, claim.less), panelsOf(panels, claim.more)];
    for (const quantity of claim.quantities) {
      const [less, more] = [best(side, quantity), best(other, quantity)];
      if (less !== null && more !== null) return [compared(claim, quantity, less, more)];
    }
    return [];
  });
}

interface Contender {
  title: string;
  found: Found;
}

function panelsOf(panels: readonly Judged[], group: Group): readonly Judged[] {
  return panels.filter((panel) => panel.group === group);
}

/** Half a training says nothing yet of a method. */
function best(panels: readonly Judged[], quantity: Quantity): Contender | null {
  const known = panels.flatMap(({ title, standing }) => {
    const found = standing.isFinished ? standing.of[quantity] : null;
    return found === null ? [] : [{ title, found }];
  });
  return known.sort((a, b) => a.found.value - b.found.value)[0] ?? null;
}

function compared(claim: Claim, quantity: Quantity, less: Contender, more: Contender): Comparison {
  const isTold = isClearlyLess(less.found, more.found) || isClearlyLess(more.found, less.found);
  const isLess = less.found.value < more.found.value;
  const [winner, loser] = isLess ? [less, more] : [more, less];
  return {
    claim: claim.text,
    here: isTold ? sentence(quantity, winner, loser) : tie(quantity, winner, loser),
    verdict: isTold ? (isLess ? "agrees" : "differs") : "open",
  };
}

function sentence(quantity: Quantity, winner: Contender, loser: Contender): string {
  const [less, more] = [inWords(quantity, winner.found), inWords(quantity, loser.found)];
  if (quantity === "seconds") {
    const factor = loser.found.value / winner.found.value;
    const times = factor < 10 ? factor.toFixed(1) : factor.toFixed(0);
    return `${winner.title} trained ${times} × faster than ${loser.title}: ${less} against ${more}.`;
  }
  if (quantity === "nfe")
    return `${winner.title} needs ${less === "1" ? "1 evaluation" : `${less} evaluations`} to sample, ${loser.title} ${more}.`;
  return `${winner.title} ends nearer to the data: ${quantity.toUpperCase()} ${less} against ${more} of ${loser.title}.`;
}

function tie(quantity: Quantity, winner: Contender, loser: Contender): string {
  const name = { seconds: "Training", nfe: "NFE", kl: "KL", nll: "NLL" }[quantity as "seconds" | "nfe" | "kl" | "nll"];
  const [less, more] = [inWords(quantity, winner.found), inWords(quantity, loser.found)];
  return `${name} is ${less} for ${winner.title} and ${more} for ${loser.title}: not told apart.`;
}
