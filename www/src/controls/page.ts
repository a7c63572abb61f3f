import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { msg } from "../language";
import { shownIn } from "../state/keys";
import { endsAt } from "../state/panel";
import { drawerOf } from "../state/room";
import type { PanelState, Part, State } from "../state/state";
import type { Actions } from "./actions";
import { comparisonControls, question } from "./compare";
import type { ThumbnailElements } from "./data";
import { dialogs } from "./dialogs";
import { drawer } from "./drawer";
import type { DrawnEvidence } from "./evidence";
import { evidence, evidenceButton, evidenceCode } from "./evidence-section";
import { layerSwitches, meaningsCode, wantsMeanings } from "./layers";
import { masthead, sentence, wayOut } from "./masthead";
import { type DrawnPanel, panel, panelNotes } from "./panel";
import { comingSettings, settingsCode } from "./settings";
import { timeTransport } from "./time";
import { trainingTransport } from "./training";

/** What others draw, and the page only places. */
export interface DrawnElements extends DrawnEvidence, DrawnPanel {
  thumbnails: ThumbnailElements;
}

/**
 * The first screen is the stages', with what works them above and below; then what is said of them, and the evidence. `whole` once the first frame is there, which shows the stages alone:
 * all at once would keep a slow device from its first picture for twice as long.
 */
export function page(state: State, actions: Actions, drawn: DrawnElements, whole: boolean): TemplateResult {
  const perPanel = (part: (panel: PanelState) => TemplateResult) => repeat(state.panels, ({ slot }) => slot, part);
  const { view, panels, hidden, site } = state;
  const choices = panels.flatMap(({ method, own, options, asks, classes }) => [method, own, options, asks, classes]);
  const planes = panels.flatMap(({ dim, center, scale }) => [dim, center, scale]);
  // Asked about, a budget is not changed yet: its control shows again what it is.
  const isAsked = state.dialog?.kind === "restart";
  const shows = (part: Part) => !hidden.includes(part);
  const part = (name: Part, content: () => unknown) => (shows(name) ? content() : nothing);
  // While it plays only the time changes: what does not show it is not made again with every frame.
  const kept = (name: Part, often: readonly unknown[], content: () => unknown) =>
    part(name, () => guard([...shownIn(name, state), ...often], content));
  const knobsSet = [isAsked, view.particles, view.options, view.plane, ...choices, ...planes];
  const isSet = (["data", "knobs", "engine"] as const).some(shows);
  const isOpen = isSet && drawerOf(state) !== "closed";
  const set = isOpen && whole ? settingsCode.want(() => actions.change((now) => now)) : null;
  const settings =
    set === null
      ? comingSettings()
      : html`
        ${kept("data", [endsAt(state), ...planes], () => set.dataControls(state, actions, drawn.thumbnails))}
        ${kept("knobs", knobsSet, () => set.knobs(state, actions))}
        ${kept("engine", [panels], () => set.engineControls(state, actions))}
      `;
  const parts = html`
    <div class="screen">
      ${masthead(
        state,
        actions,
        kept("comparisons", choices, () => comparisonControls(state, actions)),
      )}
      ${isOpen ? drawer(state, actions, settings) : nothing}
      <section class="bench" aria-label=${msg("Stages")}>
        <div class="lead">
          ${part("training", () => trainingTransport(state, actions))} ${kept("comparisons", choices, () => question(state))}
          ${site === null ? part("evidence", () => evidenceButton(state, actions)) : nothing}
        </div>
        <div class="panels" data-count=${panels.length}>
          ${perPanel((one) => panel(one, state, actions, drawn))}
        </div>
        <div class="dock">
          ${part("time", () => timeTransport(state, actions))}
          ${kept("layers", [view.layers, endsAt(state), wantsMeanings(state), meaningsCode.now, ...planes], () => layerSwitches(state, actions))}
        </div>
      </section>
    </div>
    <section class="notes" aria-label=${msg("About these pictures")}>
      ${sentence(state, actions)}
      <div data-count=${panels.length}>${perPanel((one) => panelNotes(one, state))}</div>
    </section>
    ${kept("evidence", [whole, panels, evidenceCode.now, evidenceCode.hasFailed], () => (whole ? evidence(state, actions, drawn) : nothing))}
  `;
  const { evidence: place } = state.room;
  return html`
    <div class=${site === null ? "page site" : "page"} translate="no">
      ${
        site === null
          ? html`<main class="parts" data-evidence=${place}>${parts}</main>`
          : // In someone else's page, whose main part is another.
            html`<section class="parts" aria-label="Flow Playground">${parts}</section>`
      }
      ${wayOut(state, actions)} ${dialogs(state, actions)}
    </div>
  `;
}
