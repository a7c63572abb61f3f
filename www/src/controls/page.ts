import { html, type TemplateResult } from "lit";
import { METHODS, type MethodKind } from "../experiment/presets";
import type { State } from "../state";
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
export interface Slots {
  stages: Readonly<Record<MethodKind, HTMLElement>>;
  charts: Readonly<Record<MethodKind, HTMLElement>>;
  thumbnails: Thumbnails;
}

/** Left to right: data and knobs | stages | evidence. */
export function page(state: State, actions: Actions, slots: Slots): TemplateResult {
  return html`
    <header class="masthead">
      <h1>Flow Playground</h1>
      <p>
        Two ways to learn a <em>velocity field</em> that carries noise to data: same data, same noise, same network, trained
        side by side in this tab.
      </p>
    </header>
    <main>
      <aside class="setup">${dataControls(state, actions, slots.thumbnails)} ${knobs(state, actions)} ${engine(state)}</aside>
      <section class="bench" aria-label="Stages">
        ${trainingTransport(state, actions)}
        <div class="panels">${METHODS.map((method) => panel(state, actions, method, slots.stages[method]))}</div>
        ${timeTransport(state, actions)} ${layerSwitches(state, actions)}
      </section>
      <section class="evidence" aria-label="Evidence">
        <div class="charts">${METHODS.map((method) => chart(state, method, slots.charts[method]))}</div>
        ${table(state)}
      </section>
    </main>
    ${dialogs(state, actions)}
  `;
}

function engine({ deviceReason }: State): TemplateResult {
  return html`<section class="engine"><h2>Engine</h2><p class="quiet small">${deviceReason}</p></section>`;
}

const LOSS_MEANINGS: Record<MethodKind, string> = {
  "normalizing-flow": "nats, with the kinetic penalty",
  "flow-matching": "squared error; its floor is above 0: a plateau is no failure",
};

function chart({ panels }: State, method: MethodKind, plot: HTMLElement): TemplateResult {
  const empty = panels[method].losses.length === 0;
  return html`
    <figure>
      <figcaption>Loss <span class="quiet">${LOSS_MEANINGS[method]}</span></figcaption>
      <div class="chart">${empty ? html`<p class="empty">drawn while it trains</p>` : plot}</div>
    </figure>
  `;
}
