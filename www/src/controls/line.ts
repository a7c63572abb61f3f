// The quality line of the chart of quality against NFE: dragged in the chart, or moved with the keys of a slider.

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { LINE_RULE } from "../evidence/line";
import { plain } from "../evidence/numbers";
import { sharedLine } from "../evidence/standing";
import { msg } from "../language";
import type { State } from "../state/state";
import { moveLine } from "../state/talk";
import type { Actions } from "./actions";

/** Of the slider, in decades: an arrow key is a twentieth of one. */
const STEP = 0.05;
/** How far beyond what was measured it can be moved, as a factor. */
const BEYOND = 4;

interface Drawn {
  qualityAt(clientY: number): number | null;
}

/** From where the pointer went down to where it goes up. */
export function drag(event: PointerEvent, actions: Actions, drawn: Drawn): void {
  if (event.button !== 0) return;
  const target = event.currentTarget as HTMLElement;
  const move = ({ clientY }: PointerEvent) => {
    const value = drawn.qualityAt(clientY);
    if (value !== null) actions.change(moveLine(value));
  };
  const stop = new AbortController();
  const until = { signal: stop.signal };
  target.setPointerCapture(event.pointerId);
  target.addEventListener("pointermove", move, until);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    target.addEventListener(end, () => stop.abort(), until);
  }
  event.preventDefault();
  move(event);
}

export function lineControl(state: State, actions: Actions): TemplateResult | typeof nothing {
  const line = sharedLine(state);
  if (line === null) return nothing;
  const measured = state.panels.flatMap(({ costs }) => costs?.points.flatMap(({ slicedW2 }) => slicedW2 || []) ?? []);
  const ends = [...measured, line.value, line.floor || line.value].filter(
    (value) => value > 0 && Number.isFinite(value),
  );
  const log = (value: number) => Math.log10(value);
  return html`
    <div class="line">
      <label>
        <span>${msg("Quality line")}</span>
        <input
          type="range"
          min=${Math.floor(log(Math.min(...ends) / BEYOND) / STEP) * STEP}
          max=${Math.ceil(log(Math.max(...ends) * BEYOND) / STEP) * STEP}
          step=${STEP}
          aria-valuetext=${msg(`sliced W₂² ${plain(line.value)}`)}
          .value=${live(String(log(line.value)))}
          @input=${(event: Event) => actions.change(moveLine(10 ** Number((event.currentTarget as HTMLInputElement).value)))}
        />
        <output aria-live="off">${plain(line.value)}</output>
      </label>
      ${
        line.isChosen
          ? html`<button type="button" class="small" @click=${() => actions.change(moveLine(null))}>${msg("By default")}</button>`
          : nothing
      }
    </div>
    <p>${LINE_RULE}</p>
  `;
}
