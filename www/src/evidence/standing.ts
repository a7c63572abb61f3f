// What is known of a panel: the mean over its finished seeds where there are several, else what it shows now.
import { whyNoDensity } from "../experiment/methods";
import type { Setup } from "../experiment/presets";
import { isTrainable } from "../state/panel";
import type { Result } from "../state/results";
import type { PanelState, State } from "../state/state";
import { clockOf, comparable, isFinished, whyApart, whyOtherClock } from "./fair";
import { costsOf, courseOf, resultKey } from "./finished";
import { type Line, lineOf, type Reached } from "./line";
import { reachedBy, type Spread, type Summary, summarize } from "./results";

const QUANTITIES = [
  ...(["seconds", "networkEvaluations", "secondsToLine", "evaluationsToLine"] as const),
  ...(["nfe", "nll", "kl", "slicedW2"] as const),
];
export type Quantity = (typeof QUANTITIES)[number];

/** What else the machine does makes as much of a time: under equal budgets of seconds nobody is faster. */
const CLOCK_ERROR = 0.03;
/** A range is two standard errors on its longer side: what is known to lie between two measurements may lie at the first. */
const RANGE_ERRORS = 2;

export interface Found {
  /** infinite where it never comes to it */
  value: number;
  /** what is written after ±: the seeds' standard deviation, or the measurement's own standard error */
  spread: number | null;
  /** of the value */
  standardError: number | null;
  /** that the standard error was estimated with; left out where it is from many points */
  degrees?: number;
  /** what chance leaves open, where that is not a ± */
  range?: readonly [low: number, high: number];
}

/** Of one panel, on its own or beside others. */
export interface Standing {
  /** that the numbers are a mean of; 1 where they are the present ones */
  seeds: number;
  /** its budget is spent: what training cost is what it costs */
  isFinished: boolean;
  /** why it is not compared with the others, in the words after its name; null where it is */
  apart: string | null;
  /** why its seconds are not compared with the others', likewise */
  otherClock: string | null;
  /** the engine that trained it; null where several did */
  clock: string | null;
  slicedW2Floor: number | null;
  slicedW2FloorSpread: number | null;
  of: Readonly<Record<Quantity, Found | null>>;
}

type Fairness = "apart" | "otherClock" | "clock";
type RankedLineup = Pick<State, "setup" | "results" | "panels" | "qualityLine">;

/** Why a panel has no likelihood of what it is asked for, in one sentence; null where it has. */
export function whyUnseen({ method, own, ...panel }: PanelState, { data }: Pick<Setup, "data">): string | null {
  const whyNone = panel.likelihood === null ? panel.whyNoDensity : null;
  return whyNoDensity(method, own.data ?? data) ?? whyNone ?? panel.whyNoTruth;
}

/** Whether it is seen, on the page and on paper: the solver's error is small enough as well. */
export function hasLikelihood(panel: PanelState, setup: Pick<Setup, "data">): boolean {
  return panel.measured?.converged === true && whyUnseen(panel, setup) === null;
}

/** The one quality that all panels are held to; null before anything is measured. */
export function sharedLine(state: Pick<State, "setup" | "panels" | "qualityLine">): Line | null {
  return lineOf(comparable(state).map(costsOf), state.qualityLine);
}

export function standingOf(panel: PanelState, state: RankedLineup): Standing {
  const line = sharedLine(state);
  const apart = whyApart(panel, state);
  // The line is of the others' data.
  const own = apart === null ? line : null;
  const results: readonly Result[] = panel.origin === "seed" ? state.results : [];
  const summary = summarize(results, resultKey(panel), own);
  const found = summary.count > 1 ? averaged(summary, panel) : present(panel, state, own);
  return { ...found, apart, otherClock: whyOtherClock(panel, state), clock: clockOf(panel) };
}

function averaged({ count, of }: Summary, { measured }: PanelState): Omit<Standing, Fairness> {
  const found = (spread: Spread | null): Found | null => {
    if (spread === null) return null;
    const { mean, deviation, count } = spread;
    const standardError = deviation && deviation / Math.sqrt(count);
    return { value: mean, spread: deviation, standardError, degrees: count - 1 };
  };
  return {
    seeds: count,
    isFinished: true,
    slicedW2Floor: of.slicedW2Floor?.mean ?? null,
    slicedW2FloorSpread: measured?.slicedW2FloorSpread ?? null,
    of: Object.fromEntries(QUANTITIES.map((quantity) => [quantity, found(of[quantity])])) as Standing["of"],
  };
}

function present(panel: PanelState, { setup }: RankedLineup, line: Line | null): Omit<Standing, Fairness> {
  const { measured } = panel;
  const isTrained = isTrainable(panel) && panel.origin === "seed" && panel.step > 0;
  const likelihood = hasLikelihood(panel, setup) ? measured : null;
  const reached = line && reachedBy({ costs: costsOf(panel), course: courseOf(panel) }, line);
  const course = isTrained ? reached : null;
  return {
    seeds: 1,
    isFinished: isFinished(panel),
    slicedW2Floor: measured?.slicedW2Floor ?? null,
    slicedW2FloorSpread: measured?.slicedW2FloorSpread ?? null,
    of: {
      seconds: isTrained ? withError(exact(panel.seconds), CLOCK_ERROR * panel.seconds) : null,
      networkEvaluations: isTrained ? exact(panel.networkEvaluations) : null,
      secondsToLine: atLine(course?.secondsToLine, CLOCK_ERROR),
      evaluationsToLine: atLine(course?.evaluationsToLine),
      nfe: atLine(reached?.nfe),
      nll: estimated(likelihood?.nll, likelihood?.nllStandardError),
      kl: estimated(likelihood?.kl, likelihood?.klStandardError),
      slicedW2: distanceOf(measured),
    },
  };
}

/** Where its own error is unknown, the floor is what chance alone makes of it: two floors apart is apart. */
function distanceOf(measured: PanelState["measured"]): Found | null {
  const { slicedW2, slicedW2StandardError: error, slicedW2Floor: floor } = measured ?? {};
  if (error === null && typeof floor === "number") return withError(exact(slicedW2), floor / Math.SQRT2);
  return estimated(slicedW2, error);
}

/** Where chance leaves open whether it is reached at all, it leaves everything open. */
function atLine(reached: Reached | null | undefined, relativeError = 0): Found | null {
  if (reached === null || reached === undefined) return null;
  const { value, low, high } = reached;
  const isSure = low === high;
  const error = isSure ? 0 : Math.max(value - low, high === value ? 0 : high - value) / RANGE_ERRORS;
  const clock = Number.isFinite(value) ? relativeError * value : 0;
  return {
    value,
    spread: null,
    standardError: Math.hypot(error, clock),
    ...(!isSure && { range: [low, high] as const }),
  };
}

function exact(value: number | null | undefined): Found | null {
  return value === null || value === undefined ? null : { value, spread: null, standardError: null };
}

function estimated(value: number | null | undefined, error: number | null | undefined): Found | null {
  const found = exact(value);
  return found && { ...found, spread: error ?? null, standardError: error ?? null };
}

function withError(found: Found | null, standardError: number): Found | null {
  return found && { ...found, standardError };
}
