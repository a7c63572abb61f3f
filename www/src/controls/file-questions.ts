// What a file does not say of itself, asked: which of its columns are meant, and which way its numbers are to be read.

import { html, nothing, type TemplateResult } from "lit";
import { MOST_COLUMNS } from "../experiment/limits";
import type { Reading } from "../experiment/table";
import { msg } from "../language";
import type { Dialog } from "../state/state";
import type { Actions } from "./actions";

type ColumnsDialog = Extract<Dialog, { kind: "columns" }>;
type DoubtDialog = Extract<Dialog, { kind: "doubt" }>;

/** As many columns as a reading is shown with. */
const SHOWN_COLUMNS = 6;

export function doubtForm(
  { question, readings, file }: DoubtDialog,
  actions: Actions,
  close: () => void,
): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = readings[Number(new FormData(event.currentTarget as HTMLFormElement).get("reading"))];
    close();
    if (chosen) actions.read(file.source, file.name, { ...file.options, ...chosen.dialect });
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">${msg("What do these numbers mean?")}</h2>
      <p>${msg(`In ${file.name}, ${question}.`)}</p>
      <div class="readings" role="radiogroup" aria-label=${msg("Meaning")}>${readings.map(readingChoice)}</div>
      <div class="row">
        <button type="submit" class="primary">${msg("Read it so")}</button>
        <button type="button" @click=${close}>${msg("Cancel")}</button>
      </div>
    </form>
  `;
}

function readingChoice(reading: Reading, index: number): TemplateResult {
  const shown = <T>(cells: readonly T[]) => cells.slice(0, SHOWN_COLUMNS);
  return html`
    <label class="choice">
      <input type="radio" name="reading" value=${index} required />${meaningOf(reading)}
    </label>
    <table class="reading">
      <thead><tr>${shown(reading.columns).map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>
        ${reading.rows.map((row) => html`<tr>${shown(row).map((value) => html`<td>${value ?? msg("no number")}</td>`)}</tr>`)}
      </tbody>
    </table>
  `;
}

function meaningOf({ dialect }: Reading): string {
  if (dialect.header !== undefined)
    return dialect.header ? msg("The row names the columns") : msg("The row is a point");
  return dialect.decimal === "," ? msg("The comma is the decimal mark") : msg("The point is the decimal mark");
}

export function columnsForm(dialog: ColumnsDialog, actions: Actions, close: () => void): TemplateResult {
  const { columns, file } = dialog;
  const all = columns.filter(({ numeric }) => numeric).map(({ index }) => index);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const chosen = ["first", "second"].flatMap((field) =>
      form.get(field) === NO_COLUMN ? [] : [Number(form.get(field))],
    );
    const label = form.get("label") ?? "none";
    const observed = form.get("observed") ?? "none";
    const others = all.filter((index) => ![label, observed].includes(String(index)));
    close();
    actions.read(file.source, file.name, {
      ...file.options,
      columns: form.get("which") === "all" ? others : chosen,
      ...(label !== "none" && { label: Number(label) }),
      ...(observed !== "none" && { observed: Number(observed) }),
    });
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">${msg("Which columns?")}</h2>
      <p class="quiet small">${msg(`${file.name} has ${columns.length} columns.`)}</p>
      ${all.length > 2 && all.length <= MOST_COLUMNS ? howMany(all.length, columns.length) : nothing}
      ${twoColumns(columns)} ${labelColumn(columns)} ${observedColumn(columns)}
      <div class="row">
        <button type="submit" class="primary">${msg("Use these columns")}</button>
        <button type="button" @click=${close}>${msg("Cancel")}</button>
      </div>
    </form>
  `;
}

/** Two give the picture itself; points of more coordinates are seen through a plane. */
function howMany(numNumeric: number, numColumns: number): TemplateResult {
  const all =
    numNumeric === numColumns
      ? msg(`All ${numNumeric} columns, seen through a plane`)
      : msg(`All ${numNumeric} columns of numbers, seen through a plane`);
  const choice = (which: string, title: string, checked: boolean) => html`
    <label class="choice">
      <input type="radio" name="which" value=${which} ?checked=${checked} @change=${freeSelects} />${title}
    </label>
  `;
  return html`
    <div role="radiogroup" aria-label=${msg("How many columns")}>
      ${choice("two", msg("Two columns"), true)} ${choice("all", all, false)}
    </div>
  `;
}

/** What is chosen beside a first column that is the only one. */
const NO_COLUMN = "none";

/** The two selects have a say only where two columns are wanted. */
function freeSelects(event: Event): void {
  const { form, value } = event.currentTarget as HTMLInputElement;
  const selects = form?.querySelector<HTMLFieldSetElement>(".columns");
  if (selects) selects.disabled = value !== "two";
}

function twoColumns(columns: ColumnsDialog["columns"]): TemplateResult {
  const numeric = columns.filter((column) => column.numeric);
  const [first, second] = numeric.length >= 1 ? numeric : columns;
  const none = html`<option value=${NO_COLUMN} ?selected=${second === undefined}>${msg("none: one column, seen against time")}</option>`;
  const choice = (label: string, field: string, selected: number | undefined) => html`
    <label class="field">
      <span>${label}</span>
      <select name=${field}>
        ${columns.map(
          ({ index, name, numeric: isNumeric }) => html`
            <option value=${index} ?selected=${index === selected}>${name}${isNumeric ? "" : msg(" (not numbers)")}</option>
          `,
        )}
        ${field === "second" ? none : nothing}
      </select>
    </label>
  `;
  return html`
    <fieldset class="columns" aria-label=${msg("Axes")}>
      ${choice(msg("Horizontal"), "first", first?.index)} ${choice(msg("Vertical"), "second", second?.index)}
    </fieldset>
  `;
}

/** Never guessed: a column of few values may be a number like any other. */
function labelColumn(columns: ColumnsDialog["columns"]): TemplateResult | typeof nothing {
  const possible = columns.filter(({ classes }) => classes !== null);
  if (possible.length === 0) return nothing;
  return html`
    <label class="field">
      <span>${msg("Class of each point")}</span>
      <select name="label">
        <option value="none" selected>${msg("none")}</option>
        ${possible.map(({ index, name, classes }) => html`<option value=${index}>${msg(`${name} (${classes} classes)`)}</option>`)}
      </select>
    </label>
    <p class="quiet small">${msg("With one, a panel's network can be told the class: Options, Condition. The method “Snapshots in time” takes classes that are numbers for times.")}</p>
  `;
}

/** Never guessed either. */
function observedColumn(columns: ColumnsDialog["columns"]): TemplateResult | typeof nothing {
  const possible = columns.filter(({ numeric }) => numeric);
  if (possible.length < 2) return nothing;
  return html`
    <label class="field">
      <span>${msg("Number observed of each point")}</span>
      <select name="observed">
        <option value="none" selected>${msg("none")}</option>
        ${possible.map(({ index, name }) => html`<option value=${index}>${name}</option>`)}
      </select>
    </label>
    <p class="quiet small">${msg("With one, a panel's network can be told the number: Options, Condition.")}</p>
  `;
}
