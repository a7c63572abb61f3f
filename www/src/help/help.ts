// What is behind "?": the tour, the keys, and where to read on.
import { html, type TemplateResult } from "lit";
import type { Around } from "../controls/actions";
import { icon } from "../controls/icons";
import { keepText, keptText, SHORTCUTS } from "../kept-text";
import { msg } from "../language";
import { addSheet } from "../late-sheet";
import { openOwnDialog } from "../own-dialog";
import { PRESENT_KEYS } from "../present/keys";
import type { Page } from "../stand-in";
import css from "./help.css?inline";
import { listenForShortcuts, SHORTCUT_KEYS, stopShortcuts } from "./shortcuts";

type Keys = readonly (readonly [keys: string, does: string])[];

const STAGE_KEYS: Keys = [
  [msg("Enter"), msg("inspect a point")],
  ["← → ↑ ↓", msg("move it")],
  ["Esc", msg("leave it")],
  [msg("+ and −"), msg("nearer, farther")],
  [msg("Shift with ← → ↑ ↓"), msg("look elsewhere")],
  ["0", msg("see all")],
];

export function openHelp(page: Page, ask: (what: Around) => unknown): void {
  addSheet(css);
  const dialog = openOwnDialog(page.host, "help");
  const close = () => dialog.close();
  const tour = () => {
    close();
    ask("tour");
  };
  const toggle = (event: Event) => {
    const isOn = (event.currentTarget as HTMLInputElement).checked;
    keepText(SHORTCUTS, isOn ? "on" : "off");
    if (isOn) listenForShortcuts(page, ask);
    else stopShortcuts();
  };
  dialog.draw(html`
    <div class="row">
      <h2 id="help-title">${msg("Help")}</h2>
      <button type="button" class="plain" aria-label=${msg("Close")} title=${msg("Close")} @click=${close}>${icon("close")}</button>
    </div>
    <div class="row">
      <button type="button" class="primary" @click=${tour}>${msg("Take the tour")}</button>
      <p class="small quiet">${msg("Five stops on this screen. Your page is as it was when you leave.")}</p>
    </div>
    <p>
      ${msg(html`Read on: <a href="./lessons/index.html">lessons</a> with live figures, <a href="./docs/index.html">guides</a> to teach, embed and extend.`)}
    </p>
    <div class="tables">
      ${keys(msg("On a stage that has the focus"), STAGE_KEYS)} ${keys(msg("While presenting"), PRESENT_KEYS)}
      ${keys(msg("On this page, if you want them"), SHORTCUT_KEYS)}
    </div>
    <label><input type="checkbox" .checked=${keptText(SHORTCUTS) === "on"} @change=${toggle} /> ${msg("Single keys work on this page")}</label>
  `);
}

function keys(title: string, list: Keys): TemplateResult {
  return html`
    <section>
      <h3>${title}</h3>
      <dl>${list.map(([key, does]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`)}</dl>
    </section>
  `;
}
