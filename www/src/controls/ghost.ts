// To compare a panel before and after a change: what it is now, kept faint behind what becomes of it.

import { html, type TemplateResult } from "lit";
import { msg } from "../language";
import { dropGhost, ghostTitle, keepGhost } from "../state/ghost";
import type { PanelState } from "../state/state";
import type { Actions } from "./actions";

const MEANING = msg("Kept faint behind what this panel becomes: its points, its loss, its row in the table.");

export function ghostControl({ slot, ghost, picture }: PanelState, actions: Actions): TemplateResult {
  if (ghost === null) {
    return html`
      <p class="ghost">
        <button type="button" title=${MEANING} ?disabled=${picture.generated === null} @click=${() => actions.change(keepGhost(slot))}>
          ${msg("Keep as ghost")}
        </button>
      </p>
    `;
  }
  return html`
    <p class="ghost small">
      ${ghostTitle(ghost)}
      <button type="button" title=${MEANING} @click=${() => actions.change(keepGhost(slot))}>${msg("Keep this instead")}</button>
      <button type="button" @click=${() => actions.change(dropGhost(slot))}>${msg("Drop the ghost")}</button>
    </p>
  `;
}
