// A training that something took the place of is kept: said where training is worked, with the way back.

import { html, nothing, type TemplateResult } from "lit";
import { msg, num } from "../language";
import type { State } from "../state/state";
import type { Actions } from "./actions";
import { icon } from "./icons";
import { spoken } from "./spoken";

export function undoOffer({ left }: State, actions: Actions): TemplateResult | typeof nothing {
  if (left === null) return nothing;
  const { steps } = left;
  const text = steps === 1 ? msg("1 step kept.") : msg(`${num(steps.toLocaleString("en-US"))} steps kept.`);
  return html`
    <p class="undo">
      <span>${spoken(text, true)}</span>
      <button type="button" title=${msg("The training before, as it was, ready to go on")} @click=${() => actions.undo()}>${msg("Undo")}</button>
      <button type="button" class="plain" aria-label=${msg("Do without it")} title=${msg("Do without it")} @click=${() => actions.change((state) => ({ ...state, left: null }))}>${icon("close")}</button>
    </p>
  `;
}
