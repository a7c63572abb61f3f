// The settings, in a drawer: over the stages for a while, or pinned beside them.

import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { msg } from "../language";
import { arrange, drawerOf } from "../state/room";
import type { State } from "../state/state";
import type { Actions } from "./actions";
import { icon } from "./icons";
import { settingsCode } from "./settings";

/** Opens it and closes it; the focus comes back here. */
export function drawerButton(state: State, actions: Actions): TemplateResult {
  const isOpen = drawerOf(state) !== "closed";
  return html`
    <button type="button" class="to-settings" title=${msg("Data, sampler, network, engine")} aria-expanded=${isOpen} @pointerenter=${() => settingsCode.want()} @click=${() => actions.change(arrange({ drawer: isOpen ? "closed" : "open" }))}>
      ${icon("settings")}<span class="word">${msg("Settings")}</span>
    </button>
  `;
}

/** Whoever opened it is in it; a pinned one that was there all the time asks for nobody. */
function entered(element: Element | undefined): void {
  if (element instanceof HTMLElement && element.dataset.drawer === "open") queueMicrotask(() => element.focus());
}

export function drawer(state: State, actions: Actions, settings: unknown): TemplateResult | typeof nothing {
  const now = drawerOf(state);
  if (now === "closed") return nothing;
  const close = (event: Event) => {
    const root = (event.currentTarget as Element).getRootNode() as Document | ShadowRoot;
    root.querySelector<HTMLElement>(".to-settings")?.focus();
    actions.change(arrange({ drawer: "closed" }));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && now === "open") close(event);
  };
  // Over the stages it must not lie on what has the focus. Of nothing in particular, as of a file's dialog, it stays.
  const leave = ({ relatedTarget: to, currentTarget: from }: FocusEvent) => {
    if (now !== "open" || !(to instanceof Element) || (from as Element).contains(to)) return;
    if (to.closest("dialog, .to-settings") === null) actions.change(arrange({ drawer: "closed" }));
  };
  return html`
    <aside class="setup" aria-label=${msg("Settings")} tabindex="-1" data-drawer=${now} @keydown=${onKey} @focusout=${leave} ${ref(entered)}>
      ${state.site === null ? head(now === "pinned", actions, close) : nothing} ${settings}
    </aside>
  `;
}

function head(isPinned: boolean, actions: Actions, close: (event: Event) => void): TemplateResult {
  const title = isPinned
    ? msg("Not beside the stages any more")
    : msg("Stays beside the stages, at the next visit too");
  return html`
    <div class="head">
      <h2>${msg("Settings")}</h2>
      <button type="button" class="plain" aria-pressed=${isPinned} title=${title} @click=${() => actions.change(arrange({ drawer: isPinned ? "open" : "pinned" }))}>
        ${icon("pin")}${msg("Pin")}
      </button>
      <button type="button" class="plain" aria-label=${msg("Close the settings")} title=${msg("Close the settings")} @click=${close}>${icon("close")}</button>
    </div>
  `;
}
