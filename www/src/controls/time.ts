// The time transport and the camera, shared by all panels.

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { msg, num } from "../language";
import { endsSaid, tickSaid, timeSaid } from "../stage/ends";
import { endsAt } from "../state/panel";
import type { Motion, State } from "../state/state";
import {
  changeView,
  isWhole,
  pan,
  SPEEDS,
  scrub,
  setMotion,
  showWhole,
  toggleLoop,
  togglePlaying,
  ZOOM,
  zoom,
} from "../state/view";
import type { Actions } from "./actions";
import { icon } from "./icons";
import { select } from "./knob";

const TICKS = [0, 0.25, 0.5, 0.75, 1];

export function timeTransport(state: State, actions: Actions): TemplateResult {
  const { t, playing } = state.view;
  const ends = endsAt(state);
  const label = playing ? msg("Pause the animation") : msg("Play the animation");
  return html`
    <div class="player">
    <div class="transport time" part="time" role="group" aria-label=${msg("Time")}>
      <button
        type="button"
        class="round"
        aria-label=${label}
        title=${label}
        @click=${() => actions.change(togglePlaying)}
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
          aria-label=${timeSaid(ends)}
          .value=${live(String(t))}
          @input=${(event: Event) => actions.change(scrub(Number((event.currentTarget as HTMLInputElement).value)))}
        />
        <datalist id="time-ticks">${TICKS.map((tick) => html`<option value=${tick}></option>`)}</datalist>
        <div class="ticks" aria-hidden="true">
          ${TICKS.map((tick) => html`<span .style=${`left: ${100 * tick}%`}>${tickSaid(tick, ends)}</span>`)}
        </div>
      </div>
      <output class="now" aria-live="off"><i>t</i> = ${num(t.toFixed(3))}</output>
    </div>
    <div class="transport playing">${motion(state, actions)} ${camera(state, actions)}</div>
    </div>
  `;
}

function motion(state: State, actions: Actions): TemplateResult {
  const { view } = state;
  const [first, last] = endsSaid(endsAt(state)).short;
  const motions: Record<Motion, string> = {
    both: msg("there and back"),
    generate: `${last} → ${first}`,
    encode: `${first} → ${last}`,
  };
  return html`
    <div role="group" aria-label=${msg("Playing")}>
      ${select({
        label: msg("Direction"),
        value: view.motion,
        options: Object.entries(motions).map(([value, title]) => ({ value, title })),
        choose: (value) => actions.change(setMotion(value as Motion)),
      })}
      ${select({
        label: msg("Speed"),
        value: String(view.speed),
        options: SPEEDS.map((speed) => ({ value: String(speed), title: `${num(String(speed))} ×` })),
        choose: (value) => actions.change(changeView({ speed: Number(value) })),
      })}
      <button
        type="button"
        class="chip"
        aria-pressed=${view.loop}
        title=${msg("Whether it goes on at the end, or stays there")}
        @click=${() => actions.change(toggleLoop)}
      >
        ${icon("loop")}<span class="word">${msg("Loop")}</span>
      </button>
    </div>
  `;
}

function camera({ view, panels }: State, actions: Actions): TemplateResult {
  const button = (label: string, name: Parameters<typeof icon>[0], press: () => void, isAtEnd: boolean) => html`
    <button type="button" class="square" aria-label=${label} title=${label} ?disabled=${isAtEnd} @click=${press}>${icon(name)}</button>
  `;
  const towards = (dx: number, dy: number) => () => actions.change(pan(dx / view.camera.zoom, dy / view.camera.zoom));
  const isGlobe = panels.some(({ picture }) => picture.space === "sphere");
  // The whole view stays where it is.
  const arrows =
    view.camera.zoom <= 1 && !isGlobe
      ? nothing
      : html`${button(msg("Look left"), "left", towards(-1, 0), false)} ${button(msg("Look right"), "right", towards(1, 0), false)}
      ${button(msg("Look up"), "up", towards(0, 1), false)} ${button(msg("Look down"), "down", towards(0, -1), false)}`;
  return html`
    <div role="group" aria-label=${msg("Camera")}>
      ${arrows}
      ${button(msg("Zoom out"), "minus", () => actions.change(zoom(-1)), view.camera.zoom <= ZOOM.min)}
      ${button(msg("Zoom in"), "plus", () => actions.change(zoom(1)), view.camera.zoom >= ZOOM.max)}
      ${button(msg("Show all"), "whole", () => actions.change(showWhole), isWhole(view))}
    </div>
  `;
}
