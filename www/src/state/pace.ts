// How fast trainings went here: what the next of their kind will take is known before it is begun.
import { operationsOf } from "../engine/calibration";
import type { Experiment } from "../experiment/experiment";
import { isCostly } from "../experiment/networks";
import { isTrainable, panelAt } from "./panel";
import type { Change, Paces, PanelState, Slot } from "./state";
import { costOf } from "./training";

const MOST_PACES = 60;
/** Less is noise. */
const LEAST_CHANGE = 0.05;

/** All that a step's time depends on but a perceptron's width and depth, which its operations count. */
function paceKey({ device, dim }: PanelState, { method, network, optimizer, condition }: Experiment): string {
  const { width: _, depth: __, ...rest } = network;
  return JSON.stringify([device, dim, method, isCostly({ network }) ? network : rest, optimizer.batch, condition]);
}

/** A panel's training so far, seen by its clock. */
export function sawPace(slot: Slot): Change {
  return (state) => {
    const panel = panelAt(state, slot);
    const cost = panel && !panel.hasMoved ? costOf(panel) : null;
    if (!panel?.experiment || cost === null) return state;
    const key = paceKey(panel, panel.experiment);
    const pace = cost.perStep / operationsOf(panel.experiment);
    const { [key]: before, ...others } = state.paces;
    if (before !== undefined && Math.abs(pace / before - 1) < LEAST_CHANGE) return state;
    const newest = Object.entries({ ...others, [key]: pace }).slice(-MOST_PACES);
    return { ...state, paces: Object.fromEntries(newest) };
  };
}

/** Seconds until the budget is spent, of a training whose own speed is not known yet; null where none of its kind was seen. */
export function secondsExpected(panel: PanelState, paces: Paces): number | null {
  const { experiment, budget, step, spent, seconds } = panel;
  if (experiment === null || spent >= 1 || !isTrainable(panel)) return null;
  const byClock = budget.seconds === null ? null : budget.seconds - seconds;
  const pace = paces[paceKey(panel, experiment)];
  if (pace === undefined || budget.networkEvaluations !== null) return byClock;
  return Math.min(byClock ?? Number.POSITIVE_INFINITY, pace * operationsOf(experiment) * (budget.steps - step));
}

export function pacesText(paces: Paces): string {
  return JSON.stringify(paces);
}

/** What cannot be read is as if nothing had been kept. */
export function pacesFrom(kept: string | null): Paces {
  try {
    const all = Object.entries(JSON.parse(kept ?? "{}") as Record<string, unknown>);
    const usable = all.filter((one): one is [string, number] => Number.isFinite(one[1]) && (one[1] as number) > 0);
    return Object.fromEntries(usable.slice(-MOST_PACES));
  } catch {
    return {};
  }
}
