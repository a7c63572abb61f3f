// Switches of the layers, which are the legend too.
import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import type { LayerName } from "../stage/layers";
import { type State, toggleLayer } from "../state";
import type { Actions } from "./actions";

interface Entry {
  name: LayerName;
  title: string;
  meaning: string;
  symbol: SVGTemplateResult;
}

const CURVE = "M1 10C7 10 9 4 19 3";

const ENTRIES: readonly Entry[] = [
  {
    name: "data",
    title: "Data",
    meaning: "Points of the data P, at t = 0.",
    symbol: svg`<g fill="var(--data)"><circle cx="5" cy="9" r="2.2"/><circle cx="10" cy="4" r="2.2"/><circle cx="15" cy="9" r="2.2"/></g>`,
  },
  {
    name: "noise",
    title: "Noise",
    meaning: "Points of the noise Q, at t = 1; hollow.",
    symbol: svg`<g fill="none" stroke="var(--noise)" stroke-width="1.2"><circle cx="5" cy="9" r="2.2"/><circle cx="10" cy="4" r="2.2"/><circle cx="15" cy="9" r="2.2"/></g>`,
  },
  {
    name: "samples",
    title: "Generated samples",
    meaning: "The same noise points in every panel, carried by each learned velocity field from t = 1 to t = 0.",
    symbol: svg`<g fill="var(--generated)"><circle cx="5" cy="9" r="2.4"/><circle cx="10" cy="4" r="2.4"/><circle cx="15" cy="9" r="2.4"/></g>`,
  },
  {
    name: "trajectories",
    title: "Learned trajectories",
    meaning:
      "Solution curves of the learned velocity field; the orange stretch is what a particle has just come along.",
    symbol: svg`<path d=${CURVE} fill="none" stroke="var(--trajectory)" stroke-width="1.6"/>`,
  },
  {
    name: "paths",
    title: "Interpolation paths",
    meaning:
      "What flow matching and diffusions learn from: curves between pairs of data and noise. Likelihood methods have none; their trajectories from data are shown.",
    symbol: svg`<path d="M1 10L19 3" fill="none" stroke="var(--path)" stroke-width="1.6" stroke-dasharray="2.5 2.5"/>`,
  },
  {
    name: "density",
    title: "Log-density",
    meaning: "The model's log-density of the data, computed by the flow: ten bands, down to 6 nats below the peak.",
    symbol: svg`<g fill="var(--density)"><ellipse cx="10" cy="7" rx="9" ry="6" opacity=".3"/><ellipse cx="10" cy="7" rx="5.5" ry="3.6" opacity=".5"/><ellipse cx="10" cy="7" rx="2.4" ry="1.6"/></g>`,
  },
  {
    name: "states",
    title: "Solver states",
    meaning: "Where the solver stood after each of its steps, on some of the trajectories.",
    symbol: svg`<g fill="var(--ink)"><path d="M4 10l2.6-2.6L9.200 10 6.600 12.600z"/><path d="M11 5l2.600-2.600L16.200 5l-2.600 2.600z"/></g>`,
  },
];

export function layerSwitches({ view }: State, actions: Actions): TemplateResult {
  return html`
    <div class="layers" role="group" aria-label="What is shown">
      ${ENTRIES.map(
        ({ name, title, meaning, symbol }) => html`
          <button
            type="button"
            class="chip"
            aria-pressed=${view.layers[name]}
            aria-description=${meaning}
            title=${meaning}
            @click=${() => actions.change(toggleLayer(name))}
          >
            <svg viewBox="0 0 20 14" aria-hidden="true">${symbol}</svg>${title}
          </button>
        `,
      )}
    </div>
  `;
}
