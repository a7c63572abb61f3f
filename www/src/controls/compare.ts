// The comparisons that are offered, and another panel.
import { html, nothing, type TemplateResult } from "lit";
import { METHOD_IDS, type MethodId } from "../experiment/methods";
import { PRESET_IDS, type PresetId, presetOf } from "../experiment/presets";
import { freeSlot } from "../state/panel";
import type { State } from "../state/state";
import type { Actions } from "./actions";
import { icon } from "./icons";

export function comparisonControls(state: State, actions: Actions): TemplateResult {
  const shown = PRESET_IDS.find((id) => isShown(id, state));
  return html`
    <div class="comparisons" role="group" aria-label="Comparisons">
      ${PRESET_IDS.map((id) => preset(id, id === shown, actions))}
      ${
        freeSlot(state) === undefined
          ? nothing
          : html`<button type="button" class="chip add" title="One more method beside these, four at most" @click=${() => actions.addPanel((now) => ({ method: nextMethod(now), own: {}, options: {} }))}>
              ${icon("plus")}Add panel
            </button>`
      }
    </div>
    <p class="question">${shown === undefined ? "" : presetOf(shown).question}</p>
  `;
}

function preset(id: PresetId, isChosen: boolean, actions: Actions): TemplateResult {
  const { title, question } = presetOf(id);
  return html`
    <button type="button" class="chip" data-preset=${id} aria-pressed=${isChosen} title=${question} @click=${() => actions.compare(id)}>
      ${title}
    </button>
  `;
}

function isShown(id: PresetId, { panels }: State): boolean {
  const { panels: choices } = presetOf(id);
  const same = (i: number) => {
    const [panel, choice] = [panels[i], choices[i]];
    const written = ({ method, own, options, asks = {} }: NonNullable<typeof choice>) =>
      JSON.stringify([method, own, options, asks]);
    return panel !== undefined && choice !== undefined && written(panel) === written(choice);
  };
  return panels.length === choices.length && choices.every((_, i) => same(i));
}

const SUGGESTED: readonly MethodId[] = ["flow-matching", "ot-coupling", "ddpm", "reflow", "normalizing-flow"];

function nextMethod({ panels }: State): MethodId {
  const isFree = (id: MethodId) => panels.every(({ method }) => method !== id);
  return SUGGESTED.find(isFree) ?? METHOD_IDS.find(isFree) ?? "flow-matching";
}
