// Several runs in one action, and what all of them came to.

import { html, nothing, type TemplateResult } from "lit";
import { keptTable, MEASURED_HOW, tableCells } from "../evidence/kept-results";
import { msg } from "../language";
import { forgetResults } from "../state/kept-results";
import { isTrainable } from "../state/panel";
import { isUnderWay, MOST_RUNS, MOST_SEEDS, seriesOf, seriesText, sweptKnobs, sweptValues } from "../state/series";
import type { State } from "../state/state";
import { say, showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { noticeAt } from "./notice";
import { spoken } from "./spoken";

const FORMATS = [
  ["CSV", "csv"],
  ["JSON", "json"],
  ["LaTeX", "tex"],
  ["Markdown", "md"],
] as const;

/** Beside what starts one seed: the way to several, or how far they are. */
export function seriesButton({ series }: State, actions: Actions): TemplateResult {
  const open = () => actions.change(showDialog({ kind: "series" }));
  return html`
    ${series && isUnderWay(series) ? html`<span class="quiet small">${spoken(seriesText(series), true)}</span>` : nothing}
    <button type="button" title=${msg("Several seeds, a sweep over one knob, and the table of all runs")} @click=${open}>${msg("Several runs …")}</button>
  `;
}

/** The content of the dialog {kind: "series"}. */
export function seriesDialog(state: State, actions: Actions, close: () => void): TemplateResult {
  return html`
    <div class="series">
      <h2 id="dialog-title">${msg("Several runs")}</h2>
      ${state.series && isUnderWay(state.series) ? progress(state, actions) : form(state, actions)}
      ${noticeAt("series", state)} ${resultsTable(state, actions)}
      <div class="row"><button type="button" @click=${close}>${msg("Close")}</button></div>
    </div>
  `;
}

function progress({ series }: State, actions: Actions): TemplateResult | typeof nothing {
  if (series === null) return nothing;
  return html`
    <p role="status">${seriesText(series)}</p>
    <progress max=${series.runs.length} .value=${series.done} aria-label=${msg("Runs done")}></progress>
    <div class="row">
      <button type="button" class="primary" ?disabled=${series.phase === "stopping"} @click=${() => actions.stopSeries()}>${msg("Stop")}</button>
    </div>
    <p class="quiet small">${msg("Keep this tab in sight: nothing trains while nobody sees it. What is finished stays.")}</p>
  `;
}

function form(state: State, actions: Actions): TemplateResult {
  const knobs = sweptKnobs(state.panels);
  const start = (event: SubmitEvent) => {
    event.preventDefault();
    begin(new FormData(event.currentTarget as HTMLFormElement), state, actions);
  };
  const { series } = state;
  return html`
    ${series === null ? nothing : html`<p role="status">${seriesText(series)}</p>`}
    <form @submit=${start}>
      <p class="quiet">${msg("Each run trains all panels to the end of their budgets, one run after the other, from the present settings.")}</p>
      <div class="row">
        <label>${msg("Seeds")} <input name="seeds" type="number" min="1" max=${MOST_SEEDS} value="3" required /></label>
        <label>
          ${msg("Knob")}
          <select name="knob">
            <option value="">${msg("none: seeds alone")}</option>
            ${knobs.map(({ place, title }) => html`<option value=${place}>${title}</option>`)}
          </select>
        </label>
        <label>${msg("Values")} <input name="values" type="text" placeholder="16 32 64" /></label>
        <button type="submit" class="primary" ?disabled=${!state.panels.some(isTrainable)}>${msg("Run")}</button>
      </div>
    </form>
  `;
}

function begin(data: FormData, { panels, setup }: State, actions: Actions): void {
  const [seeds, place] = [Number(data.get("seeds")), String(data.get("knob"))];
  const refuse = (text: string) => actions.change(say({ kind: "error", at: "series", text }));
  const knob = sweptKnobs(panels).find((one) => one.place === place) ?? null;
  const values = knob === null ? [] : sweptValues(place, String(data.get("values")), panels);
  if (typeof values === "string") refuse(values);
  else if (seeds * Math.max(1, values.length) > MOST_RUNS) refuse(msg(`These are more than ${MOST_RUNS} runs.`));
  else {
    actions.change(say(null));
    actions.runSeries(seriesOf(knob, values, seeds, setup.seed));
  }
}

function resultsTable({ results }: State, actions: Actions): TemplateResult {
  if (results.length === 0)
    return html`<p class="quiet small">${msg("No training is finished yet. What is finished is kept in this browser.")}</p>`;
  const { head, rows } = tableCells(keptTable(results));
  const count = results.length === 1 ? msg("1 finished training") : msg(`${results.length} finished trainings`);
  return html`
    <h3>${count}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label=${msg("All runs")}>
      <table class="comparison kept">
        <thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
        <tbody>
          ${rows.map(([title, ...cells]) => html`<tr><th scope="row">${title}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
    <p class="quiet small">${msg(`${MEASURED_HOW} Kept in this browser, with those of other visits.`)}</p>
    <div class="row">
      ${FORMATS.map(([title, format]) => html`<button type="button" @click=${() => actions.take.results(format)}>${title}</button>`)}
      <button type="button" title=${msg("From this browser too")} @click=${() => actions.change(forgetResults())}>${msg("Forget all")}</button>
    </div>
  `;
}
