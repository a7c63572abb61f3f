import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { type Dialog, type State, showDialog } from "../state";
import type { Actions } from "./actions";

export function dialogs({ dialog }: State, actions: Actions): TemplateResult | typeof nothing {
  if (dialog === null) return nothing;
  const close = () => actions.change(showDialog(null));
  return html`
    <dialog ${ref(showModally)} @close=${close} aria-labelledby="dialog-title">
      ${dialog.kind === "paste" ? pasteForm(actions, close) : columnsForm(dialog, actions, close)}
    </dialog>
  `;
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

function columnsForm(
  dialog: Extract<Dialog, { kind: "columns" }>,
  actions: Actions,
  close: () => void,
): TemplateResult {
  const { columns, name, source } = dialog;
  const numeric = columns.filter((column) => column.numeric);
  const preset = numeric.length >= 2 ? numeric : columns;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    close();
    actions.read(source, name, [Number(form.get("first")), Number(form.get("second"))]);
  };
  const choice = (label: string, field: string, selected: number | undefined) => html`
    <label class="field">
      <span>${label}</span>
      <select name=${field}>
        ${columns.map(
          ({ index, name: title, numeric: isNumeric }) => html`
            <option value=${index} ?selected=${index === selected}>${title}${isNumeric ? "" : " (not numbers)"}</option>
          `,
        )}
      </select>
    </label>
  `;
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">Which two columns?</h2>
      <p class="quiet">${name} has ${columns.length} columns; the playground shows points of two coordinates.</p>
      ${choice("Horizontal", "first", preset[0]?.index)} ${choice("Vertical", "second", preset[1]?.index)}
      <div class="row">
        <button type="submit" class="primary">Use these columns</button>
        <button type="button" @click=${close}>Cancel</button>
      </div>
    </form>
  `;
}
