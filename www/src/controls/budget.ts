// When training ends.
import { html, nothing, type TemplateResult } from "lit";
import type { NumberOption } from "../experiment/options";
import type { BudgetChoice } from "../experiment/presets";
import type { State } from "../state/state";
import type { Actions } from "./actions";
import { knob, numberEntry, select } from "./knob";

type Kind = BudgetChoice["kind"];

const KINDS: Record<Kind, { title: string; usual: number; option: NumberOption }> = {
  usual: { title: "as usual", usual: 0, option: limit("Budget", 1, true) },
  steps: { title: "steps", usual: 1000, option: limit("Training steps", 10_000_000, true) },
  seconds: { title: "seconds", usual: 20, option: limit("Seconds", 1e6, false) },
  networkEvaluations: { title: "evaluations", usual: 10_000, option: limit("Network evaluations", 1e12, true) },
};

function limit(title: string, max: number, whole: boolean): NumberOption {
  return { type: "number", place: "budget", title, meaning: "", min: whole ? 1 : 0.001, max, whole };
}

const MEANING =
  "When training ends: after as many steps as suit each method, or at the same steps, seconds or network evaluations for all.";

export function budgetKnob(state: State, actions: Actions): TemplateResult {
  const { budget } = state.setup;
  const restart = (next: BudgetChoice) => actions.restart({ budget: next });
  const reset = budget.kind === "usual" ? null : () => restart({ kind: "usual" });
  const control = budgetControl({ id: "budget", label: "Budget", budget }, restart, actions);
  return knob({ id: "budget", title: "Budget", meaning: MEANING, control, reset }, state, actions);
}

export interface BudgetEntry {
  id: string;
  label: string;
  budget: BudgetChoice;
}

export function budgetControl(
  { id, label, budget }: BudgetEntry,
  set: (budget: BudgetChoice) => void,
  actions: Actions,
): TemplateResult {
  const kinds = Object.keys(KINDS) as Kind[];
  const chosen = (kind: Kind): BudgetChoice => (kind === "usual" ? { kind } : { kind, limit: KINDS[kind].usual });
  const control = select({
    label,
    value: budget.kind,
    options: kinds.map((value) => ({ value, title: KINDS[value].title })),
    choose: (kind) => set(chosen(kind as Kind)),
  });
  if (budget.kind === "usual") return html`<span class="budget">${control}</span>`;
  const { kind } = budget;
  const entry = numberEntry(
    { id, option: KINDS[kind].option, value: budget.limit, set: (limit) => set({ kind, limit }) },
    actions,
  );
  return html`<span class="budget">${control} ${entry ?? nothing}</span>`;
}
