// What is compared: the comparisons that are offered, and another panel.

import { html, nothing, type TemplateResult } from "lit";
import { METHOD_IDS, type MethodId } from "../experiment/methods";
import { PRESET_IDS, type PresetId, presetOf } from "../experiment/presets";
import { isForSpaces, spaceOf } from "../experiment/spaces";
import { msg } from "../language";
import { shownPreset } from "../state/comparison";
import { freeSlot } from "../state/panel";
import type { State } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { icon } from "./icons";

export function comparisonControls(state: State, actions: Actions): TemplateResult {
  const shown = shownPreset(state);
  const title = shown === undefined ? msg("one of your own") : presetOf(shown).title;
  const choose = () => actions.change(showDialog({ kind: "comparisons" }));
  return html`
    <div class="compare" role="group" aria-label=${msg("What is compared")}>
      <button type="button" class="choice" aria-haspopup="dialog" title=${msg(`Comparisons to choose from: ${title}`)} @click=${choose}>
        <span class="quiet">${msg("Comparison")}</span> <b>${title}</b>
      </button>
      ${
        freeSlot(state) === undefined
          ? nothing
          : html`<button type="button" class="add" title=${msg("One more method beside these, four at most")} @click=${() => actions.addPanel((now) => ({ method: nextMethod(now), own: {}, options: {} }))}>
              ${icon("plus")}<span class="word">${msg("Add panel")}</span>
            </button>`
      }
    </div>
  `;
}

/** What the comparison that is shown asks. */
export function question(state: State): TemplateResult {
  const shown = shownPreset(state);
  return html`<p class="question">${shown === undefined ? "" : presetOf(shown).question}</p>`;
}

/** The content of the dialog {kind: "comparisons"}. */
export function comparisonList(state: State, actions: Actions, close: () => void): TemplateResult {
  const shown = shownPreset(state);
  const choose = (id: PresetId) => () => {
    close();
    actions.compare(id);
  };
  return html`
    <div class="offered">
      <div class="row">
        <h2 id="dialog-title">${msg("Comparisons")}</h2>
        <button type="button" class="plain" aria-label=${msg("Close")} title=${msg("Close")} @click=${close}>${icon("close")}</button>
      </div>
      <div class="comparisons" role="group" aria-label=${msg("Comparisons")}>
        ${PRESET_IDS.map(
          (id) => html`
            <button type="button" data-preset=${id} aria-pressed=${id === shown} @click=${choose(id)}>
              <b>${presetOf(id).title}</b> <span>${presetOf(id).question}</span>
            </button>
          `,
        )}
      </div>
    </div>
  `;
}

const SUGGESTED: readonly MethodId[] = ["flow-matching", "ot-coupling", "ddpm", "reflow", "normalizing-flow"];

function nextMethod({ panels, setup }: State): MethodId {
  const isFree = (id: MethodId) =>
    panels.every(({ method }) => method !== id) && (spaceOf(setup) === null || isForSpaces(id));
  return SUGGESTED.find(isFree) ?? METHOD_IDS.find(isFree) ?? "flow-matching";
}
