// The training transport. One button whose label is what it does next.
import { html, type TemplateResult } from "lit";
import { isOpening, isPretrained, isTrainable, type State, trainingLabel } from "../state";
import type { Actions } from "./actions";
import { icon } from "./icons";

const MAX_SEED = 0xffff_ffff;

export function trainingTransport(state: State, actions: Actions): TemplateResult {
  const label = trainingLabel(state);
  const opening = isOpening(state);
  return html`
    <div class="transport training" role="group" aria-label="Training">
      <button
        type="button"
        class="primary train"
        ?disabled=${label === "Done" || opening}
        @click=${() => actions.toggleTraining()}
      >
        ${icon(label === "Pause" ? "pause" : "play")}<span>${label}</span>
      </button>
      <button
        type="button"
        title="One training step"
        ?disabled=${label === "Pause" || label === "Done" || opening}
        @click=${() => actions.trainOneStep()}
      >
        ${icon("step")}Step
      </button>
      <button type="button" title="The same initial weights again" ?disabled=${opening} @click=${() => actions.reset()}>
        ${icon("reset")}Reset
      </button>
      <span class="seed">
        <label title="Decides every random number: the same seed gives the same training.">
          seed
          <input
            type="text"
            inputmode="numeric"
            size="6"
            aria-label="Seed"
            .value=${String(state.setup.seed)}
            @change=${(event: Event) => changeSeed(event, state, actions)}
          />
        </label>
        <button
          type="button"
          title="Another seed: other initial weights, noise and batches"
          ?disabled=${opening}
          @click=${() => actions.restart({ seed: Math.floor(Math.random() * 10_000) })}
        >
          ${icon("dice")}Reseed
        </button>
      </span>
      <p class="hint">${hint(state, label)}</p>
    </div>
  `;
}

function hint(state: State, label: string): string {
  if (!state.panels.some(isTrainable)) return "There is nothing to train.";
  if (isPretrained(state)) return "Pre-trained. Press Train to train from scratch.";
  if (label === "Train") return "Untrained: the initial weights of this seed.";
  return label === "Done" ? "The budgets are spent." : "";
}

function changeSeed(event: Event, { setup }: State, actions: Actions): void {
  const input = event.currentTarget as HTMLInputElement;
  const seed = Number(input.value);
  const usable = /^\d+$/.test(input.value.trim()) && seed <= MAX_SEED;
  input.setCustomValidity(usable ? "" : `A seed is a whole number from 0 to ${MAX_SEED}.`);
  if (usable) actions.restart({ seed });
  else {
    input.reportValidity();
    input.value = String(setup.seed);
  }
}
