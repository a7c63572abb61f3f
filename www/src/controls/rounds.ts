// For a method trained in rounds: which one it is in, what each has reached, and one more.

import { html, nothing, type TemplateResult } from "lit";
import { between, short } from "../evidence/numbers";
import { methodOf, type Rounds } from "../experiment/methods";
import { msg } from "../language";
import type { RoundReport } from "../library";
import type { PanelState } from "../state/state";
import type { Actions } from "./actions";

export function roundsLine(panel: PanelState, actions: Actions): TemplateResult | typeof nothing {
  const { rounds: texts } = methodOf(panel.method);
  if (texts === undefined) return nothing;
  const { slot, phase, round, budget, rounds, startEnergy } = panel;
  const { name, measure, add } = texts;
  return html`
    <div class="rounds">
      <span>${msg(`${name} ${round + 1} of ${budget.rounds}`)}</span>
      ${measure ? readout(measure, rounds, startEnergy) : nothing}
      ${
        add === undefined
          ? nothing
          : html`<button
              type="button"
              ?disabled=${phase !== "ready" && phase !== "training"}
              @click=${() => actions.addRound(slot)}
            >
              ${add}
            </button>`
      }
    </div>
  `;
}

function readout(
  { quantity, title, meaning }: NonNullable<Rounds["measure"]>,
  rounds: readonly RoundReport[],
  startEnergy: number | null,
): TemplateResult {
  const values = rounds.map((round) => round[quantity]);
  const points = between(rounds.map(({ n }) => n));
  const isUnknown = values.length > 0 && values.every((value) => value === null);
  const why = isUnknown ? msg("Unknown for these data: they have no density in closed form.") : meaning;
  return html`
    <span class="readout" title=${why}>
      ${title}
      ${quantity === "freeEnergy" && startEnergy !== null ? msg(html`<b>${short(startEnergy)}</b> at the start, then`) : nothing}
      ${values.length === 0 ? html`<b>–</b>` : values.map((value) => html`<b>${value === null ? "–" : short(value)}</b> `)}
      ${points === "" ? nothing : html`<span class="quiet">${msg(`on ${points} points`)}</span>`}
      ${isUnknown ? html`<span class="quiet">${why}</span>` : nothing}
    </span>
  `;
}
