// Another budget is another training: that is said before one is lost.
import { html, type TemplateResult } from "lit";
import type { PanelState, Restart, State } from "../state/state";
import { showDialog } from "../state/talk";
import { hasTrained } from "../state/training";
import type { Actions } from "./actions";

type Asked = Omit<Restart, "kind">;

/** At once where no training is lost to it by now, whatever there was when the control was drawn. */
export function changeBudget(asked: Asked, actions: Actions): void {
  let isLost = false;
  actions.change((state) => {
    isLost = stepsLost(asked, state) > 0;
    return isLost ? showDialog({ kind: "restart", ...asked })(state) : state;
  });
  if (!isLost) change(asked, actions);
}

function change({ slot, budget }: Asked, actions: Actions): void {
  if (slot === null) {
    if (budget !== null) actions.set({ budget });
    return;
  }
  actions.choose(slot, ({ own: { budget: _, ...own }, ...now }) => ({
    ...now,
    own: budget ? { ...own, budget } : own,
  }));
}

/** Of the panel that was trained longest. */
function stepsLost({ slot }: Asked, { panels }: State): number {
  const isMeant = (panel: PanelState) => (slot === null ? panel.own.budget === undefined : panel.slot === slot);
  const counts = panels.filter((panel) => isMeant(panel) && hasTrained(panel)).map(({ losses }) => losses.count);
  return Math.max(0, ...counts);
}

/** The content of the dialog {kind: "restart"}. */
export function restarting(asked: Restart, state: State, actions: Actions, close: () => void): TemplateResult {
  const steps = stepsLost(asked, state).toLocaleString("en-US");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    close();
    change(asked, actions);
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">Start training over?</h2>
      <p>
        With another budget training starts from step 0: the learning rate follows the share of the budget that is spent,
        so the ${steps} training steps so far are not the first of a longer training.
      </p>
      <div class="row">
        <button type="submit" class="primary">Start over</button>
        <button type="button" @click=${close}>Keep this training</button>
      </div>
    </form>
  `;
}
