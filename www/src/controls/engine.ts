// Where the runs compute: which engine, why, and another one if the reader wants.

import { html, nothing, type TemplateResult } from "lit";
import { ENGINE_NAMES } from "../experiment/engines";
import { msg } from "../language";
import { titleOf } from "../state/panel";
import type { AskedDevice, PanelState, State } from "../state/state";
import type { Actions } from "./actions";
import { spoken } from "./spoken";

const CHOICES: readonly { device: AskedDevice; title: string; what: string }[] = [
  { device: "auto", title: msg("Auto"), what: msg("Where it is faster, once that is measured") },
  { device: "cpu", title: "CPU", what: msg("In the browser's own processor: the same seed gives the same bits") },
  {
    device: "webgpu",
    title: "WebGPU",
    what: msg("On the graphics device: faster for wide networks and large batches"),
  },
];

export function engineControls(state: State, actions: Actions): TemplateResult {
  const { asked, reason, refusal, isMoving } = state.engine;
  const notice = state.notice?.at === "engine" ? state.notice : null;
  const choice = ({ device, title, what }: (typeof CHOICES)[number]) => {
    const isRefused = device === "webgpu" && refusal !== null;
    return html`
      <button
        type="button"
        class="chip"
        aria-pressed=${asked === device}
        ?disabled=${isRefused}
        title=${isRefused ? `${refusal}.` : what}
        @click=${() => actions.compute(device)}
      >
        ${title}
      </button>
    `;
  };
  return html`
    <section class="engine" aria-label=${msg("Engine")}>
      <h2>${msg("Engine")}</h2>
      <div class="chips" role="group" aria-label=${msg("Where runs compute")}>${CHOICES.map(choice)}</div>
      <p class="quiet small">${spoken(isMoving ? msg("Moving the runs …") : reason)}</p>
      ${refusal === null || reason.includes(refusal) ? nothing : html`<p class="quiet small">${refusal}.</p>`}
      ${isMixed(state.panels) ? html`<ul class="quiet small">${state.panels.map(place)}</ul>` : nothing}
      ${notice === null ? nothing : html`<p class="notice ${notice.kind}" role="alert">${notice.text}</p>`}
    </section>
  `;
}

function isMixed(panels: readonly PanelState[]): boolean {
  return new Set(panels.map(({ device }) => device)).size > 1;
}

function place(panel: PanelState): TemplateResult {
  return html`<li>${titleOf(panel)}: ${ENGINE_NAMES[panel.device] ?? panel.device}. ${panel.deviceReason}</li>`;
}
