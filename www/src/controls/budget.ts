// When training ends.

import { html, nothing, type TemplateResult } from "lit";
import { BUDGET_LIMITS } from "../experiment/limits";
import type { NumberOption } from "../experiment/options";
import type { BudgetChoice } from "../experiment/presets";
import { msg } from "../language";
import type { State } from "../state/state";
import type { Actions } from "./actions";
import { knob, numberEntry, select } from "./knob";
import { changeBudget } from "./restarting";

type Limited = keyof typeof BUDGET_LIMITS;

const USUAL = { value: "usual", title: msg("as usual") };
const LIMITS: Record<Limited, { title: string; first: number; option: NumberOption }> = {
  steps: { title: msg("training steps"), first: 1000, option: limited("steps", msg("Training steps")) },
  seconds: { title: msg("seconds"), first: 20, option: limited("seconds", msg("Seconds")) },
  networkEvaluations: {
    title: msg("network evaluations"),
    first: 10_000,
    option: limited("networkEvaluations", msg("Network evaluations")),
  },
};

function limited(kind: Limited, title: string): NumberOption {
  return { type: "number", place: "budget", title, meaning: "", ...BUDGET_LIMITS[kind] };
}

const MEANING = msg(
  "When training ends: after as many training steps as suit each method, or at the same training steps, seconds or network evaluations for all. Raised, training goes on from where it stands: the learning rate falls along the cosine of the new budget from there.",
);

export function budgetKnob(state: State, actions: Actions): TemplateResult {
  const { budget } = state.setup;
  const restart = (next: BudgetChoice) => changeBudget({ slot: null, budget: next }, actions);
  const reset = budget.kind === "usual" ? null : () => restart({ kind: "usual" });
  const control = budgetControl({ id: "budget", label: msg("Budget"), budget }, restart, actions);
  return knob({ id: "budget", title: msg("Budget"), meaning: MEANING, control, reset }, state, actions);
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
  const kinds = Object.keys(LIMITS) as Limited[];
  const chosen = (kind: Limited): BudgetChoice => ({ kind, limit: LIMITS[kind].first });
  const control = select({
    label,
    value: budget.kind,
    options: [USUAL, ...kinds.map((value) => ({ value, title: LIMITS[value].title }))],
    choose: (kind) => set(kind === USUAL.value ? { kind: "usual" } : chosen(kind as Limited)),
  });
  if (budget.kind === "usual") return html`<span class="budget">${control}</span>`;
  const { kind } = budget;
  const entry = numberEntry(
    { id, option: LIMITS[kind].option, value: budget.limit, set: (limit) => set({ kind, limit }) },
    actions,
  );
  return html`<span class="budget">${control} ${entry ?? nothing}</span>`;
}
