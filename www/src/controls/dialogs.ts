import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Dialog, State } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { comparisonList } from "./compare";
import { costs } from "./costs";
import { embedding } from "./embedding";
import { explanation } from "./explanation";
import { columnsForm, doubtForm } from "./file-questions";
import { modal } from "./modal";
import { pad } from "./pad";
import { restarting } from "./restarting";
import { seriesDialog } from "./series";
import { sheetForm } from "./sheet-question";
import { taking } from "./taking";

export function dialogs(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { dialog } = state;
  if (dialog === null) return nothing;
  const close = () => actions.change(showDialog(null));
  // By Escape. Of one that was taken away it is told late, when another may be there.
  const closed = ({ target }: Event) => {
    if ((target as Element).isConnected) close();
  };
  // Each question of a file, and each other kind, is a dialog of its own: one that was closed is not opened again.
  return html`${keyed(
    "file" in dialog ? dialog.file : dialog.kind,
    html`
      <dialog ${modal()} @close=${closed} aria-labelledby="dialog-title">
        ${content(dialog, state, actions, close)}
      </dialog>
    `,
  )}`;
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
    actions.read(text, "pasted points");
  };
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">Paste your points</h2>
      <p class="quiet">One column of numbers or more, one point a line; comma, semicolon, tab or spaces between them. Or JSON.</p>
      <textarea name="text" rows="10" required aria-label="Points" placeholder="x,y&#10;0.5,1.25&#10;-1e-3,+2"></textarea>
      <div class="row">
        <button type="submit" class="primary">Use these points</button>
        <button type="button" @click=${close}>Cancel</button>
      </div>
    </form>
  `;
}
