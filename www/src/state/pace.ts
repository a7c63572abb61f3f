// How fast trainings went here: what the next of their kind will take is known before it is begun. Of other sizes nothing is
// said: scaled by its operations, a network of 32 neurons a layer foretells twice what one of 128 takes.
import type { Experiment } from "../experiment/experiment";
import { isTrainable, panelAt } from "./panel";
import type { Change, Paces, PanelState, Slot } from "./state";
import { costOf } from "./training";

const MOST_PACES = 60;
/** Less is noise. */
const LEAST_CHANGE = 0.05;

/** All that a training step's time depends on. */
function paceKey({ device, dim }: PanelState, { method, network, optimizer, condition }: Experiment): string {
  return JSON.stringify([device, dim, method, network, optimizer.batch, condition]);
}

/** A panel's training so far, seen by its clock. */
export function sawPace(slot: Slot): Change {
  return (state) => {
    const panel = panelAt(state, slot);
    const cost = panel && !panel.hasMoved ? costOf(panel) : null;
    if (!panel?.experiment || cost === null) return state;
    const key = paceKey(panel, panel.experiment);
    const { [key]: before, ...others } = state.paces;
    if (before !== undefined && Math.abs(cost.perStep / before - 1) < LEAST_CHANGE) return state;
    const newest = Object.entries({ ...others, [key]: cost.perStep }).slice(-MOST_PACES);
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
  return Math.min(byClock ?? Number.POSITIVE_INFINITY, pace * (budget.steps - step));
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
