// The frame of one method's panel: its name, its status line, its stage.
import { html, nothing, type TemplateResult } from "lit";
import { budgetOf, METHOD_TEXTS, type MethodKind } from "../experiment/presets";
import type { PanelState, State } from "../state";
import type { Actions } from "./actions";
import { icon } from "./icons";

const ENGINES: Readonly<Record<string, string>> = { cpu: "CPU", webgpu: "WebGPU" };

export function panel(state: State, actions: Actions, method: MethodKind, stage: HTMLElement): TemplateResult {
  const { title, idea, paths } = METHOD_TEXTS[method];
  const { error } = state.panels[method];
  return html`
    <article class="panel" data-method=${method} aria-label=${title}>
      <header>
        <h2>${title}</h2>
        <p>${idea}</p>
        <button
          type="button"
          class="plain"
          title="2,000 generated samples as CSV, in the data's own units"
          aria-label="Download samples of ${title} as CSV"
          @click=${() => actions.exportSamples(method)}
        >
          ${icon("download")}CSV
        </button>
      </header>
      ${statusLine(state, method)} ${stage}
      <p class="notice error" role="status">${error ?? ""}</p>
      ${state.view.layers.paths ? html`<p class="quiet small">${paths}</p>` : nothing}
    </article>
  `;
}

function statusLine({ panels, deviceReason }: State, method: MethodKind): TemplateResult {
  const current = panels[method];
  const engine = ENGINES[current.device] ?? current.device;
  return html`
    <dl class="status">
      <div class="step"><dt>step</dt><dd>${stepText(current, method)}</dd></div>
      <div class="loss"><dt>loss</dt><dd>${current.loss === null ? "–" : current.loss.toFixed(3)}</dd></div>
      <div><dt>steps/s</dt><dd>${speedText(current.stepsPerSecond)}</dd></div>
      <div title=${deviceReason}><dt>engine</dt><dd>${engine}</dd></div>
    </dl>
  `;
}

function stepText({ origin, phase, step }: PanelState, method: MethodKind): string {
  if (phase === "opening") return "starting …";
  if (origin === "pretrained") return "pre-trained";
  return `${step.toLocaleString("en-US")} / ${budgetOf(method).toLocaleString("en-US")}`;
}

function speedText(stepsPerSecond: number | null): string {
  if (stepsPerSecond === null) return "–";
  return stepsPerSecond < 20 ? stepsPerSecond.toFixed(1) : stepsPerSecond.toFixed(0);
}
