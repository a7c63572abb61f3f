import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { MOST_COLUMNS } from "../experiment/files";
import type { Dialog, State } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { embedding } from "./embedding";
import { explanation } from "./explanation";
import { pad } from "./pad";
import { taking } from "./taking";

type ColumnsDialog = Extract<Dialog, { kind: "columns" }>;

export function dialogs(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { dialog } = state;
  if (dialog === null) return nothing;
  const close = () => actions.change(showDialog(null));
  return html`
    <dialog ${ref(showModally)} @close=${close} aria-labelledby="dialog-title">
      ${content(dialog, state, actions, close)}
    </dialog>
  `;
}

function content(dialog: Dialog, state: State, actions: Actions, close: () => void): TemplateResult {
  switch (dialog.kind) {
    case "paste":
      return pasteForm(actions, close);
    case "draw":
      return pad(dialog.drawing, actions, close);
    case "method":
      return explanation(dialog.method, close);
    case "take":
      return taking(dialog.slot, dialog.film, state, actions, close);
    case "embed":
      return embedding(dialog, state, actions, close);
    case "columns":
      return columnsForm(dialog, actions, close);
  }
}

function showModally(element: Element | undefined): void {
  const dialog = element as HTMLDialogElement | undefined;
  if (dialog !== undefined && !dialog.open) queueMicrotask(() => dialog.isConnected && dialog.showModal());
}

function pasteForm(actions: Actions, close: () => void): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get("text"));
    close();
    actions.read(text, "pasted points");
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">Paste your points</h2>
      <p class="quiet">Two columns of numbers, one point a line; comma, semicolon, tab or spaces between them.</p>
      <textarea name="text" rows="10" required aria-label="Points" placeholder="x,y&#10;0.5,1.25&#10;-1e-3,+2"></textarea>
      <div class="row">
        <button type="submit" class="primary">Use these points</button>
        <button type="button" @click=${close}>Cancel</button>
      </div>
    </form>
  `;
}

function columnsForm(dialog: ColumnsDialog, actions: Actions, close: () => void): TemplateResult {
  const { columns, name, source } = dialog;
  const all = columns.filter(({ numeric }) => numeric).map(({ index }) => index);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const two = [Number(form.get("first")), Number(form.get("second"))];
    close();
    actions.read(source, name, form.get("which") === "all" ? all : two);
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">Which columns?</h2>
      <p class="quiet small">${name} has ${columns.length} columns.</p>
      ${all.length > 2 && all.length <= MOST_COLUMNS ? howMany(all.length, columns.length) : nothing}
      ${twoColumns(columns)}
      <div class="row">
        <button type="submit" class="primary">Use these columns</button>
        <button type="button" @click=${close}>Cancel</button>
      </div>
    </form>
  `;
}

/** Two give the picture itself; points of more coordinates are seen through a plane. */
function howMany(numNumeric: number, numColumns: number): TemplateResult {
  const all = numNumeric === numColumns ? `All ${numNumeric} columns` : `All ${numNumeric} columns of numbers`;
  const choice = (which: string, title: string, checked: boolean) => html`
    <label class="choice">
      <input type="radio" name="which" value=${which} ?checked=${checked} @change=${freeSelects} />${title}
    </label>
  `;
  return html`
    <div role="radiogroup" aria-label="How many columns">
      ${choice("two", "Two columns", true)} ${choice("all", `${all}, seen through a plane`, false)}
    </div>
  `;
}

/** The two selects have a say only where two columns are wanted. */
function freeSelects(event: Event): void {
  const { form, value } = event.currentTarget as HTMLInputElement;
  const selects = form?.querySelector<HTMLFieldSetElement>(".columns");
  if (selects) selects.disabled = value !== "two";
}

function twoColumns(columns: ColumnsDialog["columns"]): TemplateResult {
  const numeric = columns.filter((column) => column.numeric);
  const [first, second] = numeric.length >= 2 ? numeric : columns;
  const choice = (label: string, field: string, selected: number | undefined) => html`
    <label class="field">
      <span>${label}</span>
      <select name=${field}>
        ${columns.map(
          ({ index, name, numeric: isNumeric }) => html`
            <option value=${index} ?selected=${index === selected}>${name}${isNumeric ? "" : " (not numbers)"}</option>
          `,
        )}
      </select>
    </label>
  `;
  return html`
    <fieldset class="columns" aria-label="Axes">
      ${choice("Horizontal", "first", first?.index)} ${choice("Vertical", "second", second?.index)}
    </fieldset>
  `;
}
