// Below the stages of a presentation: what is seen, training and time, and the way to the other slides.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../controls/icons";
import { presetOf } from "../experiment/presets";
import { msg, num } from "../language";
import { timeSaid } from "../stage/ends";
import { shownPreset } from "../state/comparison";
import { endsAt, titleOf } from "../state/panel";
import type { State } from "../state/state";
import { TRAINING_TITLES, trainingLabel } from "../state/training";
import type { PresentPart } from "./kept";
import type { Command } from "./keys";

export interface OnBar {
  state: State;
  title: string;
  /** 0 is the page's own state */
  at: number;
  count: number;
  parts: readonly PresentPart[];
}

export function bar(shown: OnBar, ask: (command: Command) => void): TemplateResult {
  const { at, count, parts, state } = shown;
  const caption = captionOf(shown);
  const where = at === 0 ? msg("This page") : `${at} / ${count}`;
  const step = (by: 1 | -1, isEnd: boolean) => {
    const label = by > 0 ? msg("Next slide") : msg("Slide before");
    return html`
      <button type="button" aria-label=${label} title=${label} ?disabled=${isEnd} @click=${() => ask({ kind: "slide", by })}>${icon(by > 0 ? "right" : "left")}</button>
    `;
  };
  return html`
    <h1 class="caption ${parts.includes("caption") ? "" : "unseen"}">${caption}</h1>
    ${parts.includes("time") ? time(state, ask) : nothing}
    <div class="slides" role="group" aria-label=${msg("Slides")}>
      ${count === 0 ? nothing : html`${step(-1, at === 0)}<output>${where}</output>${step(1, at === count)}`}
      <button type="button" aria-label=${msg("Leave")} title=${msg("Leave: everything is as it was (Esc)")} @click=${() => ask({ kind: "leave" })}>${icon("close")}</button>
    </div>
    <p class="unseen" role="status">${count === 0 ? "" : `${at === 0 ? where : msg(`Slide ${at} of ${count}`)}: ${caption}`}</p>
  `;
}

function captionOf({ title, state }: OnBar): string {
  if (title !== "") return title;
  const preset = shownPreset(state);
  return preset === undefined ? state.panels.map(titleOf).join(" · ") : presetOf(preset).question;
}

function time(state: State, ask: (command: Command) => void): TemplateResult {
  const { t, playing } = state.view;
  const label = trainingLabel(state);
  const playLabel = playing ? msg("Pause the animation") : msg("Play the animation");
  const move = (event: Event) => ask({ kind: "time", t: Number((event.currentTarget as HTMLInputElement).value) });
  return html`
    <div class="time" role="group" aria-label=${msg("Training and time")}>
      <button type="button" class="primary" ?disabled=${label === "done"} @click=${() => ask({ kind: "train" })}>
        ${icon(label === "pause" ? "pause" : "play")}${TRAINING_TITLES[label]}
      </button>
      <button type="button" aria-label=${playLabel} title=${playLabel} @click=${() => ask({ kind: "play" })}>${icon(playing ? "pause" : "play")}</button>
      <input type="range" min="0" max="1" step="0.001" aria-label=${timeSaid(endsAt(state))} .value=${live(String(t))} @input=${move} />
      <output><i>t</i> = ${num(t.toFixed(2))}</output>
    </div>
  `;
}
