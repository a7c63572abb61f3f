// The page's title, and what is done with all of it: shared, looked at in light or dark.
import { html, nothing, type TemplateResult } from "lit";
import { type Dialog, type Part, type State, THEMES, type Theme } from "../state/state";
import { setTheme, showDialog } from "../state/talk";
import type { Actions } from "./actions";
import { icon } from "./icons";
import { noticeAt } from "./notice";

const EMBED: Dialog = { kind: "embed", as: "element", whole: false, autoplay: false };

const THEME_TITLES: Record<Theme, string> = { auto: "Light or dark", light: "Light", dark: "Dark" };

export function masthead(state: State, actions: Actions): TemplateResult | typeof nothing {
  const shows = (part: Part) => !state.hidden.includes(part);
  if (!shows("title") && !shows("share")) return noticeAt("link", state);
  return html`
    <header class="masthead">
      ${shows("title") ? title() : nothing} ${shows("share") ? sharing(state, actions) : nothing}
    </header>
    ${noticeAt("link", state)}
  `;
}

/** Below what is embedded: the way to all of it. Its address is made when it is about to be followed. */
export function wayOut({ site }: State, actions: Actions): TemplateResult | typeof nothing {
  if (!site) return nothing;
  const aim = (event: Event) => {
    (event.currentTarget as HTMLAnchorElement).href = actions.take.link() ?? site;
  };
  return html`
    <p class="way-out">
      <a href=${site} target="_blank" rel="noopener" @focus=${aim} @pointerenter=${aim} @pointerdown=${aim}>Open in Flow Playground</a>
    </p>
  `;
}

function title(): TemplateResult {
  return html`
    <h1>Flow Playground</h1>
    <p translate="yes">
      Ways to learn a <em>velocity field</em> that carries noise to data, side by side: same data, same noise, trained in
      this tab.
    </p>
  `;
}

/** What leads back to the site. */
function sharingOf(actions: Actions): TemplateResult {
  return html`
    <button type="button" title="A link to all of this as it is now: data, settings, training, view" @click=${() => actions.take.copyLink()}>
      ${icon("link")}Copy link
    </button>
    <button type="button" title="What to paste into a page of your own" @click=${() => actions.change(showDialog(EMBED))}>
      ${icon("embed")}Embed
    </button>
  `;
}

function sharing({ theme, site }: State, actions: Actions): TemplateResult {
  const choose = (event: Event) => {
    actions.change(setTheme((event.currentTarget as HTMLSelectElement).value as Theme));
  };
  return html`
    <div class="share" role="group" aria-label="Share and keep">
      ${site === "" ? nothing : sharingOf(actions)}
      <button type="button" title="A handout: five times, captions, a code that leads back here" @click=${() => actions.take.print()}>
        ${icon("print")}Print this
      </button>
      ${
        site === ""
          ? nothing
          : html`<a class="button" href="${site ?? "./"}lessons/index.html" title="Lessons with live figures and exercises">${icon("lesson")}Lessons</a>`
      }
      <select aria-label="Light or dark" @change=${choose}>
        ${THEMES.map((one) => html`<option value=${one} .selected=${one === theme}>${THEME_TITLES[one]}</option>`)}
      </select>
    </div>
  `;
}
