// What stands in the evidence: the loss of each panel, quality against what it costs, and the summary table.

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { UNSLICED } from "../evidence/columns";
import { type Against, hasQuality, leftOut, pointsIn } from "../evidence/curves";
import { plateau } from "../evidence/plateau";
import { methodOf } from "../experiment/methods";
import { formulasOf, SAMPLER_TITLES } from "../experiment/samplers";
import { msg } from "../language";
import { isTrainable, titleOf } from "../state/panel";
import type { PanelState, Quality, Slot, State } from "../state/state";
import { showAboveFloor, showQuality } from "../state/talk";
import type { Actions } from "./actions";
import { drag, lineControl } from "./line";
import { seriesButton } from "./series";
import { spoken } from "./spoken";
import { slotKey, table } from "./table";
import { weights } from "./weights";

export { verdictOf } from "../evidence/verdict";

/** The charts' elements, which others draw on. */
export interface DrawnEvidence {
  chart(slot: Slot): HTMLElement;
  quality(against: Against): HTMLElement;
  /** the quality at a height on the page, of the chart of quality against NFE */
  qualityAt(clientY: number): number | null;
}

/** What can be chosen of all of it. */
export function switches(state: State, actions: Actions): TemplateResult {
  return html`${floorSwitch(state, actions)} ${anotherSeed(state, actions)}`;
}

export function figures(state: State, actions: Actions, drawn: DrawnEvidence): TemplateResult {
  return html`
    <div class="losses">
      ${repeat(
        state.panels,
        ({ slot }) => slot,
        (panel) => loss(panel, drawn.chart(panel.slot)),
      )}
    </div>
    <header>
      <h3>${msg("Quality")}</h3>
      ${keys(state.panels)} ${qualitySwitch(state, actions)}
    </header>
    <div class="qualities">
      ${FIGURES.map((figure) => quality(figure, state, actions, drawn))}
    </div>
    ${table(state, actions)} ${weights(state.panels)}
  `;
}

function anotherSeed(state: State, actions: Actions): TemplateResult {
  const { panels, results } = state;
  const isTraining = panels.some(({ phase }) => phase === "training" || phase === "opening");
  const kept =
    results.length === 0
      ? ""
      : results.length === 1
        ? msg("1 finished training kept")
        : msg(`${results.length} finished trainings kept`);
  return html`
    <span class="another">
      <span class="quiet small">${spoken(kept)}</span>
      <button
        type="button"
        title=${msg("Trains every panel again with the next seed, and keeps these results")}
        ?disabled=${isTraining || !panels.some(isTrainable)}
        @click=${() => actions.repeat()}
      >
        ${msg("Another seed")}
      </button>
      ${seriesButton(state, actions)}
    </span>
  `;
}

/** Where a floor is known: the loss as it is, or what is left of it to be learned, on a logarithmic axis. */
function floorSwitch({ aboveFloor }: State, actions: Actions): TemplateResult {
  const titles = [
    [msg("Loss"), false],
    [msg("Loss − floor"), true],
  ] as const;
  return switchOf(msg("Loss shown"), titles, aboveFloor, (above) => actions.change(showAboveFloor(above)));
}

function switchOf<Value>(
  label: string,
  titles: readonly (readonly [title: string, value: Value])[],
  shown: Value,
  choose: (value: Value) => void,
): TemplateResult {
  return html`
    <div class="switch" role="group" aria-label=${label}>
      ${titles.map(([title, value]) => html`<button type="button" aria-pressed=${value === shown} @click=${() => choose(value)}>${title}</button>`)}
    </div>
  `;
}

function loss(panel: PanelState, plot: HTMLElement): TemplateResult {
  const { slot, method, losses } = panel;
  const empty = isTrainable(panel) ? msg("drawn while it trains") : msg("nothing to train");
  return html`
    <figure data-slot=${slot}>
      <figcaption>
        <span class="title">${slotKey(slot)}${msg(`Loss of ${titleOf(panel)}`)}</span>
        <span class="quiet small">${methodOf(method).loss}</span>
      </figcaption>
      <div class="chart">${losses.count === 0 ? html`<p class="empty">${empty}</p>` : plot}</div>
      <p class="small">${plateau(panel) ?? nothing}</p>
    </figure>
  `;
}

interface QualityFigure {
  against: Against;
  title: string;
  empty: string;
  /** what is seen, in one sentence */
  seen: (state: State) => string;
}

const FLOORS: Readonly<Record<Quality, string>> = {
  slicedW2: msg("at the dashed floor samples differ from data no more than other data would"),
  kl: msg("below the dashed line, one standard error, it is not told apart from 0, and drawn on it"),
};

const FIGURES: readonly QualityFigure[] = [
  {
    against: "seconds",
    title: msg("against training time"),
    empty: msg("measured now and then while training runs"),
    seen: ({ quality }) => msg(`Lower and further left is better and sooner; ${FLOORS[quality]}.`),
  },
  {
    against: "evaluations",
    title: msg("against network evaluations of training"),
    empty: msg("measured now and then while training runs"),
    seen: ({ quality }) => msg(`The same, whatever the machine; ${FLOORS[quality]}.`),
  },
  {
    against: "nfe",
    title: msg("of samples against NFE"),
    empty: msg("measured when training pauses"),
    seen: ({ panels }) =>
      msg(
        `${steppedBy(panels)}${choosing(panels)}${mapped(panels)} Ringed: the fewest evaluations at which samples reach the quality line.`,
      ),
  },
];

/** Only where solvers are tried. */
function choosing(panels: readonly PanelState[]): string {
  const isTried = panels.some(({ costs }) => costs?.points.some(({ solver, sampler }) => !sampler && solver.tolerance));
  return isTried ? msg(" Open symbols: Dormand–Prince, which chooses its steps.") : "";
}

/** Whose equal steps each panel's line is of. */
function steppedBy(panels: readonly PanelState[]): string {
  const letters = new Map<string, string[]>();
  for (const panel of panels) {
    const kind = panel.costs?.points[0]?.sampler?.kind;
    const name = kind === undefined ? msg("of Euler's method") : msg(`of ${SAMPLER_TITLES[kind]}`);
    const isStepped = panel.costs !== null && formulasOf(panel) === null;
    if (isStepped) letters.set(name, [...(letters.get(name) ?? []), panel.slot.toUpperCase()]);
  }
  if (letters.size === 0) return "";
  const isOne = letters.size === 1;
  const each = [...letters].map(([name, slots]) => (isOne ? name : `${name} (${slots.join(", ")})`));
  return msg(`Lines: steps ${each.join(msg(" and "))}.`);
}

/** What is drawn in one way only. */
function mapped(panels: readonly PanelState[]): string {
  const slots = panels.filter((panel) => panel.costs !== null && formulasOf(panel) !== null).map(({ slot }) => slot);
  return slots.length === 0
    ? ""
    : msg(` One mark: a coupling flow, by its formulas (${slots.join(", ").toUpperCase()}).`);
}

const QUALITIES: Readonly<Record<Quality, string>> = { slicedW2: msg("Sliced W₂²"), kl: "KL" };

function quality(
  { against, title, empty, seen }: QualityFigure,
  state: State,
  actions: Actions,
  drawn: DrawnEvidence,
): TemplateResult {
  // Of samples alone: no KL changes with the solver that draws them.
  const shown = against === "nfe" ? "slicedW2" : state.quality;
  const isKnown = hasQuality(against, state);
  const isUnsliced = shown === "slicedW2" && state.panels.every(({ picture }) => picture.space);
  const isHeld = against === "nfe" && isKnown;
  const plot = drawn.quality(against);
  const aside = [msg(`Measured on ${pointsIn(against, state)} points.`), ...leftOut(against, state)].join(" ");
  return html`
    <figure data-against=${against}>
      <figcaption><span class="title">${QUALITIES[shown]} ${title}</span></figcaption>
      ${
        isHeld
          ? html`<div class="quality held" @pointerdown=${(event: PointerEvent) => drag(event, actions, drawn)}>${plot}</div>`
          : html`<div class="quality">${isKnown ? plot : html`<p class="empty">${isUnsliced ? UNSLICED : empty}</p>`}</div>`
      }
      <div class="small quiet">
        ${isKnown ? html`<p>${seen(state)} ${aside}</p>` : nothing} ${isHeld ? lineControl(state, actions) : nothing}
      </div>
    </figure>
  `;
}

function keys(panels: readonly PanelState[]): TemplateResult {
  return html`
    <ul class="keys" aria-label=${msg("Panels")}>
      ${panels.map((panel) => html`<li>${slotKey(panel.slot)} ${titleOf(panel)}</li>`)}
    </ul>
  `;
}

function qualitySwitch({ quality }: State, actions: Actions): TemplateResult {
  const titles = (Object.keys(QUALITIES) as Quality[]).map((one) => [QUALITIES[one], one] as const);
  return switchOf(msg("Quality shown"), titles, quality, (one) => actions.change(showQuality(one)));
}
