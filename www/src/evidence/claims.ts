// What the deck says of training, inference and quality, beside what the panels come to on this machine.
import type { MethodGroup } from "../experiment/methods";
import { msg, num } from "../language";
import type { Line } from "./line";
import { inWords, plain } from "./numbers";
import { isClearlyLess } from "./ranks";
import type { Found, Quantity, Standing } from "./standing";

export interface Judged {
  title: string;
  group: MethodGroup;
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

/** What a claim is decided by; each a kind of number of its own. */
type Compared = "secondsToLine" | "nfe" | "kl" | "nll";

interface Claim {
  about: "training" | "inference" | "quality";
  text: string;
  /** the first that both sides have is compared */
  quantities: readonly Compared[];
  /** the group that is said to need, or to miss, less */
  less: MethodGroup;
  more: MethodGroup;
  /** the deck says it of so many coordinates at most */
  maxDim?: number;
}

/** The deck's largest example of few dimensions. */
const LOW_DIMENSION = 43;

const CLAIMS: readonly Claim[] = [
  {
    about: "training",
    text: msg("Flow matching, which solves no ODE in training, trains faster than a flow trained by likelihood."),
    quantities: ["secondsToLine"],
    less: msg("Flow matching"),
    more: msg("Likelihood"),
  },
  {
    about: "inference",
    text: msg("Flow matching samples with fewer evaluations than diffusion."),
    quantities: ["nfe"],
    less: msg("Flow matching"),
    more: msg("Diffusion"),
  },
  {
    about: "quality",
    text: msg("In few dimensions a flow trained by likelihood ends nearer to the data than flow matching."),
    quantities: ["kl", "nll"],
    less: msg("Likelihood"),
    more: msg("Flow matching"),
    maxDim: LOW_DIMENSION,
  },
  {
    about: "quality",
    text: msg("In few dimensions a flow trained by likelihood ends nearer to the data than diffusion."),
    quantities: ["kl", "nll"],
    less: msg("Likelihood"),
    more: msg("Diffusion"),
    maxDim: LOW_DIMENSION,
  },
];

/**
 * Only of what was measured, and of groups that are both there: of each the panel that does best. Training and inference
 * are compared at `line`, where at least one side comes to it.
 */
export function claimsOf(panels: readonly Judged[], dim: number, line: Pick<Line, "value"> | null): Comparison[] {
  const fair = panels.filter(({ standing }) => standing.isFinished && standing.apart === null);
  return CLAIMS.filter(({ maxDim }) => dim <= (maxDim ?? Number.POSITIVE_INFINITY)).flatMap((claim) => {
    for (const quantity of claim.quantities) {
      const found = sidesOf(claim, quantity, fair);
      if (found === null) continue;
      const [less, more] = found;
      const isNever = !Number.isFinite(less.found.value) && !Number.isFinite(more.found.value);
      return isNever ? [] : [compared(claim, quantity, less, more, line)];
    }
    return [];
  });
}

interface Contender {
  title: string;
  found: Found;
  /** what all of its training took */
  whole: Found | null;
  evaluations: Found | null;
}

/** The best of both sides; seconds are of one engine, the first that has both. */
function sidesOf({ less, more }: Claim, quantity: Compared, fair: readonly Judged[]): [Contender, Contender] | null {
  const clocks = new Set(fair.flatMap(({ standing: { clock } }) => clock ?? []));
  const on = (clock: string) => fair.filter(({ standing }) => standing.clock === clock);
  const compared = quantity === "secondsToLine" ? [...clocks].map(on) : [fair];
  for (const panels of compared) {
    const [side, other] = [best(panelsOf(panels, less), quantity), best(panelsOf(panels, more), quantity)];
    if (side !== null && other !== null) return [side, other];
  }
  return null;
}

function panelsOf(panels: readonly Judged[], group: MethodGroup): readonly Judged[] {
  return panels.filter((panel) => panel.group === group);
}

function best(panels: readonly Judged[], quantity: Quantity): Contender | null {
  const known = panels.flatMap(({ title, standing: { of } }): Contender[] => {
    const found = of[quantity];
    return found === null ? [] : [{ title, found, whole: of.seconds, evaluations: of.evaluationsToLine }];
  });
  return known.sort((a, b) => (a.found.value === b.found.value ? 0 : a.found.value - b.found.value))[0] ?? null;
}

function compared(
  claim: Claim,
  quantity: Compared,
  less: Contender,
  more: Contender,
  line: Pick<Line, "value"> | null,
): Comparison {
  const isLess = less.found.value < more.found.value;
  const [winner, loser] = isLess ? [less, more] : [more, less];
  const isTold = isClearlyLess(winner.found, quantity === "secondsToLine" ? atLeast(loser) : loser.found);
  const at = line === null ? msg("the quality line") : msg(`sliced W₂² ${plain(line.value)}`);
  return {
    claim: claim.text,
    here: isTold ? sentence(quantity, winner, loser, at) : tie(quantity, winner, loser, at),
    verdict: isTold ? (isLess ? "agrees" : "differs") : "open",
  };
}

/** Who has not come to the line needs longer than it was trained; by how much is not known. */
function atLeast({ found, whole }: Contender): Found {
  if (Number.isFinite(found.value)) return found;
  return whole ?? { ...found, standardError: Number.POSITIVE_INFINITY };
}

function sentence(quantity: Compared, winner: Contender, loser: Contender, at: string): string {
  const [less, more] = [inWords(quantity, winner.found), inWords(quantity, loser.found)];
  const isReached = Number.isFinite(loser.found.value);
  if (quantity === "secondsToLine") {
    const first = msg(`${winner.title} comes to ${at} in ${less}${evaluationsOf(winner)} of training`);
    if (!isReached) {
      const whole = loser.whole === null ? msg("its training") : inWords("seconds", loser.whole);
      return msg(`${first}; ${loser.title} does not in ${whole}.`);
    }
    const factor = loser.found.value / winner.found.value;
    const times = num(factor < 10 ? factor.toFixed(1) : factor.toFixed(0));
    return msg(`${first}, ${loser.title} in ${more}${evaluationsOf(loser)}: ${times} × faster.`);
  }
  if (quantity === "nfe") {
    const first =
      less === "1"
        ? msg(`${winner.title} needs 1 evaluation for samples at ${at}`)
        : msg(`${winner.title} needs ${less} evaluations for samples at ${at}`);
    return isReached ? `${first}, ${loser.title} ${more}.` : msg(`${first}; ${loser.title} never comes to it.`);
  }
  const [ours, theirs] = [`${less}${after(winner)}`, msg(`${more} of ${loser.title}${after(loser)}`)];
  return msg(`${winner.title} ends nearer to the data: ${quantity.toUpperCase()} ${ours} against ${theirs}.`);
}

/** What a quality took: equal steps are seconds for one method and minutes for another. */
function after({ whole }: Contender): string {
  return whole === null ? "" : msg(` after ${inWords("seconds", whole)} of training`);
}

function evaluationsOf({ evaluations }: Contender): string {
  if (evaluations === null || !Number.isFinite(evaluations.value)) return "";
  return msg(` and ${inWords("evaluationsToLine", evaluations)} network evaluations`);
}

const NAMES: Readonly<Record<Compared, string>> = { secondsToLine: msg("Training"), nfe: "NFE", kl: "KL", nll: "NLL" };

function tie(quantity: Compared, winner: Contender, loser: Contender, at: string): string {
  const [less, more] = [inWords(quantity, winner.found), inWords(quantity, loser.found)];
  if (!Number.isFinite(loser.found.value)) {
    const whole = loser.whole && quantity === "secondsToLine" ? msg(` in ${inWords("seconds", loser.whole)}`) : "";
    const comes =
      quantity === "secondsToLine" ? msg(`comes to ${at} in ${less}`) : msg(`comes to ${at} with NFE ${less}`);
    return msg(`${winner.title} ${comes}, ${loser.title} not${whole}: not told apart.`);
  }
  const isToLine = quantity === "secondsToLine" || quantity === "nfe";
  const [ours, theirs] = [winner, loser].map((one) => `${one.title}${isToLine ? "" : after(one)}`);
  return isToLine
    ? msg(`${NAMES[quantity]} to ${at} is ${less} for ${ours} and ${more} for ${theirs}: not told apart.`)
    : msg(`${NAMES[quantity]} is ${less} for ${ours} and ${more} for ${theirs}: not told apart.`);
}
