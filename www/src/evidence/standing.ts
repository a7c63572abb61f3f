// What is known of a panel: the mean over its finished seeds where there are several, else what it shows now.
import { whyNoDensity } from "../experiment/methods";
import { isTrainable } from "../state/panel";
import type { PanelState, State } from "../state/state";
import { keyOf } from "./finished";
import { fewestEvaluations } from "./nfe";
import { type Result, type Spread, type Summary, summarize } from "./results";

export type Quantity = "seconds" | "networkEvaluations" | "nfe" | "nll" | "kl" | "slicedW2";

/** What else the machine does makes as much of a time: under equal budgets of seconds nobody is faster. */
const CLOCK_ERROR = 0.03;

export interface Found {
  value: number;
  /** what is written after ±: the seeds' standard deviation, or the measurement's own standard error */
  spread: number | null;
  /** of the value */
  standardError: number | null;
}

export interface Standing {
  /** that the numbers are a mean of; 1 where they are the present ones */
  seeds: number;
  /** its budget is spent: what training cost is what it costs */
  isFinished: boolean;
  slicedW2Floor: number | null;
  of: Readonly<Record<Quantity, Found | null>>;
}

export function standingOf(panel: PanelState, state: Pick<State, "setup" | "user" | "results">): Standing {
  const summary = seedsOf(panel, state);
  return summary.count > 1 ? averaged(summary) : present(panel, state);
}

function seedsOf(panel: PanelState, state: Pick<State, "setup" | "user" | "results">): Summary {
  const results: readonly Result[] = panel.origin === "seed" ? state.results : [];
  return summarize(results, keyOf(panel, state));
}

function averaged({ count, of }: Summary): Standing {
  const found = (spread: Spread | null): Found | null => {
    if (spread === null) return null;
    const { mean, deviation, count } = spread;
    return { value: mean, spread: deviation, standardError: deviation && deviation / Math.sqrt(count) };
  };
  return {
    seeds: count,
    isFinished: true,
    slicedW2Floor: of.slicedW2Floor?.mean ?? null,
    of: {
      seconds: found(of.seconds),
      networkEvaluations: found(of.networkEvaluations),
      nfe: found(of.nfe),
      nll: found(of.nll),
      kl: found(of.kl),
      slicedW2: found(of.slicedW2),
    },
  };
}

function present(panel: PanelState, { setup }: Pick<State, "setup">): Standing {
  const { measured, costs } = panel;
  const isTrained = isTrainable(panel) && panel.origin === "seed" && panel.step > 0;
  const hasLikelihood = measured?.converged && whyNoDensity(panel.method, panel.own.data ?? setup.data) === undefined;
  const likelihood = hasLikelihood ? measured : null;
  const floor = measured?.slicedW2Floor ?? null;
  return {
    seeds: 1,
    isFinished: isTrained && panel.spent >= 1,
    slicedW2Floor: floor,
    of: {
      seconds: isTrained ? withError(exact(panel.seconds), CLOCK_ERROR * panel.seconds) : null,
      networkEvaluations: isTrained ? exact(panel.networkEvaluations) : null,
      nfe: exact(costs && (fewestEvaluations(costs.points)?.nfe ?? null)),
      nll: estimated(likelihood?.nll, likelihood?.nllStandardError),
      kl: estimated(likelihood?.kl, likelihood?.klStandardError),
      // It has no error of its own, but the floor is what chance alone makes of it: two floors apart is apart.
      slicedW2: floor === null ? exact(measured?.slicedW2) : withError(exact(measured?.slicedW2), floor / Math.SQRT2),
    },
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
