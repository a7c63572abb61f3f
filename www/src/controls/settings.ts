// All that is set: what stands in the drawer, and below the panels once it is unfolded. Comes when the first of it is opened.

import { html, nothing, type TemplateResult } from "lit";
import { msg } from "../language";
import { Late } from "../late";
import type { PanelState, State } from "../state/state";
import { unfold } from "../state/talk";
import type { Actions } from "./actions";

export const settingsCode = new Late(() => import("./settings-parts"));

/** What stands there until it has come. */
export function comingSettings(): TemplateResult {
  const text = settingsCode.hasFailed
    ? msg("The settings could not be fetched. They are asked for again in a few seconds.")
    : "";
  return html`<p class="quiet small" role="status">${text}</p>`;
}

/** Of one panel. Only where they are looked at: four panels have a hundred controls. */
export function panelOptions(panel: PanelState, state: State, actions: Actions): TemplateResult {
  const changed = [panel.options, panel.own, panel.asks].flatMap((part) => Object.keys(part)).length;
  const isOpen = state.unfolded.includes(panel.slot);
  const code = isOpen ? settingsCode.want(() => actions.change((now) => now)) : null;
  const toggle = (event: Event) => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open !== isOpen) actions.change(unfold(panel.slot, open));
  };
  return html`
    <details class="options" ?open=${isOpen} @toggle=${toggle}>
      <summary>${msg("Options")} <span class="quiet">${changed === 0 ? "" : msg(`${changed} of its own`)}</span></summary>
      ${isOpen ? (code?.unfoldedOptions(panel, state, actions) ?? comingSettings()) : nothing}
    </details>
  `;
}
