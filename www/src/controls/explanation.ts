// What a method does: in words, in formulas, and where it comes from. KaTeX is fetched when first asked for.
import { html, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { ref } from "lit/directives/ref.js";
import { explanationOf } from "../experiment/formulas";
import { type MethodId, methodOf } from "../experiment/methods";

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
      ${guard([lines], () => lines.map((tex) => html`<div ${ref((element) => void typeset(element, tex))}></div>`))}
    </div>
  `;
}

/** Until KaTeX is there, and where it can't be fetched, TeX as it is written still says it. */
async function typeset(element: Element | undefined, tex: string): Promise<void> {
  if (element === undefined) return;
  element.textContent = tex;
  const fetched = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]).catch(() => null);
  // HTML beside its MathML: that alone is set with small brackets and cramped integrals where the system has no
  // mathematical font (looked at in Chromium 156 on Linux). It builds elements and sets their styles by
  // script, which a strict content security policy allows; style attributes in markup it would not.
  fetched?.[0].default.render(tex, element as HTMLElement, { displayMode: true, fleqn: true });
}
