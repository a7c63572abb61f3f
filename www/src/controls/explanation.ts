// What a method does: in words, in formulas, and where it comes from.

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { ref } from "lit/directives/ref.js";
import { canBeTold } from "../experiment/conditions";
import { explanationOf, WITH_A_CLASS } from "../experiment/formulas";
import { type MethodId, methodOf } from "../experiment/methods";
import { DEFAULT_SETUP } from "../experiment/presets";
import { SAMPLER_TEXTS } from "../experiment/sampler-texts";
import { SAMPLER_TITLES, samplersOf } from "../experiment/samplers";
import { isOfSnapshots } from "../experiment/snapshots";
import { msg } from "../language";
import { typeset } from "../typeset";

/** The content of the dialog {kind: "method"}. */
export function explanation(method: MethodId, close: () => void): TemplateResult {
  const { paragraph, loss, sampling, sources } = explanationOf(method);
  return html`
    <div class="explanation">
      <h2 id="dialog-title" tabindex="-1" autofocus>${methodOf(method).title}</h2>
      <p>${paragraph}</p>
      ${titled(msg("Loss"), loss)} ${titled(msg("Sampling"), sampling)} ${otherSamplers(method)} ${withAClass(method)}
      <p class="quiet small">
        ${
          isOfSnapshots(method)
            ? msg(
                html`<i>x</i>(0) ~ P is the first snapshot, <i>x</i>(1) ~ Q the last; sampling goes from <i>t</i> = 1 to 0.`,
              )
            : msg(html`<i>x</i>(0) ~ P is data, <i>x</i>(1) ~ Q is noise; sampling goes from <i>t</i> = 1 to 0.`)
        } ${msg("Weights and other numbers are the usual ones; the panel's options change them.")}
      </p>
      <h3>${msg("Sources")}</h3>
      <ul class="sources">${sources.map((source) => html`<li>${source}</li>`)}</ul>
      <div class="row"><button type="button" @click=${close}>${msg("Close")}</button></div>
    </div>
  `;
}

/** Those that can be chosen for it, as it usually is. */
function otherSamplers(method: MethodId): TemplateResult | typeof nothing {
  const kinds = samplersOf({ method, options: {} }, DEFAULT_SETUP.noise);
  if (kinds.length === 0) return nothing;
  return html`
    <details class="samplers">
      <summary>${msg("Other samplers")}</summary>
      ${kinds.map((kind) => {
        const title = SAMPLER_TITLES[kind];
        const { idea, source, formula } = SAMPLER_TEXTS[kind];
        return html`
        <p><b>${title}</b>. ${idea} <span class="quiet">${source}.</span></p>
        ${lines([formula], title)}
      `;
      })}
    ${kinds.length > 1 ? html`<p class="quiet small">${msg(html`<i>D</i>(<i>x</i>, <i>t</i>) is the mean of <i>x</i>(0) given <i>x</i>(<i>t</i>); a step goes from <i>t</i> to <i>s</i>.`)}</p>` : nothing}
    </details>
  `;
}

/** Of those that can be told one. */
function withAClass(method: MethodId): TemplateResult | typeof nothing {
  if (!canBeTold(methodOf(method).experiment.method.kind)) return nothing;
  const { paragraph, loss, sampling, sources } = WITH_A_CLASS;
  return html`
    <details class="samplers">
      <summary>${msg("With a class")}</summary>
      <p>${paragraph} <span class="quiet">${sources.join("; ")}.</span></p>
      ${lines([...loss, ...sampling], msg("With a class"))}
    </details>
  `;
}

/** Wider than a phone's screen, they scroll on their own: hence the focus. */
function titled(title: string, formulas: readonly string[]): TemplateResult {
  return html`
    <h3>${title}</h3>
    ${lines(formulas, title)}
  `;
}

function lines(formulas: readonly string[], label: string): TemplateResult {
  return html`
    <div class="formulas" tabindex="0" role="group" aria-label=${label}>
      ${guard([...formulas], () => formulas.map((tex) => html`<div ${ref((element) => element && void typeset(element, tex, true))}></div>`))}
    </div>
  `;
}
