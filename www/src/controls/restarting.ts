// Trainings go on with a budget that is raised. What is lost to one that is lowered below what is done is said before.

import { html, type TemplateResult } from "lit";
import { msg, num } from "../language";
import { type AskedBudget, stepsBeyond } from "../state/extending";
import type { Restart, State } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions } from "./actions";

/** At once where all that was trained by now can go on with it, whatever there was when the control was drawn. */
export function changeBudget(asked: AskedBudget, actions: Actions): void {
  let isLost = false;
  actions.change((state) => {
    isLost = stepsBeyond(asked, state) > 0;
    return isLost ? showDialog({ kind: "restart", ...asked })(state) : state;
  });
  if (!isLost) actions.extend(asked);
}

function startOver({ slot, budget }: AskedBudget, actions: Actions): void {
  if (slot === null) {
    if (budget !== null) actions.set({ budget });
    return;
  }
  actions.choose(slot, ({ own: { budget: _, ...own }, ...now }) => ({
    ...now,
    own: budget ? { ...own, budget } : own,
  }));
}

/** The content of the dialog {kind: "restart"}. */
export function restarting(asked: Restart, state: State, actions: Actions, close: () => void): TemplateResult {
  const steps = num(stepsBeyond(asked, state).toLocaleString("en-US"));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    close();
    startOver(asked, actions);
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">${msg("Start training over?")}</h2>
      <p>${msg(`${steps} training steps are done: more than this budget allows. With it training starts from step 0.`)}</p>
      <div class="row">
        <button type="submit" class="primary">${msg("Start over")}</button>
        <button type="button" @click=${close}>${msg("Keep this training")}</button>
      </div>
    </form>
  `;
}
