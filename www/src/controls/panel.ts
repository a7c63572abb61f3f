// The frame of one panel: its method, its status line, its stage.
import { html, type TemplateResult } from "lit";
import { type MethodId, methodGroups, methodOf, whyNoDensity } from "../experiment/methods";
import { isTrainable, type PanelState, type State } from "../state";
import type { Actions } from "./actions";
import { icon } from "./icons";
import { roundsLine } from "./rounds";

const ENGINES: Readonly<Record<string, string>> = { cpu: "CPU", webgpu: "WebGPU" };

export function panel(panel: PanelState, state: State, actions: Actions, stage: HTMLElement): TemplateResult {
  const { title, idea } = methodOf(panel.method);
  return html`
    <article class="panel" data-slot=${panel.slot} data-method=${panel.method} aria-label=${title}>
      <header>
        ${methodChoice(panel, actions)}
        <p>${idea}</p>
        <button
          type="button"
          class="plain"
          title="2,000 generated samples as CSV, in the data's own units"
          aria-label="Download samples of ${title} as CSV"
          @click=${() => actions.exportSamples(panel.slot)}
        >
          ${icon("download")}CSV
        </button>
      </header>
      <div>
        ${statusLine(panel, state.deviceReason)} ${stage} ${roundsLine(panel, actions)}
        <p class="notice error" role="status">${panel.error ?? ""}</p>
        ${notes(panel, state).map((note) => html`<p class="quiet small">${note}</p>`)}
      </div>
    </article>
  `;
}

function methodChoice({ slot, method }: PanelState, actions: Actions): TemplateResult {
  const choose = (event: Event) => actions.choose(slot, (event.currentTarget as HTMLSelectElement).value as MethodId);
  return html`
    <h2>
      <select class="method" aria-label="Method of panel ${slot.toUpperCase()}" @change=${choose}>
        ${methodGroups().map(
          ({ group, ids }) => html`
            <optgroup label=${group}>
              ${ids.map((id) => html`<option value=${id} .selected=${id === method}>${methodOf(id).title}</option>`)}
            </optgroup>
          `,
        )}
      </select>
    </h2>
  `;
}

function notes({ method }: PanelState, { view, setup }: State): string[] {
  const noDensity = whyNoDensity(method, setup.data);
  return [
    ...(view.layers.paths ? [methodOf(method).paths] : []),
    ...(view.layers.density && noDensity ? [noDensity] : []),
  ];
}

function statusLine(panel: PanelState, deviceReason: string): TemplateResult {
  const engine = ENGINES[panel.device] ?? panel.device;
  return html`
    <dl class="status">
      <div class="step"><dt>step</dt><dd>${stepText(panel)}</dd></div>
      <div class="loss"><dt>loss</dt><dd>${panel.loss === null ? "–" : panel.loss.toFixed(3)}</dd></div>
      <div><dt>steps/s</dt><dd>${speedText(panel.stepsPerSecond)}</dd></div>
      <div title=${deviceReason}><dt>engine</dt><dd>${engine}</dd></div>
    </dl>
  `;
}

function stepText(panel: PanelState): string {
  const { origin, phase, step, budget } = panel;
  if (phase === "opening") return "starting …";
  if (origin === "pretrained") return "pre-trained";
  if (!isTrainable(panel)) return "nothing to train";
  return `${step.toLocaleString("en-US")} / ${budget.steps.toLocaleString("en-US")}`;
}

function speedText(stepsPerSecond: number | null): string {
  if (stepsPerSecond === null) return "–";
  return stepsPerSecond < 20 ? stepsPerSecond.toFixed(1) : stepsPerSecond.toFixed(0);
}
