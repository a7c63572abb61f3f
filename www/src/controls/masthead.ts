// The page's title, and what is done with all of it: shared, looked at in light or dark.
import { html, nothing, type TemplateResult } from "lit";
import { msg } from "../language";
import { TOO_MANY_FOR_LINK } from "../link/late-points";
import { endsAt } from "../state/panel";
import { isSaidUnseen } from "../state/room";
import { type Dialog, type Part, type State, THEMES, type Theme } from "../state/state";
import { setTheme, showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { drawerButton } from "./drawer";
import { icon } from "./icons";
import { languageLinks } from "./languages";
import { noticeAt } from "./notice";

const EMBED: Dialog = { kind: "embed", as: "element", whole: false, autoplay: false };

const THEME_TITLES: Record<Theme, string> = {
  auto: msg("◐ Light or dark"),
  light: msg("○ Light"),
  dark: msg("● Dark"),
};

/** With the comparisons, which others look after. */
export function masthead(state: State, actions: Actions, comparisons: unknown): TemplateResult {
  const shows = (part: Part) => !state.hidden.includes(part);
  const isSet = state.site === null && (["data", "knobs", "engine"] as const).some(shows);
  const notices = html`${noticeAt("link", state)} ${isSaidUnseen(state) ? noticeAt(state.notice?.at ?? "", state) : nothing}`;
  if (!isSet && !(["title", "share", "comparisons"] as const).some(shows)) return notices;
  return html`
    <header class="masthead">
      ${shows("title") ? html`<h1>Flow Playground</h1>` : nothing} ${comparisons}
      ${isSet ? drawerButton(state, actions) : nothing} ${shows("share") ? sharing(state, actions) : nothing}
    </header>
    ${notices} ${offerOf(state, actions)}
  `;
}

/** Where a link is too long there is a file. */
function offerOf({ notice }: State, actions: Actions): TemplateResult | typeof nothing {
  if (notice?.text !== TOO_MANY_FOR_LINK) return nothing;
  return html`<p><button type="button" class="primary" @click=${() => actions.take.keep()}>${msg("Save as a file")}</button></p>`;
}

/** Below what is embedded: the way to all of it. Its address is made when it is about to be followed. */
export function wayOut({ site }: State, actions: Actions): TemplateResult | typeof nothing {
  if (!site) return nothing;
  const aim = (event: Event) => {
    (event.currentTarget as HTMLAnchorElement).href = actions.take.link() ?? site;
  };
  return html`
    <p class="way-out">
      <a href=${site} target="_blank" rel="noopener" @focus=${aim} @pointerenter=${aim} @pointerdown=${aim}>${msg("Open in Flow Playground")}</a>
    </p>
  `;
}

/** What all of this is, for whoever reads on. */
export function sentence(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { hidden, site } = state;
  if (hidden.includes("title")) return nothing;
  return html`
    <p class="sentence" translate="yes">
      ${
        endsAt(state) === "snapshots"
          ? msg(html`A <em>velocity field</em> that carries each snapshot to the next, trained in this tab.`)
          : msg(html`Ways to learn a <em>velocity field</em> that carries noise to data, side by side: same data, same noise, trained in
      this tab.`)
      }
      ${site === null ? languageLinks(() => actions.take.link()) : nothing}
    </p>
  `;
}

/** What leads back to the site. */
function sharingOf(actions: Actions): TemplateResult {
  return html`
    <button type="button" title=${msg("A link to all of this as it is now: data, settings, training, view")} @click=${() => actions.take.copyLink()}>
      ${icon("link")}<span class="word">${msg("Copy link")}</span>
    </button>
    <button type="button" title=${msg("What to paste into a page of your own")} @click=${() => actions.change(showDialog(EMBED))}>
      ${icon("embed")}<span class="word">${msg("Embed")}</span>
    </button>
  `;
}

/** What the page has around its playground. */
function around({ offersTour }: State, { ask }: Actions): TemplateResult | typeof nothing {
  if (ask === null) return nothing;
  return html`
    ${
      offersTour
        ? html`<button type="button" class="offer" title=${msg("New here? Five stops on this screen")} @click=${() => ask("tour")}>${msg("Tour")}</button>`
        : nothing
    }
    <button type="button" class="to-present" aria-haspopup="dialog" title=${msg("The stages as large as the screen, and slides")} @click=${() => ask("present")}>
      ${icon("present")}<span class="word">${msg("Present")}</span>
    </button>
    <button type="button" class="to-help" aria-haspopup="dialog" aria-label=${msg("Help")} title=${msg("Help: a tour, keys, guides")} @click=${() => ask("help")}>?</button>
  `;
}

function sharing(state: State, actions: Actions): TemplateResult {
  const { theme, site } = state;
  const choose = (event: Event) => {
    actions.change(setTheme((event.currentTarget as HTMLSelectElement).value as Theme));
  };
  return html`
    <div class="share" role="group" aria-label=${msg("Share and keep")}>
      ${site === "" ? nothing : sharingOf(actions)}
      <button type="button" title=${msg("One file with all of this: settings, points, weights, training, view. Open it here again, or drop it on the page.")} @click=${() => actions.take.keep()}>
        ${icon("download")}<span class="word">${msg("Save")}</span>
      </button>
      <button type="button" title=${msg("A handout: five times, captions, a code that leads back here")} @click=${() => actions.take.print()}>
        ${icon("print")}<span class="word">${msg("Print this")}</span>
      </button>
      ${
        site === ""
          ? nothing
          : html`<a class="button" href="${site ?? "./"}lessons/index.html" title=${msg("Lessons with live figures and exercises")}>${icon("lesson")}<span class="word">${msg("Lessons")}</span></a>`
      }
      <select aria-label=${msg("Light or dark")} @change=${choose}>
        ${THEMES.map((one) => html`<option value=${one} .selected=${one === theme}>${THEME_TITLES[one]}</option>`)}
      </select>
      ${around(state, actions)}
    </div>
  `;
}
