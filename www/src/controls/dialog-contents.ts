// What stands in each dialog; fetched when the first is opened.

import { html, type TemplateResult } from "lit";
import { msg } from "../language";
import type { Dialog, State } from "../state/state";
import type { Actions } from "./actions";
import { comparisonList } from "./compare";
import { costs } from "./costs";
import { embedding } from "./embedding";
import { explanation } from "./explanation";
import { columnsForm, doubtForm } from "./file-questions";
import { pad } from "./pad";
import { restarting } from "./restarting";
import { seriesDialog } from "./series";
import { sheetForm } from "./sheet-question";
import { taking } from "./taking";

export function contentOf(dialog: Dialog, state: State, actions: Actions, close: () => void): TemplateResult {
  switch (dialog.kind) {
    case "paste":
      return pasteForm(actions, close);
    case "draw":
      return pad(state.drawing, actions, close);
    case "method":
      return explanation(dialog.method, close);
    case "take":
      return taking(dialog.slot, dialog.film, state, actions, close);
    case "embed":
      return embedding(dialog, state, actions, close);
    case "columns":
      return columnsForm(dialog, actions, close);
    case "comparisons":
      return comparisonList(state, actions, close);
    case "series":
      return seriesDialog(state, actions, close);
    case "cost":
      return costs(state, actions, close);
    case "restart":
      return restarting(dialog, state, actions, close);
    case "doubt":
      return doubtForm(dialog, actions, close);
    case "sheet":
      return sheetForm(dialog, actions, close);
  }
}

function pasteForm(actions: Actions, close: () => void): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get("text"));
    close();
    actions.read(text, msg("pasted points"));
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">${msg("Paste your points")}</h2>
      <p class="quiet">${msg("One column of numbers or more, one point a line; comma, semicolon, tab or spaces between them. Or JSON.")}</p>
      <textarea name="text" rows="10" required aria-label=${msg("Points")} placeholder="x,y&#10;0.5,1.25&#10;-1e-3,+2"></textarea>
      <div class="row">
        <button type="submit" class="primary">${msg("Use these points")}</button>
        <button type="button" @click=${close}>${msg("Cancel")}</button>
      </div>
    </form>
  `;
}
