// What samples are asked to be: a class, and a guidance weight. Offered where some panel is trained with the condition, of
// which it restarts nothing.
import { html, nothing, svg, type TemplateResult } from "lit";
import { type Asking, isConditioned, MAX_GUIDANCE } from "../experiment/conditions";
import { cornersOf, lookOf, NUM_CLASS_COLORS } from "../stage/shapes";
import { changePanel } from "../state/panel";
import type { PanelState, State } from "../state/state";
import type { Actions, Shown } from "./actions";
import { back, chosenValue, type Knob, knob, select } from "./knob";

const CLASS_MEANING =
  "Which class samples are asked to be of: the picture, the density and the numbers are then of that class. No training restarts.";
const GUIDANCE_MEANING =
  "The weight w of w f(x, t, class) + (1 − w) f(x, t, none): 1 is the field of the class, 0 that of all data, and above 1 the two are drawn apart, by two passes of the network. No training restarts.";

interface Setting {
  /** names the knobs: of all panels, or of one */
  of: string;
  asking: Asking;
  set(part: Partial<Asking>): void;
  reset(key: keyof Asking): Knob["reset"];
  suffix: string;
}

export function askingKnobs(state: State, actions: Actions): TemplateResult | typeof nothing {
  const told = state.panels.filter(isConditioned);
  const [known] = told.filter(({ classes }) => classes.length > 0);
  if (known === undefined) return nothing;
  const setting: Setting = {
    of: "",
    asking: state.setup,
    set: actions.set,
    reset: (key) => back(key, { state, actions }),
    suffix: "",
  };
  return html`
    <fieldset class="knobs">
      <legend>Asked for</legend>
      ${knobsOf(setting, known.classes, { state, actions })}
    </fieldset>
  `;
}

/** Linked to what all are asked for, until set. */
export function ownAskingKnobs(panel: PanelState, { state, actions }: Shown): TemplateResult | typeof nothing {
  const { slot, asks, classes } = panel;
  if (!isConditioned(panel) || classes.length === 0) return nothing;
  const change = (by: (now: Partial<Asking>) => Partial<Asking>) =>
    actions.change(changePanel(slot, (now) => ({ asks: by(now.asks) })));
  const setting: Setting = {
    of: `${slot} `,
    asking: { ...state.setup, ...asks },
    set: (part) => change((now) => ({ ...now, ...part })),
    reset: (key) => (key in asks ? () => change(({ [key]: _, ...rest }) => rest) : null),
    suffix: " of this panel",
  };
  return knobsOf(setting, classes, { state, actions });
}

function knobsOf(setting: Setting, classes: readonly string[], shown: Shown): TemplateResult {
  return html`${classKnob(setting, classes, shown)} ${guidanceKnob(setting, shown)}`;
}

function classKnob(
  { of, asking, set, reset, suffix }: Setting,
  classes: readonly string[],
  { state, actions }: Shown,
): TemplateResult {
  const control = select({
    label: `Class${suffix}`,
    value: asking.asked === null ? "none" : String(asking.asked),
    options: [{ value: "none", title: "none" }, ...classes.map((title, number) => ({ value: String(number), title }))],
    choose: (value) => set({ asked: value === "none" ? null : Number(value) }),
  });
  return knob(
    { id: `${of}asked`, title: "Class", meaning: CLASS_MEANING, control, reset: reset("asked") },
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
        aria-label="Guidance weight${suffix}"
        @input=${(event: Event) => set({ guidance: Number(chosenValue(event)) })}
      />
      <output>${asking.guidance}</output>
    </span>
  `;
  const meaning = GUIDANCE_MEANING;
  return knob({ id: `${of}guidance`, title: "Guidance", meaning, control, reset: reset("guidance") }, state, actions);
}

/** What each class looks like on the stage, and which is asked for. */
export function classLegend({ classes, picture }: PanelState): TemplateResult | typeof nothing {
  if (picture.labels === null) return nothing;
  const asked = picture.asked?.guidance === 0 ? null : picture.asked?.class;
  return html`
    <ul class="classes quiet small" aria-label="Classes">
      ${classes.map(
        (name, number) =>
          html`<li aria-current=${number === asked ? "true" : nothing}>${classMark(number)} ${name}</li>`,
      )}
    </ul>
  `;
}

function classMark(number: number): TemplateResult {
  const corners = cornersOf(lookOf(number).shape);
  const fill = `var(--class-${(number % NUM_CLASS_COLORS) + 1})`;
  const shape =
    corners.length === 0
      ? svg`<circle r="1" fill=${fill} />`
      : svg`<polygon points=${corners.map((corner) => corner.map((x) => x.toFixed(2)).join(",")).join(" ")} fill=${fill} />`;
  return html`<svg viewBox="-1.6 -1.6 3.2 3.2" width="13" height="13" aria-hidden="true">${shape}</svg>`;
}
