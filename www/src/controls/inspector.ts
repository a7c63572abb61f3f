// What is at the inspected point, in numbers.

import { html, nothing, svg, type TemplateResult } from "lit";
import { coordinate } from "../evidence/numbers";
import { ownSolverOf } from "../experiment/samplers";
import { msg, num } from "../language";
import type { Decoder } from "../stage/frame";
import type { PanelState, State } from "../state/state";
import { inspect } from "../state/view";
import type { Actions } from "./actions";
import { icon } from "./icons";

export function inspector(
  { picture, dim, scale, method, options }: PanelState,
  { view }: State,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (view.inspected === null) return nothing;
  if (dim > 2) return html`<p class="quiet small">${msg("The inspector needs points of one or two coordinates.")}</p>`;
  if (ownSolverOf({ method, options }) !== null) {
    return html`<p class="quiet small">${msg("A distilled student has no velocity to inspect: it jumps, and learned no times between.")}</p>`;
  }
  const found = picture.inspection;
  const close = html`<button type="button" class="plain" aria-label=${msg("Close the inspector")} title=${msg("Close the inspector")} @click=${() => actions.change(inspect(null))}>${icon("close")}</button>`;
  if (found === null) return html`<div class="inspector"><p class="quiet">${msg("looking …")}</p>${close}</div>`;
  const { at, t, velocity, mean, divergence, logDensity } = found;
  const [scaleX = 1, scaleY = 1] = scale;
  const pair = ([x, y]: readonly [number, number]) =>
    dim === 1
      ? coordinate(y, scaleY)
      : `(${coordinate(x, scaleX)}${msg(", ", "between decimals")}${coordinate(y, scaleY)})`;
  const meanText = mean === null ? msg("none pass here") : pair(mean);
  return html`
    <div class="inspector">
      ${picture.decoder === null ? nothing : decodedAt(at, picture.decoder)}
      <dl>
        <div><dt>x, t</dt><dd>${pair(at)}${msg(", ", "between decimals")}${num(t.toFixed(2))}</dd></div>
        <div title=${msg("The network's velocity here: the orange arrow.")}><dt>f(x, t)</dt><dd>${pair(velocity)}</dd></div>
        <div title=${msg("The mean velocity of the conditional paths through this point: what f regresses to.")}><dt>${msg("mean of paths")}</dt><dd>${meanText}</dd></div>
        <div title=${msg("The divergence: how fast the flow spreads points out here, forward in time.")}><dt>${msg("div f")}</dt><dd>${num(divergence.toFixed(2))}</dd></div>
        <div title=${msg("The model's log-density here, in nats (natural logarithms).")}><dt>${msg("ln p")}</dt><dd>${logDensity === null ? "–" : num(logDensity.toFixed(2))}</dd></div>
      </dl>
      ${close}
    </div>
  `;
}

/** What the decoder draws there. */
function decodedAt(at: readonly [number, number], { side, decode }: Decoder): TemplateResult {
  const pixels = [...decode(Float64Array.from(at))];
  return html`<svg class="decoded" viewBox="0 0 ${side} ${side}" role="img" aria-label=${msg("What the decoder draws at this point")} shape-rendering="crispEdges">
    ${pixels.map((ink, i) => svg`<rect x=${i % side} y=${Math.floor(i / side)} width="1" height="1" fill-opacity=${ink.toFixed(2)}></rect>`)}
  </svg>`;
}
