// A setting as a reader meets it: its name, which explains it when pressed, its control, the way back to its default,
// and what was wrong with the last value beside it.

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { NumberOption } from "../experiment/options";
import { refusalOf, typedNumber } from "../experiment/options";
import { DEFAULT_SETUP, type Setup } from "../experiment/presets";
import { msg, num } from "../language";
import type { State } from "../state/state";
import { explain, say } from "../state/talk";
import type { Actions, Shown } from "./actions";
import { icon } from "./icons";
import { beginTyping, endTyping, unlessTyped } from "./typing";

export interface Knob {
  /** names it: in what is explained, and in what is refused */
  id: string;
  title: string;
  /** one sentence of what it does */
  meaning: string;
  control: TemplateResult;
  /** back to the default; null while it has it */
  reset: (() => void) | null;
}

export function back(key: keyof Setup, { state, actions }: Shown): Knob["reset"] {
  return state.setup[key] === DEFAULT_SETUP[key] ? null : () => actions.set({ [key]: DEFAULT_SETUP[key] });
}

export function knob({ id, title, meaning, control, reset }: Knob, state: State, actions: Actions): TemplateResult {
  const isExplained = state.explained === id;
  const refused = state.notice?.kind === "error" && state.notice.at === id ? state.notice.text : null;
  return html`
    <div class="knob" data-knob=${id}>
      <button
        type="button"
        class="term"
        title=${meaning}
        aria-expanded=${isExplained}
        aria-label=${msg(`${title}: what it does`)}
        @click=${() => actions.change(explain(id))}
      >
        ${title}
      </button>
      ${control}
      ${
        reset === null
          ? html`<span class="reset-space"></span>`
          : html`<button type="button" class="plain reset" title=${msg("Back to the default")} aria-label=${msg(`${title}: back to the default`)} @click=${reset}>
              ${icon("reset")}
            </button>`
      }
      ${isExplained ? html`<p class="meaning">${meaning}</p>` : nothing}
      ${refused === null ? nothing : html`<p class="notice error" role="alert">${refused}</p>`}
    </div>
  `;
}

export function chosenValue(event: Event): string {
  return (event.currentTarget as HTMLInputElement | HTMLSelectElement).value;
}

export interface Choice {
  label: string;
  value: string;
  options: readonly { value: string; title: string }[];
  choose: (value: string) => void;
}

export function select({ label, value, options, choose }: Choice): TemplateResult {
  return html`
    <select aria-label=${label} @change=${(event: Event) => choose(chosenValue(event))}>
      ${options.map((option) => html`<option value=${option.value} .selected=${live(option.value === value)}>${option.title}</option>`)}
    </select>
  `;
}

export interface NumberKnob {
  id: string;
  option: NumberOption;
  /** null while it is not known, or where it is `unset` */
  value: number | null;
  /** what no number stands for: "usual" */
  unset?: string;
  set: (value: number) => void;
}

/** A number typed in. What can't be taken is refused beside it, and the last good one stands again. */
export function numberEntry({ id, option, value, unset, set }: NumberKnob, actions: Actions): TemplateResult {
  const shown = value === null ? "" : num(String(value));
  const change = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    endTyping(event);
    const refusal = refusalOf(option, input.value);
    actions.change(say(refusal === null ? null : { kind: "error", at: id, text: refusal }));
    if (refusal === null) set(typedNumber(option, input.value));
    else input.value = shown;
  };
  return html`
    <input
      type="text"
      inputmode=${option.whole ? "numeric" : "decimal"}
      autocomplete="off"
      aria-label=${option.title}
      placeholder=${unset ?? nothing}
      .value=${unlessTyped(shown)}
      ?readonly=${value === null && unset === undefined}
      @input=${beginTyping}
      @change=${change}
      @blur=${endTyping}
    />
  `;
}
