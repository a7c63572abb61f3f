// The few settings in sight, and the rest behind "more". Network and budget start a new training; the sampler and what
// is looked at change only what is drawn.

import { html, nothing, type TemplateResult } from "lit";
import { ownKeysOf } from "../experiment/applies";
import { DRAW_TITLES, DRAWS, type Draws, TEMPERATURES } from "../experiment/energies";
import { NETWORK_KINDS, NETWORK_TITLES, type NetworkKind, seenAs } from "../experiment/networks";
import { DEPTHS, SIDES, WIDTHS } from "../experiment/presets";
import { msg, num } from "../language";
import type { State } from "../state/state";
import { changeView, PARTICLES } from "../state/view";
import type { Actions, Shown } from "./actions";
import { askingKnobs } from "./asking";
import { budgetKnob } from "./budget";
import { back, knob, numberEntry, select } from "./knob";
import { planeKnob } from "./plane";
import { samplerKnobs } from "./sampler";

export function knobs(state: State, actions: Actions): TemplateResult {
  const applies = (key: TrainingKey) =>
    state.panels.some(({ method, own }) =>
      ownKeysOf(method, seenAs({ ...state.setup, ...own }, state.user)).includes(key),
    );
  const trains = (["width", "depth", "network", "side", "budget", "temperature"] as const).some(applies);
  return html`
    ${samplerKnobs(state, actions)}
    ${askingKnobs(state, actions)}
    ${trains ? trainingKnobs(applies, state, actions) : nothing}
    <details class="more">
      <summary>${msg("More")}</summary>
      <div class="knobs">${particlesKnob(state, actions)} ${colorKnob(state, actions)}</div>
    </details>
    ${state.panels.some(({ dim, picture }) => dim > 2 && !picture.space) ? planeKnob(state, actions) : nothing}
  `;
}

type TrainingKey = "width" | "depth" | "network" | "side" | "budget" | "temperature" | "draws";

function trainingKnobs(applies: (key: TrainingKey) => boolean, state: State, actions: Actions): TemplateResult {
  return html`
    <fieldset class="knobs">
      <legend>${msg("Training")}</legend>
      ${applies("temperature") ? temperatureKnob({ state, actions }) : nothing}
      ${applies("draws") ? drawsKnob({ state, actions }) : nothing}
      ${applies("network") ? kindKnob({ state, actions }) : nothing}
      ${applies("width") ? networkKnob("width", msg("Width"), WIDTHS, { state, actions }) : nothing}
      ${applies("depth") ? networkKnob("depth", msg("Depth"), DEPTHS, { state, actions }) : nothing}
      ${applies("side") ? networkKnob("side", msg("Side"), SIDES, { state, actions }) : nothing}
      ${applies("budget") ? budgetKnob(state, actions) : nothing}
    </fieldset>
  `;
}

const NETWORK_MEANING = {
  width: msg("Units in each hidden layer of the velocity network. Training starts anew."),
  depth: msg("Hidden layers of the velocity network. Training starts anew."),
  side: msg("Pixels a side of the drawn digits: 64, 256 or 784 coordinates. Training starts anew."),
} as const;

function networkKnob(
  key: "width" | "depth" | "side",
  title: string,
  values: readonly number[],
  { state, actions }: Shown,
): TemplateResult {
  const control = select({
    label: title,
    value: String(state.setup[key]),
    options: values.map((value) => ({ value: String(value), title: String(value) })),
    choose: (value) => actions.set({ [key]: Number(value) }),
  });
  const reset = back(key, { state, actions });
  return knob(
    { id: key === "side" ? "data.dim" : `network.${key}`, title, meaning: NETWORK_MEANING[key], control, reset },
    state,
    actions,
  );
}

const TEMPERATURE = {
  type: "number",
  place: "temperature",
  title: msg("Temperature"),
  meaning: msg(
    "T of p(x) ∝ e^(−E(x)/T), in units of the energy's own (15 for Müller–Brown, else 1): the colder, the deeper the wells and the rarer the way between them. Training starts anew.",
  ),
  ...TEMPERATURES,
  whole: false,
} as const;

function temperatureKnob({ state, actions }: Shown): TemplateResult {
  const [id, value] = ["data.temperature", state.setup.temperature];
  const set = (temperature: number) => actions.set({ temperature });
  const control = numberEntry({ id, option: TEMPERATURE, value, set }, actions);
  const reset = back("temperature", { state, actions });
  return knob({ id, title: TEMPERATURE.title, meaning: TEMPERATURE.meaning, control, reset }, state, actions);
}

function drawsKnob({ state, actions }: Shown): TemplateResult {
  const control = select({
    label: msg("Points"),
    value: state.setup.draws,
    options: DRAWS.map((value) => ({ value, title: DRAW_TITLES[value] })),
    choose: (value) => actions.set({ draws: value as Draws }),
  });
  const meaning = msg(
    "Which points training sees: exact draws, or 2,000 of a Markov chain that starts in one well and may never leave it. All is measured by the exact law. Training starts anew.",
  );
  const reset = back("draws", { state, actions });
  return knob({ id: "data.chain", title: msg("Points"), meaning, control, reset }, state, actions);
}

function kindKnob({ state, actions }: Shown): TemplateResult {
  const control = select({
    label: msg("Network"),
    value: state.setup.network,
    options: NETWORK_KINDS.map((value) => ({ value, title: NETWORK_TITLES[value] })),
    choose: (value) => actions.set({ network: value as NetworkKind }),
  });
  const meaning = msg(
    "The velocity network of pictures: a perceptron, which knows nothing of neighbours, or a convolutional U-Net of 16 features (Ronneberger 2015), told the time in every block. Training starts anew.",
  );
  const reset = back("network", { state, actions });
  return knob({ id: "network.kind", title: msg("Network"), meaning, control, reset }, state, actions);
}

function particlesKnob(state: State, actions: Actions): TemplateResult {
  const { particles } = state.view;
  const usual = 1000;
  const control = select({
    label: msg("Particles"),
    value: String(particles),
    options: PARTICLES.map((count) => ({ value: String(count), title: num(count.toLocaleString("en-US")) })),
    choose: (value) => actions.change(changeView({ particles: Number(value) })),
  });
  const reset = particles === usual ? null : () => actions.change(changeView({ particles: usual }));
  const meaning = msg("How many generated samples are shown, from the same points at t = 1 in every panel.");
  return knob({ id: "particles", title: msg("Particles"), meaning, control, reset }, state, actions);
}

const COLORS = { plain: msg("plain"), time: msg("by time"), curvature: msg("by change of velocity") } as const;
type TrajectoryColor = keyof typeof COLORS;

function colorKnob(state: State, actions: Actions): TemplateResult {
  const { trajectoryColor } = state.view.options;
  const set = (color: TrajectoryColor) => actions.change(changeView({ options: { trajectoryColor: color } }));
  const control = select({
    label: msg("Trajectories"),
    value: trajectoryColor,
    options: Object.entries(COLORS).map(([value, title]) => ({ value, title })),
    choose: (value) => set(value as TrajectoryColor),
  });
  const reset = trajectoryColor === "plain" ? null : () => set("plain");
  const meaning = msg(
    "How trajectories are colored: all alike, by the time along them, or by how much the velocity changes, in direction or speed.",
  );
  return knob({ id: "trajectory-color", title: msg("Trajectories"), meaning, control, reset }, state, actions);
}
