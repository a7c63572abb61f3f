import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { PanelState, Slot, State } from "../state/state";
import type { Actions } from "./actions";
import { comparisons } from "./compare";
import { dataControls, type Thumbnails } from "./data";
import { dialogs } from "./dialogs";
import { engineControls } from "./engine";
import { type DrawnEvidence, evidence } from "./evidence";
import { knobs } from "./knobs";
import { layerSwitches } from "./layers";
import { panel } from "./panel";
import { timeTransport } from "./time";
import { trainingTransport } from "./training";

/** What others draw, and the page only places. */
export interface Drawn extends DrawnEvidence {
  stage(slot: Slot): HTMLElement;
  thumbnails: Thumbnails;
}

/**
 * Left to right: data and knobs | stages | evidence. `whole` once the first frame is there, which shows the stages alone:
 * all at once would keep a slow device from its first picture for twice as long.
 */
export function page(state: State, actions: Actions, drawn: Drawn, whole: boolean): TemplateResult {
  const perPanel = (part: (panel: PanelState) => TemplateResult) => repeat(state.panels, ({ slot }) => slot, part);
  const { setup, user, view, notice, explained, pointed, panels, quality, aboveFloor, results } = state;
  const choices = panels.flatMap(({ method, own, options }) => [method, own, options]);
  const planes = panels.flatMap(({ dim, center, scale }) => [dim, center, scale]);
  const dataChosen = [setup, user, notice, ...planes];
  const knobsSet = [setup, view.particles, view.options, view.plane, notice, explained, ...planes];
  const layersShown = [view.layers, pointed, explained, ...planes];
  // While it plays only the time changes: what does not show it is not made again with every frame.
  return html`
    <header class="masthead">
      <h1>Flow Playground</h1>
      <p>
        Ways to learn a <em>velocity field</em> that carries noise to data, side by side: same data, same noise, trained in
        this tab.
      </p>
    </header>
    <main>
      <section class="compare" aria-label="What is compared">${guard(choices, () => comparisons(state, actions))}</section>
      <aside class="setup" aria-label="Settings">
        ${guard([whole, ...dataChosen], () => (whole ? dataControls(state, actions, drawn.thumbnails) : nothing))}
        ${guard([whole, ...knobsSet], () => (whole ? knobs(state, actions) : nothing))}
        ${guard([whole, state.engine, panels, notice], () => engineControls(state, actions))}
      </aside>
      <section class="bench" aria-label="Stages">
        ${trainingTransport(state, actions)}
        <div class="panels" data-count=${state.panels.length}>
          ${perPanel((one) => panel(one, state, actions, drawn.stage(one.slot)))}
        </div>
        ${timeTransport(state, actions)} ${guard(layersShown, () => layerSwitches(state, actions))}
      </section>
      ${guard([whole, panels, results, quality, aboveFloor, explained, setup], () => (whole ? evidence(state, actions, drawn) : nothing))}
    </main>
    ${dialogs(state, actions)}
  `;
}
