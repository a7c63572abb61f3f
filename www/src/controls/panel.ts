// The frame of one panel: its method, its status line, its stage, what was found there.

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { short } from "../evidence/numbers";
import { withMethod } from "../experiment/applies";
import { OF_CODES_ALONE } from "../experiment/codes";
import { askedOf, askingNotes } from "../experiment/conditions";
import { ENGINE_NAMES } from "../experiment/engines";
import { type MethodId, methodGroups, methodOf, whyNoDensity } from "../experiment/methods";
import { guidedJumpsNotes, samplingNotes } from "../experiment/samplers";
import { isForSpaces, spaceOf } from "../experiment/spaces";
import { msg, num } from "../language";
import { endsSaid } from "../stage/ends";
import { integralOver } from "../stage/integral";
import { saidOnSpaces } from "../stage/layers";
import { shownIn } from "../state/keys";
import { endsAt, isTrainable, titleOf } from "../state/panel";
import type { PanelState, Slot, State } from "../state/state";
import { showDialog } from "../state/talk";
import { secondsLeft } from "../state/training";
import type { Actions } from "./actions";
import { classLegend } from "./class-legend";
import { icon } from "./icons";
import { inspector } from "./inspector";
import { roundsLine } from "./rounds";
import { panelOptions, settingsCode } from "./settings";
import { spoken } from "./spoken";

/** What others draw of it. */
export interface DrawnPanel {
  stage(slot: Slot): HTMLElement;
  /** of points that are pictures */
  strips(slot: Slot): HTMLElement;
}

export function panel(panel: PanelState, state: State, actions: Actions, drawn: DrawnPanel): TemplateResult {
  const { slot, method } = panel;
  const stage = drawn.stage(slot);
  const title = titleOf(panel);
  stage.setAttribute("aria-label", `${title}: ${stageSaid(panel)}`);
  const { own, options, asks, classes, experiment } = panel;
  const set = [
    ...shownIn("options", state),
    method,
    own,
    options,
    asks,
    classes,
    experiment,
    state.dialog?.kind === "restart",
    settingsCode.now,
    settingsCode.hasFailed,
  ];
  return html`
    <article class="panel" part="panel" data-slot=${slot} data-method=${method} aria-label=${title}>
      <div class="face">
        <header>
          ${methodChoice(panel, state, actions)}
          <div class="tools">
            <button type="button" class="plain about" title=${msg(`What ${title} does, in words and formulas`)} aria-label=${msg(`About ${title}`)} @click=${() => actions.change(showDialog({ kind: "method", method }))}>
              ${icon("about")}
            </button>
            <button type="button" class="plain" title=${msg("Pictures, films, numbers, weights, Python")} aria-label=${msg(`Take away ${title}`)} @click=${() => actions.change(showDialog({ kind: "take", slot, film: null }))}>
              ${icon("download")}<span class="word">${msg("Take away")}</span>
            </button>
            ${removal(panel, state, actions)}
          </div>
        </header>
        <div class="stage-room">${stage}</div>
        ${classLegend(panel)} ${panel.picture.strips === null ? nothing : drawn.strips(slot)}
        ${roundsLine(panel, actions)} ${inspector(panel, state, actions)}
        <p class="notice error">${spoken(errorOf(panel, state))}</p>
        ${statusLine(panel)}
      </div>
      ${state.hidden.includes("options") ? nothing : guard(set, () => panelOptions(panel, state, actions))}
    </article>
  `;
}

/** What there is to be read about a picture. */
export function panelNotes(panel: PanelState, state: State): TemplateResult {
  const { idea } = methodOf(panel.method);
  return html`
    <div>
      <h3><span class="letter" aria-hidden="true">${panel.slot.toUpperCase()}</span> ${titleOf(panel)}</h3>
      <p class="small">${idea}</p>
      ${notes(panel, state).map((note) => html`<p class="quiet small">${note}</p>`)}
    </div>
  `;
}

function stageSaid(panel: PanelState): string {
  const globe = panel.picture.space === "sphere" ? saidOnSpaces() : undefined;
  if (globe) return globe.GLOBE_LABEL;
  const { first, last } = endsSaid(endsAt({ panels: [panel] }));
  return msg(
    `a picture from ${first} at t = 0 to ${last} at t = 1. Press Enter to inspect a point, arrows to move it, Escape to leave it; plus and minus to zoom, Shift with arrows to look elsewhere, 0 to see all.`,
  );
}

function removal({ slot }: PanelState, { panels }: State, actions: Actions): TemplateResult | typeof nothing {
  if (panels.length === 1) return nothing;
  const label = msg(`Remove panel ${slot.toUpperCase()}`);
  return html`<button type="button" class="plain" title=${label} aria-label=${label} @click=${() => actions.removePanel(slot)}>${icon("close")}</button>`;
}

function methodChoice(panel: PanelState, { setup }: State, actions: Actions): TemplateResult {
  const { slot, method } = panel;
  const isOnSpace = spaceOf({ ...setup, ...panel.own }) !== null;
  const isOffered = (id: MethodId) => !isOnSpace || isForSpaces(id) || id === method;
  const choose = (event: Event) => {
    const id = (event.currentTarget as HTMLSelectElement).value as MethodId;
    actions.choose(slot, (now) => withMethod(now, id));
  };
  return html`
    <h2>
      <span class="letter" aria-hidden="true">${slot.toUpperCase()}</span>
      <select class="method" aria-label=${msg(`Method of panel ${slot.toUpperCase()}`)} @change=${choose}>
        ${methodGroups().map(
          ({ group, ids }) => html`
            <optgroup label=${group} ?hidden=${!ids.some(isOffered)}>
              ${ids.filter(isOffered).map((id) => html`<option value=${id} .selected=${id === method}>${id === method ? titleOf(panel) : methodOf(id).title}</option>`)}
            </optgroup>
          `,
        )}
      </select>
    </h2>
  `;
}

/** What a new run of this panel was refused for stands here, unless a knob shows it. */
function errorOf({ slot, error }: PanelState, { notice }: State): string {
  if (error !== null) return error;
  return notice?.kind === "error" && notice.at.startsWith(`${slot} `) ? notice.text : "";
}

const ONE_MAP = msg(
  "Points of one coordinate, x against t. Trajectories cannot cross, so every flow from Q to P ends at the same map, F_P⁻¹ ∘ F_Q: only the ways there differ.",
);

/** What is special about this picture. */
function notes(panel: PanelState, { view, setup }: State): string[] {
  const linked = linkedNote(panel);
  const { method, dim, picture } = panel;
  const noDensity = whyNoDensity(method, panel.own.data ?? setup.data) ?? panel.whyNoDensity;
  return [
    ...(linked === null ? [] : [linked]),
    ...samplingNotes(panel, { ...setup, ...panel.own }),
    ...askingNotes(panel, setup, panel),
    ...guidedJumpsNotes(panel, { ...setup, ...panel.own }, askedOf(panel, setup, panel)),
    ...(view.layers.paths ? [methodOf(method).paths] : []),
    ...(view.layers.density && (dim <= 2 || picture.space) ? [noDensity ?? massOf(panel)] : []),
    ...(picture.decoder === null ? [] : [OF_CODES_ALONE]),
    ...(dim === 1 ? [ONE_MAP] : []),
    ...(picture.space ? [saidOnSpaces()?.GEODESICS_ALONE ?? ""] : []),
    ...(dim > 2 && !picture.space
      ? [msg(`Points of ${dim} coordinates, seen on a plane: a density there is a number and no picture.`)]
      : []),
  ];
}

/** Whether the training that a link speaks of came out here as it was there. */
function linkedNote({ linked, digest, step, phase, spent }: PanelState): string | null {
  if (linked === null || step > linked.step) return null;
  const count = num(linked.step.toLocaleString("en-US"));
  if (step < linked.step) {
    if (phase === "training") return msg(`Training again to step ${count}, as the link says.`);
    return spent >= 1 ? msg(`The link says step ${count}; the budget was spent before it.`) : null;
  }
  if (linked.bits === null || digest?.step !== step) return msg(`Trained to step ${count}, as the link says.`);
  if (linked.bits === digest.bits) return msg(`The same weights as the link's, to the last bit: ${digest.bits}.`);
  return msg(
    `Other weights than the link's: ${digest.bits} here, ${linked.bits} there. Theirs came from WebGPU or another version.`,
  );
}

/** Said before it is known, so that nothing below moves when it is. */
function massOf({ picture: { density }, dim }: PanelState): string {
  const mass = density === null ? "…" : num(integralOver(density).toFixed(2));
  return dim === 1
    ? msg(`The density integrates to ${mass} over the view, at all times on average; 1.00 is the check.`)
    : msg(`The density integrates to ${mass} over the view; 1.00 is the check.`);
}

function statusLine(panel: PanelState): TemplateResult {
  const engine = ENGINE_NAMES[panel.device] ?? panel.device;
  return html`
    <dl class="status">
      <div class="step"><dt>${msg("step")}</dt><dd>${stepText(panel)}</dd></div>
      <div class="loss"><dt>${msg("loss")}</dt><dd>${panel.loss === null ? "–" : num(panel.loss.toFixed(3))}</dd></div>
      <div class="speed"><dt>${msg("steps/s")}</dt><dd>${speedText(panel.stepsPerSecond)}</dd></div>
      <div class="left"><dt>${msg("left")}</dt><dd>${leftText(panel)}</dd></div>
      <div class="quality"><dt>${msg("sliced W₂²")}</dt><dd>${distanceText(panel)}</dd></div>
      <div class="engine" title=${panel.deviceReason}><dt>${msg("engine")}</dt><dd>${engine}</dd></div>
    </dl>
  `;
}

function stepText(panel: PanelState): string {
  const { origin, phase, step, budget } = panel;
  if (phase === "opening") return msg("starting …");
  if (origin === "pretrained") return msg("pre-trained");
  if (origin === "loaded" && step === 0) return msg("loaded");
  if (!isTrainable(panel)) return msg("nothing to train");
  const isCounted = budget.seconds === null && budget.networkEvaluations === null;
  const count = num(step.toLocaleString("en-US"));
  return isCounted ? `${count} / ${num(budget.steps.toLocaleString("en-US"))}` : count;
}

function speedText(stepsPerSecond: number | null): string {
  if (stepsPerSecond === null) return "–";
  return num(stepsPerSecond < 20 ? stepsPerSecond.toFixed(1) : stepsPerSecond.toFixed(0));
}

function distanceText({ measured }: PanelState): string {
  return measured?.slicedW2 ? short(measured.slicedW2) : "–";
}

function leftText(panel: PanelState): string {
  const seconds = secondsLeft(panel);
  if (seconds === null) return "–";
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
