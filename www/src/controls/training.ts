// The training transport. One button whose label is what it does next. What is pressed while runs are being opened is
// done when they are there.

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { MAX_SEED } from "../experiment/limits";
import { msg } from "../language";
import { secondsExpected } from "../state/pace";
import { isTrainable } from "../state/panel";
import type { State } from "../state/state";
import { say } from "../state/talk";
import {
  hasTrained,
  isPretrained,
  rewindShare,
  secondsLeft,
  TRAINING_TITLES,
  type TrainingLabel,
  trainingLabel,
} from "../state/training";
import type { Actions } from "./actions";
import { evidenceCode } from "./evidence-section";
import { icon } from "./icons";
import { lasting } from "./lasting";
import { spoken } from "./spoken";
import { undoOffer } from "./undo";

export function trainingTransport(state: State, actions: Actions): TemplateResult {
  const label = trainingLabel(state);
  // There is room for one of them in a line.
  const isOffered = state.left !== null && label === "pause";
  return html`
    <div class="transport training" part="training" role="group" aria-label=${msg("Training")}>
      <button
        type="button"
        class="primary train"
        ?disabled=${label === "done"}
        @click=${() => actions.toggleTraining()}
      >
        ${icon(label === "pause" ? "pause" : "play")}<span>${TRAINING_TITLES[label]}</span>
      </button>
      <button
        type="button"
        title=${msg("One training step")}
        ?disabled=${label === "pause" || label === "done"}
        @click=${() => actions.trainOneStep()}
      >
        ${icon("step")}<span class="word">${msg("Step")}</span>
      </button>
      <button type="button" title=${msg("The same initial weights again")} @click=${() => actions.reset()}>
        ${icon("reset")}<span class="word">${msg("Reset")}</span>
      </button>
      <span class="seed">
        <label title=${msg("Decides every random number: the same seed gives the same training.")}>
          <span>${msg("seed")}</span>
          <input
            type="text"
            inputmode="numeric"
            size="6"
            aria-label=${msg("Seed")}
            .value=${String(state.setup.seed)}
            @change=${(event: Event) => changeSeed(event, state, actions)}
          />
        </label>
        <button
          type="button"
          title=${msg("Another seed: other initial weights, points and batches")}
          @click=${() => actions.set({ seed: Math.floor(Math.random() * 10_000) })}
        >
          ${icon("dice")}<span class="word">${msg("Reseed")}</span>
        </button>
      </span>
      ${state.left === null ? html`<p class="hint">${spoken(hint(state, label))}</p>` : undoOffer(state, actions)}
      ${refusal(state)}
    </div>
    ${state.panels.some(hasTrained) ? (isOffered ? nothing : rewinder(state, actions)) : expected(state, label)}
  `;
}

function expected(state: State, label: TrainingLabel): TemplateResult | typeof nothing {
  const text = costHint(state, label);
  return text === null ? nothing : html`<p class="expected">${spoken(text, true)}</p>`;
}

/** The training so far, to be gone through like a film; training goes on from where it is left. */
function rewinder(state: State, actions: Actions): TemplateResult {
  const share = rewindShare(state);
  return html`
    <label class="rewind" title=${msg("Earlier weights, scrubbed like a video: Continue goes on from there.")}>
      <span>${costHint(state, trainingLabel(state)) ?? msg("Training so far")}</span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.001"
        aria-label=${msg("Rewind training")}
        aria-valuetext=${msg(`${Math.round(100 * share)} percent of the training so far`)}
        .value=${live(String(share))}
        @input=${(event: Event) => actions.rewind(Number((event.currentTarget as HTMLInputElement).value))}
      />
      <output aria-live="off">${share >= 1 ? msg("latest") : `${Math.round(100 * share)} %`}</output>
    </label>
  `;
}

function refusal({ notice }: State): TemplateResult | typeof nothing {
  return notice?.kind === "error" && notice.at === "seed"
    ? html`<p class="notice error" role="alert">${notice.text}</p>`
    : nothing;
}

const EXTENDED = msg("Extended: the learning rate falls along the cosine of the new budget.");

function hint(state: State, label: string): string {
  if (!state.panels.some(isTrainable)) return msg("There is nothing to train.");
  if (isPretrained(state)) return msg("Pre-trained. Press Train to train from scratch.");
  if (label === "continue" && rewindShare(state) < 1) return msg("Rewound. Continue trains on from here.");
  if (label !== "done" && state.panels.some(({ extended }) => extended.length > 0)) return EXTENDED;
  if (label === "train") return msg("Untrained: the initial weights of this seed.");
  if (label !== "done") return "";
  // What compares them is there once something was trained.
  return [msg("The budgets are spent."), evidenceCode.now?.verdictOf(state) ?? ""].join(" ").trim();
}

/** Less needs no word. */
const WORTH_SAYING_SECONDS = 60;

/** What is left to train takes at this size, on this machine: as earlier trainings of the kind tell, and then its own first steps. */
export function costHint(state: State, label: TrainingLabel): string | null {
  const { panels, paces } = state;
  const left = Math.max(0, ...panels.map((panel) => secondsLeft(panel) ?? secondsExpected(panel, paces) ?? 0));
  if (left <= WORTH_SAYING_SECONDS || label === "done" || rewindShare(state) < 1) return null;
  return label === "train" ? msg(`About ${lasting(left)} at this size`) : msg(`About ${lasting(left)} left`);
}

function changeSeed(event: Event, { setup }: State, actions: Actions): void {
  const input = event.currentTarget as HTMLInputElement;
  const seed = Number(input.value);
  const usable = /^\d+$/.test(input.value.trim()) && seed <= MAX_SEED;
  if (usable) {
    actions.set({ seed });
    return;
  }
  actions.change(say({ kind: "error", at: "seed", text: msg(`A seed is a whole number from 0 to ${MAX_SEED}.`) }));
  input.value = String(setup.seed);
}
