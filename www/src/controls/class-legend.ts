// What each class looks like on the stage: beside the stages from the first view on, unlike what asks for one.
import { html, nothing, svg, type TemplateResult } from "lit";
import { said } from "../experiment/said";
import { msg } from "../language";
import { type Look, legendOf } from "../stage/layers/samples";
import { cornersOf, NUM_CLASS_COLORS } from "../stage/shapes";
import type { PanelState } from "../state/state";

/** What each class looks like on the stage and which is asked for, and what samples look like where none is. */
export function classLegend({ classes, picture }: PanelState): TemplateResult | typeof nothing {
  if (picture.labels === null) return nothing;
  return html`
    <ul class="classes quiet small" aria-label=${picture.times ? msg("Snapshots, by their times") : msg("Classes")}>
      ${legendOf(picture, classes.map(said)).map(
        ({ name, look, isAsked }) => html`<li aria-current=${isAsked ? "true" : nothing}>${markOf(look)} ${name}</li>`,
      )}
    </ul>
  `;
}

function markOf({ role, shape, shade = 0 }: Look): TemplateResult {
  const corners = cornersOf(shape);
  const number = Math.round(shade * (NUM_CLASS_COLORS - 1)) + 1;
  const fill = role === "class" ? `var(--class-${number})` : `var(--${role})`;
  const mark =
    corners.length === 0
      ? svg`<circle r="1" fill=${fill} />`
      : svg`<polygon points=${corners.map((corner) => corner.map((x) => x.toFixed(2)).join(",")).join(" ")} fill=${fill} />`;
  return html`<svg viewBox="-1.6 -1.6 3.2 3.2" width="13" height="13" aria-hidden="true">${mark}</svg>`;
}
