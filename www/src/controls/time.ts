// The time transport, shared by all panels.
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { play, type State, scrub } from "../state";
import type { Actions } from "./actions";
import { icon } from "./icons";

const TICKS = [0, 0.25, 0.5, 0.75, 1];

export function timeTransport({ view }: State, actions: Actions): TemplateResult {
  const { t, playing } = view;
  const label = playing ? "Pause the animation" : "Play the animation";
  return html`
    <div class="transport time" role="group" aria-label="Time">
      <button
        type="button"
        class="round"
        aria-label=${label}
        title=${label}
        @click=${() => actions.change(play(!playing))}
      >
        ${icon(playing ? "pause" : "play")}
      </button>
      <div class="scrubber">
        <input
          type="range"
          min="0"
          max="1"
          step="0.001"
          list="time-ticks"
          aria-label="Time t, from data at 0 to noise at 1"
          .value=${live(String(t))}
          @input=${(event: Event) => actions.change(scrub(Number((event.currentTarget as HTMLInputElement).value)))}
        />
        <datalist id="time-ticks">${TICKS.map((tick) => html`<option value=${tick}></option>`)}</datalist>
        <div class="ticks" aria-hidden="true">
          ${TICKS.map((tick) => html`<span style="left: ${100 * tick}%">${tickLabel(tick)}</span>`)}
        </div>
      </div>
      <output class="now"><i>t</i> = ${t.toFixed(3)}</output>
    </div>
  `;
}

function tickLabel(tick: number): string {
  if (tick === 0) return "t = 0 data";
  return tick === 1 ? "t = 1 noise" : String(tick);
}
