// What training would take is said before hours of it are begun.

import { html, type TemplateResult } from "lit";
import { msg } from "../language";
import { titleOf } from "../state/panel";
import type { State } from "../state/state";
import { costOf } from "../state/training";
import type { Actions } from "./actions";
import { lasting } from "./lasting";

/** For who would rather see all of them after as long. */
const EQUAL_SECONDS = 60;

/** The content of the dialog {kind: "cost"}. */
export function costs({ panels }: State, actions: Actions, close: () => void): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    close();
    actions.toggleTraining();
  };
  const asLong = () => {
    close();
    actions.set({ budget: { kind: "seconds", limit: EQUAL_SECONDS } });
    actions.toggleTraining();
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">${msg("This takes long")}</h2>
      <p>${msg("Measured here, on the first steps of each:")}</p>
      <ul>
        ${panels.map((panel) => {
          const cost = costOf(panel);
          if (cost === null) return html`<li>${msg(`${titleOf(panel)}: not known yet.`)}</li>`;
          const { perStep, inAll, evaluations } = cost;
          return html`<li>${msg(html`<b>${titleOf(panel)}</b>: ${lasting(perStep)} a step of ${Math.round(evaluations)} network evaluations, ${lasting(inAll)} in all.`)}</li>`;
        })}
      </ul>
      <p>${msg("A likelihood solves the ODE in every step, there and back. It runs if you like; Pause keeps what it has come to.")}</p>
      <div class="row">
        <button type="submit" class="primary">${msg("Train all the same")}</button>
        <button type="button" @click=${asLong}>${msg(`${EQUAL_SECONDS} s for each`)}</button>
        <button type="button" @click=${close}>${msg("Not now")}</button>
      </div>
    </form>
  `;
}
