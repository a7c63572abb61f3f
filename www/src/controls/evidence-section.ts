// The place of the evidence, below the panels or beside them. What stands in it comes when somebody is near it or has trained.

import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { msg } from "../language";
import { Late } from "../late";
import { arrange } from "../state/room";
import type { State } from "../state/state";
import { hasTrained } from "../state/training";
import type { Actions } from "./actions";
import type { DrawnEvidence } from "./evidence";
import { icon } from "./icons";

export const evidenceCode = new Late(() => import("./evidence"));

const FAILED = msg("The charts and the table could not be fetched. They are asked for again in a few seconds.");
/** From so far outside of the window on it is on its way. */
const NEAR = "100px";
const watched = new WeakSet<Element>();

export function evidence(state: State, actions: Actions, drawn: DrawnEvidence): TemplateResult {
  const { room, panels } = state;
  const redraw = () => actions.change((now) => now);
  const isWanted = room.evidence === "beside" || panels.some(hasTrained) || evidenceCode.hasFailed;
  const code = isWanted ? evidenceCode.want(redraw) : evidenceCode.now;
  const near = (element?: Element) => element && whenNear(element, () => evidenceCode.want(redraw));
  return html`
    <section class="evidence" aria-labelledby="evidence-heading" aria-busy=${code === null ? "true" : nothing} ${ref(near)}>
      <header>
        <h2 id="evidence-heading">${msg("Evidence")}</h2>
        ${code?.switches(state, actions)}
      </header>
      ${code?.figures(state, actions, drawn)} ${code === null && evidenceCode.hasFailed ? html`<p class="quiet">${FAILED}</p>` : nothing}
    </section>
  `;
}

/** Once. */
function whenNear(element: Element, tell: () => void): void {
  if (watched.has(element)) return;
  watched.add(element);
  const watch = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      watch.disconnect();
      tell();
    },
    { rootMargin: NEAR },
  );
  watch.observe(element);
}

/** As wide as the style sheet has it. */
const BESIDE = "(min-width: 1370px)";

/** Beside the stages where there is room; else the way down to it. */
export function evidenceButton({ room }: State, actions: Actions): TemplateResult {
  const isBeside = room.evidence === "beside";
  const press = (event: Event) => {
    const root = (event.currentTarget as Element).getRootNode() as Document | ShadowRoot;
    if (matchMedia(BESIDE).matches) actions.change(arrange({ evidence: isBeside ? "below" : "beside" }));
    else root.querySelector("#evidence-heading")?.scrollIntoView();
  };
  const title = isBeside
    ? msg("Loss, quality and the table below the stages again")
    : msg("Loss, quality and the table, beside the stages");
  return html`
    <button type="button" class="to-evidence" aria-pressed=${isBeside} title=${title} @click=${press}>
      ${icon("evidence")}<span class="word">${msg("Evidence")}</span>
    </button>
  `;
}
