// What samples are asked to be: a class, or given what is observed, and a guidance weight. Offered where some panel is trained with the condition, of
// which it restarts nothing.

import { html, nothing, type TemplateResult } from "lit";
import { type Asking, conditionOf, type Known, MAX_GUIDANCE } from "../experiment/conditions";
import { said } from "../experiment/said";
import { msg, num } from "../language";
import { changePanel } from "../state/panel";
import type { PanelState, State } from "../state/state";
import type { Actions, Shown } from "./actions";
import { back, chosenValue, type Knob, knob, select } from "./knob";

const CLASS_MEANING = msg(
  "Which class samples are asked to be of: the picture, the density and the numbers are then of that class. No training restarts.",
);
const OBSERVED_MEANING = msg(
  "What is observed: the picture, the density and the numbers are then of what is given it, the posterior. Reset, it is nothing, and they are of all data. No training restarts.",
);
const GUIDANCE_MEANING = msg(
  "The weight w of w f(x, t, given) + (1 − w) f(x, t, none): 1 is the field given the condition, 0 that of all data, and above 1 the two are drawn apart, by two passes of the network. No training restarts.",
);

interface Setting {
  /** names the knobs: of all panels, or of one */
  of: string;
  asking: Asking;
  set(part: Partial<Asking>): void;
  reset(key: keyof Asking): Knob["reset"];
  suffix: string;
}

export function askingKnobs(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { classes = [] } = state.panels.find((panel) => toldOf(panel).classes.length > 0) ?? {};
  const { numbers = [] } = state.panels.find((panel) => toldOf(panel).numbers.length > 0) ?? {};
  if (classes.length + numbers.length === 0) return nothing;
  const setting: Setting = {
    of: "",
    asking: state.setup,
    set: actions.set,
    reset: (key) => back(key, { state, actions }),
    suffix: "",
  };
  return html`
    <fieldset class="knobs">
      <legend>${msg("Asked for")}</legend>
      ${knobsOf(setting, { classes, numbers }, { state, actions })}
    </fieldset>
  `;
}

/** Linked to what all are asked for, until set. */
export function ownAskingKnobs(panel: PanelState, { state, actions }: Shown): TemplateResult | typeof nothing {
  const { slot, asks } = panel;
  const known = toldOf(panel);
  if (known.classes.length + known.numbers.length === 0) return nothing;
  const change = (by: (now: Partial<Asking>) => Partial<Asking>) =>
    actions.change(changePanel(slot, (now) => ({ asks: by(now.asks) })));
  const setting: Setting = {
    of: `${slot} `,
    asking: { ...state.setup, ...asks },
    set: (part) => change((now) => ({ ...now, ...part })),
    reset: (key) => (key in asks ? () => change(({ [key]: _, ...rest }) => rest) : null),
    suffix: msg(" of this panel"),
  };
  return knobsOf(setting, known, { state, actions });
}

/** Of what is known of a panel's data, what its network is told. */
function toldOf(panel: PanelState): Known {
  const told = conditionOf(panel);
  return { classes: told === "class" ? panel.classes : [], numbers: told === "numbers" ? panel.numbers : [] };
}

function knobsOf(setting: Setting, { classes, numbers }: Known, shown: Shown): TemplateResult {
  return html`
    ${classes.length > 0 ? classKnob(setting, classes, shown) : nothing}
    ${numbers.length > 0 ? observedKnob(setting, numbers, shown) : nothing} ${guidanceKnob(setting, shown)}
  `;
}

/** A slider for each number. Moving one, all are observed; those not moved yet at the middle of what they can be. */
function observedKnob(
  { of, asking, set, reset, suffix }: Setting,
  numbers: Known["numbers"],
  { state, actions }: Shown,
): TemplateResult {
  const isSet = asking.observed?.length === numbers.length;
  const values = numbers.map(
    ({ least, greatest }, k) => (isSet ? asking.observed?.[k] : undefined) ?? middleOf(least, greatest),
  );
  const control = html`<div class="observed">${numbers.map(
    ({ name, least, greatest }, k) => html`
      <span class="slider">
        <input
          type="range"
          min=${least}
          max=${greatest}
          step=${stepOf(least, greatest)}
          .value=${String(values[k])}
          aria-label=${msg(`Observed ${name}${suffix}`)}
          @input=${(event: Event) => set({ observed: values.map((one, i) => (i === k ? Number(chosenValue(event)) : one)) })}
        />
        <output aria-live="off">${isSet ? `${name} = ${num(String(values[k]))}` : msg("none")}</output>
      </span>
    `,
  )}</div>`;
  return knob(
    { id: `${of}observed`, title: msg("Observed"), meaning: OBSERVED_MEANING, control, reset: reset("observed") },
    state,
    actions,
  );
}

function middleOf(least: number, greatest: number): number {
  const step = stepOf(least, greatest);
  return Number((Math.round((least + greatest) / 2 / step) * step).toPrecision(6));
}

/** A power of ten, of which there are a few hundred at most and a few dozen at least. */
function stepOf(least: number, greatest: number): number {
  return 10 ** Math.floor(Math.log10((greatest - least) / 30));
}

function classKnob(
  { of, asking, set, reset, suffix }: Setting,
  classes: readonly string[],
  { state, actions }: Shown,
): TemplateResult {
  const control = select({
    label: msg(`Class${suffix}`),
    value: asking.asked === null ? "none" : String(asking.asked),
    options: [
      { value: "none", title: msg("none") },
      ...classes.map((name, number) => ({ value: String(number), title: said(name) })),
    ],
    choose: (value) => set({ asked: value === "none" ? null : Number(value) }),
  });
  return knob(
    { id: `${of}asked`, title: msg("Class"), meaning: CLASS_MEANING, control, reset: reset("asked") },
    state,
    actions,
  );
}

function guidanceKnob({ of, asking, set, reset, suffix }: Setting, { state, actions }: Shown): TemplateResult {
  const control = html`
    <span class="slider">
      <input
        type="range"
        min="0"
        max=${MAX_GUIDANCE}
        step="0.1"
        .value=${String(asking.guidance)}
        aria-label=${msg(`Guidance weight${suffix}`)}
        @input=${(event: Event) => set({ guidance: Number(chosenValue(event)) })}
      />
      <output aria-live="off">${num(String(asking.guidance))}</output>
    </span>
  `;
  const meaning = GUIDANCE_MEANING;
  return knob(
    { id: `${of}guidance`, title: msg("Guidance"), meaning, control, reset: reset("guidance") },
    state,
    actions,
  );
}
