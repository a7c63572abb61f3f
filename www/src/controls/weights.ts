// What weights make of samples: how they scatter, and the first coordinate as the model has it, as it is weighted, and as it is.

import { html, nothing, svg, type TemplateResult } from "lit";
import { msg, num } from "../language";
import type { Measurement } from "../library";
import { titleOf } from "../state/panel";
import type { PanelState } from "../state/state";
import { slotKey } from "./table";

type Reweighed = NonNullable<Measurement["reweighting"]>;

const WIDTH = 240;
const HEIGHT = 80;
/** ln of a weight over the mean: beyond it is in the outermost bins, as the engine counts. */
const MOST_LOG_WEIGHT = 5;

/** Of the panels whose weights were measured. */
export function weights(panels: readonly PanelState[]): TemplateResult | typeof nothing {
  const found = panels.flatMap((panel) => {
    const reweighting = panel.details?.reweighting ?? null;
    return reweighting === null ? [] : [{ panel, reweighting }];
  });
  if (found.length === 0) return nothing;
  return html`
    <header><h3>${msg("Weights")}</h3></header>
    <div class="weights">${found.map(({ panel, reweighting }) => figure(panel, reweighting))}</div>
  `;
}

function figure(panel: PanelState, found: Reweighed): TemplateResult {
  const { span, histogram, marginals, reason } = found;
  return html`
    <figure data-slot=${panel.slot}>
      <figcaption><span class="title">${slotKey(panel.slot)}${titleOf(panel)}</span></figcaption>
      ${
        span === null
          ? nothing
          : html`<div class="pair">
              ${bars(histogram)} ${curves(marginals, span)}
            </div>`
      }
      ${reason === null ? nothing : html`<p class="small quiet">${reason}</p>`}
    </figure>
  `;
}

function bars(histogram: readonly number[]): TemplateResult {
  const most = Math.max(1, ...histogram);
  const width = WIDTH / histogram.length;
  return html`
    <div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${msg(`How many samples have which weight: ln of weight over mean weight from −${MOST_LOG_WEIGHT} to ${MOST_LOG_WEIGHT}`)}>
        ${histogram.map((count, i) => {
          const height = (HEIGHT * count) / most;
          return svg`<rect class="bar" x=${i * width} y=${HEIGHT - height} width=${width - 1} height=${height}></rect>`;
        })}
        ${svg`<line class="axis" x1=${WIDTH / 2} x2=${WIDTH / 2} y1="0" y2=${HEIGHT}></line>`}
      </svg>
      <p class="small quiet ends"><span>−${MOST_LOG_WEIGHT}</span><span>${msg("samples by ln w − ln mean w")}</span><span>${MOST_LOG_WEIGHT}</span></p>
    </div>
  `;
}

const WEIGHT_CURVES = [
  { of: "samples", name: msg("samples") },
  { of: "weighted", name: msg("weighted") },
  { of: "truth", name: msg("in truth") },
] as const;

function curves(marginals: Reweighed["marginals"], [low, high]: readonly [number, number]): TemplateResult {
  const most = Math.max(1e-9, ...marginals.flat());
  const end = (value: number) => num(value.toFixed(1));
  return html`
    <div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${msg(`The first coordinate from ${end(low)} to ${end(high)}: of samples, of weighted samples, and in truth`)}>
        ${marginals.map((shares, i) => svg`<path data-of=${WEIGHT_CURVES[i]?.of ?? ""} d=${steps(shares, most)}></path>`)}
      </svg>
      <p class="small quiet ends"><span>${end(low)}</span><span class="names">${WEIGHT_CURVES.map(({ of, name }) => html`<span data-of=${of}>${name}</span> `)}</span><span>${end(high)}</span></p>
    </div>
  `;
}

/** A histogram's outline. */
function steps(shares: readonly number[], most: number): string {
  const width = WIDTH / shares.length;
  const height = (share: number) => (HEIGHT - 2) * (1 - share / most) + 1;
  const step = (share: number, i: number) => {
    const [x, y, next] = [i * width, height(share), (i + 1) * width].map((at) => at.toFixed(1));
    return `${i === 0 ? "M" : "L"}${x},${y}H${next}`;
  };
  return shares.map(step).join("");
}
