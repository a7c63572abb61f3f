// What a reader pastes into a page of their own.

import { html, type TemplateResult } from "lit";
import { msg } from "../language";
import { fitsLink, TOO_MANY_FOR_LINK } from "../link/late-points";
import { elementSnippet, frameSnippet } from "../link/snippets";
import { embeddedShared, sharedOf } from "../state/shared";
import type { Embedding, State } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { noticeAt } from "./notice";

const HEIGHTS = { some: 640, whole: 1800 };

/** The content of the dialog {kind: "embed"}. */
export function embedding(asked: Embedding, state: State, actions: Actions, close: () => void): TemplateResult {
  const snippet = snippetOf(asked, state);
  const set = (part: Partial<Embedding>) => actions.change(showDialog({ kind: "embed", ...asked, ...part }));
  const choice = (name: string, title: string, checked: boolean, choose: () => void) => html`
    <label class="choice"><input type="radio" name=${name} .checked=${checked} @change=${choose} />${title}</label>
  `;
  return html`
    <div class="embedding">
      <h2 id="dialog-title">${msg("Embed this")}</h2>
      <div role="radiogroup" aria-label=${msg("As what")}>
        ${choice("as", msg("An element, for pages with scripts of their own"), asked.as === "element", () => set({ as: "element" }))}
        ${choice("as", msg("A frame, for hosts that allow no script"), asked.as === "frame", () => set({ as: "frame" }))}
      </div>
      <div role="radiogroup" aria-label=${msg("How much")}>
        ${choice("whole", msg("The stages, with what plays and trains them"), !asked.whole, () => set({ whole: false }))}
        ${choice("whole", msg("Everything on this page"), asked.whole, () => set({ whole: true }))}
      </div>
      <label class="choice">
        <input
          type="checkbox"
          .checked=${asked.autoplay || asked.as === "frame"}
          ?disabled=${asked.as === "frame"}
          @change=${(event: Event) => set({ autoplay: (event.currentTarget as HTMLInputElement).checked })}
        />${msg("Runs when it is seen, rather than when it is pressed")}
      </label>
      ${
        snippet === null
          ? html`<p class="notice error" role="alert">${TOO_MANY_FOR_LINK}</p>`
          : html`<textarea readonly rows="6" aria-label=${msg("To be pasted")} spellcheck="false" .value=${snippet}></textarea>`
      }
      ${noticeAt("link", state)}
      <div class="row">
        <button type="button" class="primary" ?disabled=${snippet === null} @click=${() => actions.take.copy(snippet ?? "", msg("Copied: paste it into your page."))}>${msg("Copy")}</button>
        <button type="button" @click=${close}>${msg("Close")}</button>
        <a href="${siteOf(state)}${msg("docs/embed.html")}" target="_blank" rel="noopener">${msg("How to embed")}</a>
      </div>
    </div>
  `;
}

function siteOf({ site }: State): string {
  return site ?? new URL("./", location.href).href;
}

/** Pages that embed it must not change with the site: where this version has a folder of its own, that is meant. */
function placeOf(state: State): string {
  const site = siteOf(state);
  const folder = import.meta.env.VITE_VERSION_FOLDER;
  return !folder || site.endsWith(`/${folder}`) ? site : new URL(folder, site).href;
}

/** Null where the points are too many. */
function snippetOf({ as, whole, autoplay }: Embedding, state: State): string | null {
  const { hidden } = whole ? { hidden: [] } : embeddedShared();
  const shared = { ...sharedOf(state), hidden };
  if (shared.user !== null && !fitsLink(shared.user)) return null;
  const height = whole ? HEIGHTS.whole : HEIGHTS.some;
  const placing = { site: placeOf(state), height, autoplay };
  return as === "element" ? elementSnippet(shared, placing) : frameSnippet(shared, placing);
}
