// What draws the samples: the solver or a sampler, its steps, and what else is to be said of it. Only what some panel is
// drawn by is offered.

import { html, nothing, type TemplateResult } from "lit";
import { samplerKeysOf } from "../experiment/applies";
import { askedOf, passesOf } from "../experiment/conditions";
import type { SolverKind } from "../experiment/experiment";
import type { Setup } from "../experiment/presets";
import { SAMPLER_TEXTS } from "../experiment/sampler-texts";
import {
  evaluationsOf,
  formulasOf,
  GRID_TITLES,
  gridsOf,
  MAX_NOISE,
  MAX_STEPS,
  SAMPLER_KINDS,
  SAMPLER_TITLES,
  type Sampler,
  type SamplerSetup,
  SOLVER_TITLES,
  samplerFor,
  samplersOf,
} from "../experiment/samplers";
import { noiseOn } from "../experiment/spaces";
import { msg } from "../language";
import type { PanelState, State } from "../state/state";
import type { Actions, Shown } from "./actions";
import { back, chosenValue, knob, numberEntry, select } from "./knob";

const NFE_MEANING = msg(
  "NFE: how often the velocity field is evaluated, for all samples at once, from t = 1 to t = 0.",
);
const PASSES_MEANING = msg("Guidance asks the network twice in every evaluation: with the class, and without.");
const STUDENTS = msg("A distilled student is sampled in its own steps alone: it learned no other times.");
const FORMULAS = msg("A coupling flow is sampled by its formulas alone: exactly, with no solver.");

interface Context extends Shown {
  /** what each panel is drawn by */
  drawnBy: readonly Sampler[];
}

export function samplerKnobs(state: State, actions: Actions): TemplateResult {
  const keys = samplerKeysOf(state.panels, state.setup);
  const drawnBy = state.panels.map((panel) => samplerFor(panel, setupOf(panel, state)));
  const nfe = [...new Set(drawnBy.map(evaluationsOf))].sort((a, b) => a - b);
  const passes = state.panels.map((panel) => passesOf(askedOf(panel, state.setup, panel)));
  const context = { state, actions, drawnBy };
  return html`
    <fieldset class="knobs">
      <legend>${msg("Sampler")} <span class="quiet" title=${NFE_MEANING}>NFE ${nfe.join(msg(" and "))}${passes.includes(2) ? html`, <span title=${PASSES_MEANING}>${msg("2 passes each under guidance")}</span>` : nothing}</span></legend>
      ${keys.length === 0 ? html`<p class="quiet small">${state.panels.some((panel) => formulasOf(panel) !== null) ? FORMULAS : STUDENTS}</p>` : keys.map((key) => KNOBS[key](context))}
    </fieldset>
  `;
}

function setupOf({ own }: PanelState, { setup }: State): Setup {
  return { ...setup, ...own };
}

const KNOBS: Readonly<Record<keyof SamplerSetup, (context: Context) => TemplateResult>> = {
  sampler: samplerKnob,
  solver: solverKnob,
  solverSteps: stepsKnob,
  epsilon: (context) => noiseKnob(EPSILON, context),
  churn: (context) => noiseKnob(CHURN, context),
  grid: gridKnob,
};

/** What is chosen may be of no use to the panels that there are by now. */
function samplerKnob(context: Context): TemplateResult {
  const { state, actions, drawnBy } = context;
  const offered = SAMPLER_KINDS.filter((kind) =>
    state.panels.some((panel) => samplersOf(panel, noiseOn(setupOf(panel, state))).includes(kind)),
  );
  const [used] = drawnBy.flatMap(({ sampler }) => sampler ?? []);
  const control = select({
    label: msg("Sampler"),
    value: used ?? "ode",
    options: [
      { value: "ode", title: msg("ODE solver") },
      ...offered.map((value) => ({ value, title: SAMPLER_TITLES[value] })),
    ],
    choose: (sampler) => context.actions.set({ sampler: sampler as SamplerSetup["sampler"] }),
  });
  const meaning =
    used === undefined
      ? msg(
          "What takes points from t = 1 to t = 0: a solver of the learned ODE, a sampler that knows the path and the score, or jumps that were learned.",
        )
      : `${SAMPLER_TEXTS[used].idea} ${SAMPLER_TEXTS[used].source}.`;
  return knob(
    { id: "sampler", title: msg("Sampler"), meaning, control, reset: back("sampler", context) },
    state,
    actions,
  );
}

function solverKnob(context: Context): TemplateResult {
  const { state, actions } = context;
  const kinds = Object.keys(SOLVER_TITLES) as SolverKind[];
  const control = select({
    label: msg("Solver"),
    value: state.setup.solver,
    options: kinds.map((value) => ({ value, title: SOLVER_TITLES[value] })),
    choose: (solver) => context.actions.set({ solver: solver as SolverKind }),
  });
  const meaning = msg(
    "How the learned ODE is solved to draw samples and trajectories; higher orders need fewer steps.",
  );
  return knob({ id: "solver", title: msg("Solver"), meaning, control, reset: back("solver", context) }, state, actions);
}

function stepsKnob(context: Context): TemplateResult {
  const { state, actions, drawnBy } = context;
  const { solverSteps: steps } = state.setup;
  const most = drawnBy.some((by) => by.sampler !== undefined) ? MAX_STEPS.sampler : MAX_STEPS.solver;
  const control = html`
    <span class="slider">
      <input
        type="range"
        min="1"
        max=${Math.max(most, steps)}
        .value=${String(steps)}
        aria-label=${msg("Solver steps")}
        @input=${(event: Event) => context.actions.set({ solverSteps: Number(chosenValue(event)) })}
      />
      <output aria-live="off">${steps}</output>
    </span>
  `;
  const meaning = msg(
    "Solver steps from t = 1 to t = 0, at one evaluation of the network or a few each: fewer are faster and less exact.",
  );
  const reset = back("solverSteps", context);
  return knob({ id: "solver-steps", title: msg("Steps"), meaning, control, reset }, state, actions);
}

const EPSILON = {
  key: "epsilon",
  title: msg("Noise ε"),
  meaning: msg(
    "How much noise Euler–Maruyama adds, g² = 2 ε: the marginals are the same for every ε, and 0 is the ODE. Usual is the diffusion's own noise, or ε = 1 on other paths.",
  ),
} as const;
const CHURN = {
  key: "churn",
  title: msg("Churn"),
  meaning: msg(
    "How much noise is added before Heun's steps, shared among them, each by half again at the most; 0 is the ODE.",
  ),
} as const;

function noiseKnob({ key, title, meaning }: typeof EPSILON | typeof CHURN, context: Context): TemplateResult {
  const { state, actions } = context;
  const option = { type: "number", place: key, title, meaning, min: 0, max: MAX_NOISE, whole: false } as const;
  const set = (value: number) => context.actions.set({ [key]: value });
  const control = numberEntry({ id: key, option, value: state.setup[key], unset: msg("usual"), set }, actions);
  return knob({ id: key, title, meaning, control, reset: back(key, context) }, state, actions);
}

function gridKnob(context: Context): TemplateResult {
  const { state, actions } = context;
  const gridsDrawn = state.panels.flatMap((panel) => {
    const { sampler } = samplerFor(panel, setupOf(panel, state));
    return sampler === undefined ? [] : gridsOf(panel, sampler);
  });
  const grids = [...new Set(gridsDrawn)];
  const control = select({
    label: msg("Times"),
    value: grids.includes(state.setup.grid as (typeof grids)[number]) ? state.setup.grid : "usual",
    options: [
      { value: "usual", title: msg("usual") },
      ...grids.map((value) => ({ value: value as string, title: msg(`equal in ${GRID_TITLES[value]}`) })),
    ],
    choose: (grid) => context.actions.set({ grid: grid as SamplerSetup["grid"] }),
  });
  const meaning = msg(
    "What the steps are equal in. Usual: the half-log-SNR ln α/σ for DPM-Solver++, Karras' noise levels for his, and t for the others.",
  );
  return knob({ id: "grid", title: msg("Times"), meaning, control, reset: back("grid", context) }, state, actions);
}
