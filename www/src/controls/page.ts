import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { shownIn } from "../state/keys";
import type { PanelState, Part, Slot, State } from "../state/state";
import type { Actions } from "./actions";
import { comparisonControls } from "./compare";
import { dataControls, type ThumbnailElements } from "./data";
import { dialogs } from "./dialogs";
import { engineControls } from "./engine";
import { type DrawnEvidence, evidence } from "./evidence";
import { knobs } from "./knobs";
import { layerSwitches } from "./layers";
import { masthead, wayOut } from "./masthead";
import { panel } from "./panel";
import { timeTransport } from "./time";
import { trainingTransport } from "./training";

/** What others draw, and the page only places. */
export interface DrawnElements extends DrawnEvidence {
  stage(slot: Slot): HTMLElement;
  thumbnails: ThumbnailElements;
}

/**
 * Left to right: data and knobs | stages | evidence. `whole` once the first frame is there, which shows the stages alone:
 * all at once would keep a slow device from its first picture for twice as long.
 */
export function page(state: State, actions: Actions, drawn: DrawnElements, whole: boolean): TemplateResult {
  const perPanel = (part: (panel: PanelState) => TemplateResult) => repeat(state.panels, ({ slot }) => slot, part);
  const { view, panels, hidden, site } = state;
  const choices = panels.flatMap(({ method, own, options, asks, classes }) => [method, own, options, asks, classes]);
  const planes = panels.flatMap(({ dim, center, scale }) => [dim, center, scale]);
  // Asked about, a budget is not changed yet: its control shows again what it is.
  const isAsked = state.dialog?.kind === "restart";
  const shows = (part: Part) => !hidden.includes(part);
  const part = (name: Part, content: () => unknown) => (shows(name) ? content() : nothing);
  // While it plays only the time changes: what does not show it is not made again with every frame.
  const kept = (name: Part, often: readonly unknown[], content: () => unknown) =>
    part(name, () => guard([...shownIn(name, state), ...often], content));
  const knobsSet = [whole, isAsked, view.particles, view.options, view.plane, ...choices, ...planes];
  const isSet = (["data", "knobs", "engine"] as const).some(shows);
  const parts = html`
        ${kept("comparisons", choices, () => html`<section class="compare" aria-label="What is compared">${comparisonControls(state, actions)}</section>`)}
        ${
          isSet
            ? html`<aside class="setup" aria-label="Settings">
          ${kept("data", [whole, ...planes], () => (whole ? dataControls(state, actions, drawn.thumbnails) : nothing))}
          ${kept("knobs", knobsSet, () => (whole ? knobs(state, actions) : nothing))}
          ${kept("engine", [whole, panels], () => engineControls(state, actions))}
        </aside>`
            : nothing
        }
        <section class="bench" aria-label="Stages">
          ${part("training", () => trainingTransport(state, actions))}
          <div class="panels" data-count=${state.panels.length}>
            ${perPanel((one) => panel(one, state, actions, drawn.stage(one.slot)))}
          </div>
          ${part("time", () => timeTransport(state, actions))}
          ${kept("layers", [view.layers, ...planes], () => layerSwitches(state, actions))}
        </section>
        ${kept("evidence", [whole, panels], () => (whole ? evidence(state, actions, drawn) : nothing))}
  `;
  const layout = isSet ? "parts" : "parts unset";
  return html`
    <div class="page" translate="no">
      ${masthead(state, actions)}
      ${
        site === null
          ? html`<main class=${layout}>${parts}</main>`
          : // In someone else's page, whose main part is another.
            html`<section class=${layout} aria-label="Flow Playground">${parts}</section>`
      }
      ${wayOut(state, actions)}
      ${dialogs(state, actions)}
    </div>
  `;
}
