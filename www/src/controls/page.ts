import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { methodOf } from "../experiment/methods";
import { isTrainable, type PanelState, type Slot, type State } from "../state";
import type { Actions } from "./actions";
import { dataControls, type Thumbnails } from "./data";
import { dialogs } from "./dialogs";
import { knobs } from "./knobs";
import { layerSwitches } from "./layers";
import { panel } from "./panel";
import { table } from "./table";
import { timeTransport } from "./time";
import { trainingTransport } from "./training";

/** What others draw, and the page only places. */
export interface Drawn {
  stage(slot: Slot): HTMLElement;
  chart(slot: Slot): HTMLElement;
  thumbnails: Thumbnails;
}

/** Left to right: data and knobs | stages | evidence. */
export function page(state: State, actions: Actions, drawn: Drawn): TemplateResult {
  const perPanel = (part: (panel: PanelState) => TemplateResult) => repeat(state.panels, ({ slot }) => slot, part);
  return html`
    <header class="masthead">
      <h1>Flow Playground</h1>
      <p>
        Ways to learn a <em>velocity field</em> that carries noise to data, side by side: same data, same noise, trained in
        this tab.
      </p>
    </header>
    <main>
      <aside class="setup">${dataControls(state, actions, drawn.thumbnails)} ${knobs(state, actions)} ${engine(state)}</aside>
      <section class="bench" aria-label="Stages">
        ${trainingTransport(state, actions)}
        <div class="panels">${perPanel((one) => panel(one, state, actions, drawn.stage(one.slot)))}</div>
        ${timeTransport(state, actions)} ${layerSwitches(state, actions)}
      </section>
      <section class="evidence" aria-label="Evidence">
        <div class="charts">${perPanel((one) => chart(one, drawn.chart(one.slot)))}</div>
        ${table(state)}
      </section>
    </main>
    ${dialogs(state, actions)}
  `;
}

function engine({ deviceReason }: State): TemplateResult {
  return html`<section class="engine"><h2>Engine</h2><p class="quiet small">${deviceReason}</p></section>`;
}

function chart(panel: PanelState, plot: HTMLElement): TemplateResult {
  const { title, loss } = methodOf(panel.method);
  const empty = isTrainable(panel) ? "drawn while it trains" : "nothing to train";
  return html`
    <figure data-slot=${panel.slot}>
      <figcaption title="${title}: ${loss}">Loss <span class="quiet">${loss}</span></figcaption>
      <div class="chart">${panel.losses.length === 0 ? html`<p class="empty">${empty}</p>` : plot}</div>
    </figure>
  `;
}
