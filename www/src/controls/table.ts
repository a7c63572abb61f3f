// The deck's summary table: training, inference, quality, ranked. Nothing is in it that was not measured here.

import { html, nothing, svg, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { SLOT_MARKS } from "../charts/slots";
import { tableCaption } from "../evidence/caption";
import { type Comparison, claimsOf } from "../evidence/claims";
import { type Cell, type Column, type Group, type Ranking, type Row, rankingOf } from "../evidence/columns";
import { EXTRAS, groupsFor } from "../evidence/details";
import type { Line } from "../evidence/line";
import { type Quantity, sharedLine, standingOf } from "../evidence/standing";
import { DECK } from "../experiment/deck";
import { COLUMN_IDS } from "../experiment/measures";
import { methodOf } from "../experiment/methods";
import { inSentence, msg } from "../language";
import { ghostTitle } from "../state/ghost";
import { titleOf } from "../state/panel";
import type { PanelState, Slot, State } from "../state/state";
import { explain, toggleColumn } from "../state/talk";
import type { Actions, Shown } from "./actions";
import { lasting } from "./lasting";
import { spoken } from "./spoken";

const QUANTITY_NAMES: Readonly<Record<Quantity, string>> = {
  seconds: msg("seconds of training"),
  networkEvaluations: msg("network evaluations"),
  secondsToLine: msg("seconds to equal quality"),
  evaluationsToLine: msg("network evaluations to equal quality"),
  nfe: msg("NFE needed"),
  nll: "NLL",
  kl: "KL",
  slicedW2: msg("sliced W₂²"),
};

const ASKED = msg(
  "On held-out pictures, by Hutchinson's estimate: on few first, then on more. Everything else goes on meanwhile; other weights end it.",
);

interface RankedGroup extends Group {
  ranking: Ranking | null;
}

export function table(state: State, actions: Actions): TemplateResult {
  const rows = state.panels.map((panel) => ({ panel, standing: standingOf(panel, state) }));
  const groups = groupsFor(state).map((group) => ({ ...group, ranking: rankingOf(group, rows) }));
  const columns = groups.flatMap((group) => group.columns);
  const line = sharedLine(state);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${msg("Comparison")}>
      <table class="comparison">
        ${head(groups, state, actions)}
        <tbody>
          ${repeat(
            rows,
            ({ panel }) => panel.slot,
            (row, i) => bodyRow(row, i, groups, { state, actions }),
          )}
          ${state.panels.map(({ ghost }) => (ghost === null ? nothing : ghostRow(ghost, groups, state)))}
        </tbody>
      </table>
    </div>
    ${columnSwitches(state, actions)} ${meaningOf(columns, state.explained)} ${claims(rows, line)}
    <p class="quiet small">${tableCaption(rows, state.setup, columns, line)} ${ranksNote(groups)}</p>
  `;
}

function columnSwitches({ columns }: State, actions: Actions): TemplateResult {
  return html`
    <fieldset class="columns">
      <legend class="quiet">${msg("More columns, measured when training rests")}</legend>
      ${COLUMN_IDS.map(
        (id) => html`
          <label title=${EXTRAS[id].meaning}>
            <input type="checkbox" name=${id} .checked=${columns.includes(id)} @change=${() => actions.change(toggleColumn(id))} />
            ${EXTRAS[id].title}
          </label>
        `,
      )}
    </fieldset>
  `;
}

function head(groups: readonly RankedGroup[], state: State, actions: Actions): TemplateResult {
  return html`
    <thead>
      <tr>
        <th rowspan="2" scope="col">${msg("method")}</th>
        ${groups.map(({ title, columns }) => html`<th scope="colgroup" class="group" colspan=${columns.length + 1}>${title}</th>`)}
      </tr>
      <tr>
        ${groups.map(
          ({ title, columns }) => html`
            <th scope="col" class="group" aria-label=${msg(`rank in ${inSentence(title)}`)}>${msg("rank")}</th>
            ${columns.map((column) => columnHead(column, state, actions))}
          `,
        )}
      </tr>
    </thead>
  `;
}

/** What is explained below the table is named so that no layer or knob has the name too. */
function idOf({ title }: Column): string {
  return `column:${title}`;
}

function columnHead(column: Column, { explained }: State, actions: Actions): TemplateResult {
  const id = idOf(column);
  return html`
    <th scope="col">
      <button
        type="button"
        class="term"
        title=${column.meaning}
        aria-expanded=${explained === id}
        @click=${() => actions.change(explain(id))}
      >
        ${column.title}
      </button>
    </th>
  `;
}

/** Not ranked: it is of the past. */
function ghostRow(ghost: PanelState, groups: readonly RankedGroup[], state: State): TemplateResult {
  const row = { panel: ghost, standing: standingOf(ghost, state) };
  return html`
    <tr class="ghost">
      <th scope="row"><div>${slotKey(ghost.slot)}<span>${ghostTitle(ghost)}</span></div></th>
      ${groups.map(
        ({ columns }) => html`
          <td class="group">${rankBadge(null)}</td>
          ${columns.map(({ title, cell }) => html`<td data-column=${title}>${cellContent(cell(row, state.setup))}</td>`)}
        `,
      )}
    </tr>
  `;
}

function bodyRow(row: Row, i: number, groups: readonly RankedGroup[], { state, actions }: Shown): TemplateResult {
  const { panel, standing } = row;
  const shown = (cell: Cell) =>
    html`${cellContent(cell)} ${cell.asked ? asked(panel.slot, cell.asked, actions) : nothing}`;
  const seeds = standing.seeds > 1 ? html`<span class="seeds">${msg(`${standing.seeds} seeds`)}</span>` : nothing;
  return html`
    <tr data-slot=${panel.slot}>
      <th scope="row"><div>${slotKey(panel.slot)}<span>${titleOf(panel)} ${seeds}</span></div></th>
      ${groups.map(
        ({ columns, ranking }) => html`
          <td class="group">${rankBadge(ranking?.ranks[i] ?? null)}</td>
          ${columns.map(({ title, cell }) => html`<td data-column=${title}>${shown(cell(row, state.setup))}</td>`)}
        `,
      )}
    </tr>
  `;
}

function rankBadge(rank: number | null): TemplateResult {
  if (rank === null) return html`<span class="absent">–</span>`;
  return html`<span class="rank" data-rank=${rank}>${rank}</span>`;
}

function cellContent(cell: Cell): TemplateResult {
  if ("absent" in cell) return html`<span class="absent" title=${cell.why ?? nothing}>${cell.absent}</span>`;
  // What does not fit beside the number goes below it, each part of it whole.
  const [error = "", ...inBrackets] = cell.aside.split(/(?= \()/);
  const below = inBrackets.map((part) => html` <span class="aside">${part.trim()}</span>`);
  return html`<span class="number">${cell.text}<span class="aside">${error}</span></span>${below}`;
}

/** What takes long to measure: what it takes here, and how far it is. */
function asked(slot: Slot, { seconds, share }: NonNullable<Cell["asked"]>, actions: Actions): TemplateResult {
  if (share !== null) {
    return html`
      <span class="asked">
        <progress max="1" .value=${share} aria-label=${msg("Likelihood measured")}></progress>
        <button type="button" @click=${() => actions.stopLikelihood(slot)}>${msg("Stop")}</button>
      </span>
    `;
  }
  return html`
    <span class="asked">
      <button type="button" title=${ASKED} @click=${() => actions.measureLikelihood(slot)}>
        ${msg(`Measure: about ${lasting(seconds ?? 0)}`)}
      </button>
    </span>
  `;
}

/** A panel's letter, color, dash and symbol, as the charts draw it. */
export function slotKey(slot: Slot): TemplateResult {
  const { letter, color, dash, symbol } = SLOT_MARKS[slot];
  return html`
    <span class="slot-key" .style=${`--slot: ${color}`}>
      <b>${letter}</b>
      <svg viewBox="0 0 30 12" width="30" height="12" aria-hidden="true">
        <path class="dash" d="M0 6H30" stroke-dasharray=${dash}></path>
        ${svg`<path d=${SYMBOLS[symbol]}></path>`}
      </svg>
    </span>
  `;
}

/** Of the charts' symbols, about (15, 6). */
const SYMBOLS = {
  circle: "M11 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  square: "M11.5 2.5h7v7h-7z",
  triangle: "M15 1l5 8.7h-10z",
  diamond: "M15 0.5l3.6 5.5-3.6 5.5-3.6-5.5z",
} as const;

function meaningOf(columns: readonly Column[], explained: string | null): TemplateResult | typeof nothing {
  const column = columns.find((one) => idOf(one) === explained);
  if (column === undefined) return nothing;
  return html`<p class="meaning"><b>${column.title}</b>: ${spoken(column.meaning, true)}</p>`;
}

const VERDICTS: Readonly<Record<Comparison["verdict"], string>> = {
  agrees: msg("It agrees."),
  differs: msg("It does not agree."),
  open: msg("That decides neither way."),
};

function claims(rows: readonly Row[], line: Line | null): TemplateResult | typeof nothing {
  const judged = rows.map(({ panel, standing }) => ({
    title: titleOf(panel),
    group: methodOf(panel.method).group,
    standing,
  }));
  const found = claimsOf(judged, Math.max(...rows.map(({ panel }) => panel.dim)), line);
  if (found.length === 0) return nothing;
  return html`
    <p class="quiet small">${msg(`The deck: ${DECK}.`)}</p>
    <ul class="claims">
      ${found.map(
        ({ claim, here, verdict }) => html`
          <li data-verdict=${verdict}>
            <span class="quiet">${msg(`The deck: ${claim}`)}</span> ${msg(`Here: ${here}`)} <b>${VERDICTS[verdict]}</b>
          </li>
        `,
      )}
    </ul>
  `;
}

function ranksNote(groups: readonly RankedGroup[]): string {
  const by = groups.flatMap(({ title, ranking }) =>
    ranking === null ? [] : [msg(`${inSentence(title)} by ${QUANTITY_NAMES[ranking.quantity]}`)],
  );
  if (by.length === 0) return "";
  return msg(
    `Ranks: ${by.join(", ")}; what chance alone would turn round more often than once in twenty (Student's t over seeds) shares a rank.`,
  );
}
