// What a method does: in words, in formulas, and where it comes from.
import { html, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { ref } from "lit/directives/ref.js";
import { explanationOf } from "../experiment/formulas";
import { type MethodId, methodOf } from "../experiment/methods";
import { typeset } from "../typeset";

/** The content of the dialog {kind: "method"}. */
export function explanation(method: MethodId, close: () => void): TemplateResult {
  const { paragraph, loss, sampling, sources } = explanationOf(method);
  return html`
    <div class="explanation">
      <h2 id="dialog-title" tabindex="-1" autofocus>${methodOf(method).title}</h2>
      <p>${paragraph}</p>
      ${formulas("Loss", loss)} ${formulas("Sampling", sampling)}
      <p class="quiet small">
        <i>x</i>(0) ~ P is data, <i>x</i>(1) ~ Q is noise; sampling goes from <i>t</i> = 1 to 0. Weights and other numbers
        are the usual ones; the panel's options change them.
      </p>
      <h3>Sources</h3>
      <ul class="sources">${sources.map((source) => html`<li>${source}</li>`)}</ul>
      <div class="row"><button type="button" @click=${close}>Close</button></div>
    </div>
  `;
}

/** Wider than a phone's screen, they scroll on their own: hence the focus. */
function formulas(title: string, lines: readonly string[]): TemplateResult {
  return html`
    <h3>${title}</h3>
    <div class="formulas" tabindex="0" role="group" aria-label=${title}>
      ${guard([lines], () => lines.map((tex) => html`<div ${ref((element) => element && void typeset(element, tex, true))}></div>`))}
    </div>
  `;
}
