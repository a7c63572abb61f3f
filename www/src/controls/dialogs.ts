// Dialogs over the page. What stands in them comes when the first is opened.

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { msg } from "../language";
import { Late } from "../late";
import type { State } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { modal } from "./modal";

const contents = new Late(() => import("./dialog-contents"));

export function dialogs(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { dialog } = state;
  if (dialog === null) return nothing;
  const close = () => actions.change(showDialog(null));
  // By Escape. Of one that was taken away it is told late, when another may be there.
  const closed = ({ target }: Event) => {
    if ((target as Element).isConnected) close();
  };
  const code = contents.want(() => actions.change((now) => now));
  if (code === null)
    return html`${keyed(contents, html`<dialog class="coming" ${modal()} @close=${closed}>${coming(close)}</dialog>`)}`;
  // Each question of a file, and each other kind, is a dialog of its own: one that was closed is not opened again.
  return html`${keyed(
    "file" in dialog ? dialog.file : dialog.kind,
    html`
      <dialog ${modal()} @close=${closed} aria-labelledby="dialog-title">
        ${code.contentOf(dialog, state, actions, close)}
      </dialog>
    `,
  )}`;
}

/** Seen where the network is slow. */
function coming(close: () => void): TemplateResult {
  const text = contents.hasFailed
    ? msg("This part of the page could not be fetched. It is asked for again in a few seconds.")
    : msg("Loading …");
  return html`
    <p role="status">${text}</p>
    <div class="row"><button type="button" @click=${close}>${msg("Close")}</button></div>
  `;
}
