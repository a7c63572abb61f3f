// Another budget for trainings that have begun: which of them go on with it, and which have more behind them than it allows.
import type { ExperimentInput } from "../experiment/experiment";
import { type BudgetChoice, experimentFor } from "../experiment/presets";
import { choiceOf, needsNewRun } from "./panel";
import { changeSetup } from "./setup";
import type { Change, PanelState, Restart, State } from "./state";
import { hasTrained } from "./training";

/** A budget for all panels that have none of their own, or for one; null links a panel's to that of the others. */
export type AskedBudget = Omit<Restart, "kind">;

export function setBudget({ slot, budget }: AskedBudget): Change {
  if (slot === null) return budget === null ? (state) => state : changeSetup({ budget });
  return (state) => ({
    ...state,
    notice: null,
    panels: state.panels.map((panel) => {
      const { budget: _, ...own } = panel.own;
      return panel.slot === slot ? { ...panel, own: budget === null ? own : { ...own, budget } } : panel;
    }),
  });
}

/** The panels that it is for. */
export function meantBy({ slot }: AskedBudget, { panels }: State): readonly PanelState[] {
  return panels.filter((panel) => (slot === null ? panel.own.budget === undefined : panel.slot === slot));
}

export function budgetChoiceOf({ own }: PanelState, { setup }: State): BudgetChoice {
  return own.budget ?? setup.budget;
}

/** As its experiment has it. */
export function budgetOf(panel: PanelState, { setup }: State): NonNullable<ExperimentInput["budget"]> {
  return experimentFor(choiceOf(panel), setup, panel.points).budget ?? {};
}

/** Whether it has training to go on from. */
export function goesOn(panel: PanelState): boolean {
  return hasTrained(panel) && panel.step > 0 && !needsNewRun(panel);
}

/** The most training steps of any panel that the budget has no room for; 0 where all can go on with it. */
export function stepsBeyond(asked: AskedBudget, state: State): number {
  const then = setBudget(asked)(state);
  const slots = meantBy(asked, state).map(({ slot }) => slot);
  const meant = then.panels.filter((panel) => slots.includes(panel.slot) && goesOn(panel));
  return Math.max(0, ...meant.filter((panel) => !hasRoom(panel, budgetOf(panel, then))).map(({ step }) => step));
}

function hasRoom({ step, seconds, networkEvaluations }: PanelState, budget: ExperimentInput["budget"]): boolean {
  const { steps, seconds: clock, networkEvaluations: evaluations } = budget ?? {};
  const within = (done: number, limit: number | undefined) => limit === undefined || done < limit;
  return within(step, steps) && within(seconds, clock) && within(networkEvaluations, evaluations);
}
