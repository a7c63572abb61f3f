// What is set of one panel alone: its method's options, and what it does not share with the others.

import { html, nothing, type TemplateResult } from "lit";
import { optionsFor, ownKeysOf } from "../experiment/applies";
import { canBeTold, WHY_NOT_TOLD } from "../experiment/conditions";
import { DRAW_TITLES, DRAWS, type Draws, TEMPERATURES } from "../experiment/energies";
import { MAX_SEED } from "../experiment/limits";
import { methodOf } from "../experiment/methods";
import { NETWORK_KINDS, NETWORK_TITLES, type NetworkKind, seenAs } from "../experiment/networks";
import { type Option, type Options, type OptionValue, valueAt } from "../experiment/options";
import {
  type BudgetChoice,
  DATA_TITLES,
  DEPTHS,
  OFFERED_DATA,
  type Own,
  PLANAR_NOISE,
  SIDES,
  WIDTHS,
} from "../experiment/presets";
import { noiseOn, SPACE_NOISE, spaceOf } from "../experiment/spaces";
import { msg, num } from "../language";
import { choiceOf } from "../state/panel";
import type { PanelState, State } from "../state/state";
import type { Actions, Shown } from "./actions";
import { ownAskingKnobs } from "./asking";
import { budgetControl } from "./budget";
import { ghostControl } from "./ghost";
import { knob, numberEntry, select } from "./knob";
import { changeBudget } from "./restarting";

interface Context extends Shown {
  panel: PanelState;
}

/** What is unfolded below a panel. */
export function unfoldedOptions(panel: PanelState, state: State, actions: Actions): TemplateResult {
  const context = { panel, state, actions };
  const data = panel.own.data ?? state.setup.data;
  const options = optionsFor(choiceOf(panel), data, state.setup.angles);
  return html`
    ${ghostControl(panel, actions)}
    <div class="knobs">
      ${options.map((option) => optionKnob(option, context))}
    </div>
    ${canBeTold(methodOf(panel.method).experiment.method.kind) ? nothing : html`<p class="quiet small">${WHY_NOT_TOLD}</p>`}
    <h3>${msg("Shared, unless unlinked")}</h3>
    <div class="knobs">
      ${ownKeysOf(panel.method, seenAs({ ...state.setup, ...panel.own }, state.user)).map((key) => ownKnob(key, context))} ${ownAskingKnobs(panel, context)}
    </div>
  `;
}

function optionKnob(option: Option, { panel, state, actions }: Context): TemplateResult {
  const { place, title, meaning } = option;
  const id = `${panel.slot} ${place}`;
  const known = panel.experiment === null ? null : valueAt(panel.experiment, option);
  const value = panel.options[place] ?? known;
  // Of the choice as it is by then: several changed quickly are all changed.
  const change = (by: (now: Options) => Options) =>
    actions.choose(panel.slot, (now) => ({ ...now, options: by(now.options) }));
  const set = (next: OptionValue) => change((options) => ({ ...options, [place]: next }));
  const reset = () => change(({ [place]: _, ...options }) => options);
  const control =
    option.type === "choice"
      ? select({
          label: title,
          value: String(value),
          options: option.choices.map(({ name, title }) => ({ value: name, title })),
          choose: set,
        })
      : numberEntry({ id, option, value: value === null ? null : Number(value), set }, actions);
  const range = option.type === "number" ? ` ${rangeText(option.min, option.max)}` : "";
  return knob(
    { id, title, meaning: `${meaning}${range}`, control, reset: place in panel.options ? reset : null },
    state,
    actions,
  );
}

function rangeText(min: number, max: number): string {
  return msg(`From ${num(min.toLocaleString("en-US"))} to ${num(max.toLocaleString("en-US"))}.`);
}

interface OwnSetting {
  title: string;
  meaning: string;
  control(context: Context, set: (own: Own) => void): TemplateResult;
}

function titled(kinds: readonly (keyof typeof DATA_TITLES)[]) {
  return kinds.map((value) => ({ value: value as string, title: DATA_TITLES[value] }));
}

function counted(label: string, key: "width" | "depth" | "side", values: readonly number[]): OwnSetting["control"] {
  return ({ panel, state }, set) =>
    select({
      label,
      value: String(panel.own[key] ?? state.setup[key]),
      options: values.map((value) => ({ value: String(value), title: String(value) })),
      choose: (value) => set({ [key]: Number(value) }),
    });
}

const SEED_RANGE = { min: 0, max: MAX_SEED, whole: true } as const;
const SEED = { type: "number", place: "seed", title: msg("Seed of this panel"), meaning: "", ...SEED_RANGE } as const;

const TEMPERATURE = {
  type: "number",
  place: "temperature",
  title: msg("Temperature of this panel"),
  meaning: "",
  ...TEMPERATURES,
  whole: false,
} as const;

const OWN: Record<keyof Own, OwnSetting> = {
  data: {
    title: msg("Data"),
    meaning: msg("This panel's own data P; the others keep theirs."),
    control: ({ panel, state }, set) =>
      select({
        label: msg("Data of this panel"),
        value: panel.own.data ?? state.setup.data,
        options: [
          ...titled(OFFERED_DATA),
          ...(state.user === null ? [] : [{ value: "points", title: msg("your points") }]),
        ],
        choose: (value) => set({ data: value as keyof typeof DATA_TITLES }),
      }),
  },
  temperature: {
    title: msg("Temperature"),
    meaning: msg("This panel's own temperature T of p(x) ∝ e^(−E(x)/T)."),
    control: ({ panel, state, actions }, set) =>
      numberEntry(
        {
          id: `${panel.slot} temperature`,
          option: TEMPERATURE,
          value: panel.own.temperature ?? state.setup.temperature,
          set: (temperature) => set({ temperature }),
        },
        actions,
      ),
  },
  draws: {
    title: msg("Points"),
    meaning: msg("What this panel's training sees: exact draws, or a short Markov chain's."),
    control: ({ panel, state }, set) =>
      select({
        label: msg("Points of this panel"),
        value: panel.own.draws ?? state.setup.draws,
        options: DRAWS.map((value) => ({ value, title: DRAW_TITLES[value] })),
        choose: (value) => set({ draws: value as Draws }),
      }),
  },
  noise: {
    title: msg("Noise"),
    meaning: msg("This panel's own noise Q."),
    control: ({ panel, state }, set) => {
      const ends = { ...state.setup, ...panel.own };
      return select({
        label: msg("Noise of this panel"),
        value: noiseOn(ends),
        options: titled(spaceOf(ends) === null ? PLANAR_NOISE : SPACE_NOISE),
        choose: (value) => set({ noise: value as keyof typeof DATA_TITLES }),
      });
    },
  },
  seed: {
    title: msg("Seed"),
    meaning: msg("This panel's own seed: other initial weights, points and batches."),
    control: ({ panel, state, actions }, set) =>
      numberEntry(
        {
          id: `${panel.slot} seed`,
          option: SEED,
          value: panel.own.seed ?? state.setup.seed,
          set: (seed) => set({ seed }),
        },
        actions,
      ),
  },
  width: {
    title: msg("Width"),
    meaning: msg("This panel's own network width."),
    control: counted(msg("Own width"), "width", WIDTHS),
  },
  depth: {
    title: msg("Depth"),
    meaning: msg("This panel's own hidden layers of the network."),
    control: counted(msg("Own depth"), "depth", DEPTHS),
  },
  network: {
    title: msg("Network"),
    meaning: msg("What this panel's own velocity network is: a perceptron, or a convolutional U-Net."),
    control: ({ panel, state }, set) =>
      select({
        label: msg("Own network"),
        value: panel.own.network ?? state.setup.network,
        options: NETWORK_KINDS.map((value) => ({ value, title: NETWORK_TITLES[value] })),
        choose: (value) => set({ network: value as NetworkKind }),
      }),
  },
  side: {
    title: msg("Side"),
    meaning: msg("Pixels a side of this panel's own drawn digits."),
    control: counted(msg("Own side"), "side", SIDES),
  },
  budget: {
    title: msg("Budget"),
    meaning: msg("This panel's own end of training."),
    control: ({ panel, state, actions }) =>
      budgetControl(
        {
          id: `${panel.slot} budget`,
          label: msg("Budget of this panel"),
          budget: panel.own.budget ?? state.setup.budget,
        },
        (budget: BudgetChoice) => changeBudget({ slot: panel.slot, budget }, actions),
        actions,
      ),
  },
};

/** Linked until set: the way back to the default is the link. */
function ownKnob(key: keyof Own, context: Context): TemplateResult {
  const { panel, state, actions } = context;
  const { title, meaning, control } = OWN[key];
  const change = (by: (now: Own) => Own) => actions.choose(panel.slot, (now) => ({ ...now, own: by(now.own) }));
  const set = (part: Own) => change((own) => ({ ...own, ...part }));
  const link =
    key === "budget"
      ? () => changeBudget({ slot: panel.slot, budget: null }, actions)
      : () => change(({ [key]: _, ...own }) => own);
  const isOwn = key in panel.own;
  return knob(
    {
      id: `${panel.slot} ${key}`,
      title: isOwn ? msg(`${title}, its own`) : title,
      meaning: isOwn ? msg(`${meaning} The arrow links it again.`) : msg(`${meaning} Shared until you change it here.`),
      control: control(context, set),
      reset: isOwn ? link : null,
    },
    state,
    actions,
  );
}
