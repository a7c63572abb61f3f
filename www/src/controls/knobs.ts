// The few settings in sight. Network and data start a new training; the sampler changes only what is drawn.
import { html, type TemplateResult } from "lit";
import type { SolverKind } from "../experiment/experiment";
import { DEPTHS, MAX_SOLVER_STEPS, SOLVER_TITLES, WIDTHS } from "../experiment/presets";
import { changeSetup, type State } from "../state";
import type { Actions } from "./actions";

/** Right-hand-side evaluations of one solver step. */
const STAGES: Record<SolverKind, number> = {
  euler: 1,
  midpoint: 2,
  heun: 2,
  heun3: 3,
  rk4: 4,
  "rk4-38": 4,
  bosh3: 3,
  dopri5: 6,
  tsit5: 6,
};

export function knobs({ setup }: State, actions: Actions): TemplateResult {
  const nfe = setup.solverSteps * STAGES[setup.solver];
  return html`
    <fieldset class="knobs">
      <legend>Network</legend>
      ${select("Width", setup.width, WIDTHS, (width) => actions.restart({ width: Number(width) }), "Units in each hidden layer. Training starts anew.")}
      ${select("Layers", setup.depth, DEPTHS, (depth) => actions.restart({ depth: Number(depth) }), "Hidden layers. Training starts anew.")}
    </fieldset>
    <fieldset class="knobs">
      <legend>Sampler <span class="quiet">${nfe} evaluations</span></legend>
      ${select(
        "Solver",
        setup.solver,
        Object.keys(SOLVER_TITLES) as SolverKind[],
        (solver) => actions.change(changeSetup({ solver: solver as SolverKind })),
        "How the learned ODE is solved to draw samples and trajectories.",
        SOLVER_TITLES,
      )}
      <label class="field" title="Solver steps from noise to data: fewer are faster and less exact.">
        <span>Steps</span>
        <span class="slider">
          <input
            type="range"
            min="1"
            max=${MAX_SOLVER_STEPS}
            .value=${String(setup.solverSteps)}
            aria-label="Solver steps"
            @input=${(event: Event) => actions.change(changeSetup({ solverSteps: Number(chosenValue(event)) }))}
          />
          <output>${setup.solverSteps}</output>
        </span>
      </label>
    </fieldset>
  `;
}

function chosenValue(event: Event): string {
  return (event.currentTarget as HTMLInputElement | HTMLSelectElement).value;
}

type Titles = Readonly<Record<string, string>>;

function select(
  label: string,
  chosen: number | string,
  options: readonly (number | string)[],
  choose: (value: string) => void,
  ...[hint, titles]: [hint: string, titles?: Titles]
): TemplateResult {
  return html`
    <label class="field" title=${hint}>
      <span>${label}</span>
      <select @change=${(event: Event) => choose(chosenValue(event))}>
        ${options.map(
          (option) =>
            html`<option value=${option} ?selected=${option === chosen}>${titles?.[option] ?? option}</option>`,
        )}
      </select>
    </label>
  `;
}
