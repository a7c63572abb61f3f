// The tour: five stops beside a playground of its own, in the page's place. The page is as it was when the tour ends.

import { html, nothing, render } from "lit";
import { icon } from "../controls/icons";
import { msg } from "../language";
import { addSheet } from "../late-sheet";
import { type Page, StandIn } from "../stand-in";
import { BARE_ROOM } from "../state/room";
import { defaultShared, sharedOf } from "../state/shared";
import type { State } from "../state/state";
import { hasBegun, look, STOPS, seenAsIn } from "./stops";
import css from "./tour.css?inline";

/** There is one at a time. */
let under: Tour | undefined;

/** At one of its stops, counted from 1. */
export function openTour(page: Page, stop: number): void {
  addSheet(css);
  under ??= new Tour(page);
  under.goTo(Math.min(STOPS.length, Math.max(1, Math.round(stop))) - 1);
}

class Tour {
  readonly #page: Page;
  readonly #playground: StandIn;
  readonly #card = document.createElement("aside");
  readonly #life = new AbortController();
  readonly #top = scrollY;
  /** what the stops before this one looked like when they were left */
  readonly #left: State[] = [];
  /** whether the stop has been scrolled to */
  #isShown = false;

  constructor(page: Page) {
    this.#page = page;
    const { theme } = page.mounted.state;
    page.host.hidden = true;
    document.documentElement.classList.add("touring");
    this.#card.className = "tour";
    this.#card.setAttribute("aria-label", msg("Tour"));
    this.#playground = new StandIn(page, {
      shared: { ...defaultShared(), theme },
      room: BARE_ROOM,
      onState: () => this.#draw(),
    });
    this.#playground.mounted.change(look(STOPS[0] as (typeof STOPS)[number], moves()));
    this.#playground.host.before(this.#card);
    const { signal } = this.#life;
    this.#card.addEventListener("keydown", (event) => event.key === "Escape" && this.leave(), { signal });
    // Back in the browser leads elsewhere, and out of here.
    addEventListener("popstate", () => this.leave(), { signal });
  }

  get #at(): number {
    return this.#left.length;
  }

  goTo(at: number): void {
    while (this.#at < at) this.#next();
    while (this.#at > at) this.#back();
    history.replaceState(history.state, "", addressAt(at + 1));
    this.#playground.host.dataset.stop = String(at + 1);
    this.#draw();
    this.#card.scrollTop = 0;
    this.#card.querySelector("h2")?.focus({ preventScroll: true });
    this.#isShown = false;
    this.#showOnce();
  }

  leave(): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    under = undefined;
    this.#playground.dispose();
    this.#card.remove();
    document.documentElement.classList.remove("touring");
    this.#page.host.hidden = false;
    if (new URL(location.href).searchParams.has("tour")) history.replaceState(history.state, "", addressAt(null));
    scrollTo({ top: this.#top, behavior: "instant" });
    this.#page.host.querySelector<HTMLElement>(".to-help")?.focus({ preventScroll: true });
  }

  #next(): void {
    const { mounted } = this.#playground;
    this.#left.push(mounted.state);
    const stop = STOPS[this.#at];
    if (stop !== undefined) mounted.change(look(stop, moves()));
  }

  /** What a stop did to the view is undone; and a training that was begun there. */
  #back(): void {
    const { mounted } = this.#playground;
    const before = this.#left.pop();
    if (before === undefined) return;
    if (hasBegun(mounted.state) && !hasBegun(before)) mounted.show(sharedOf(before));
    mounted.change(seenAsIn(before));
  }

  /** What stands below the stages comes later, and may move while it does. */
  #showOnce(): void {
    if (this.#isShown || !this.#show()) return;
    this.#isShown = true;
    const at = this.#at;
    setTimeout(() => at === this.#at && !this.#life.signal.aborted && this.#show(), SETTLED_MS);
  }

  /** Whether what is spoken of is there to be seen. */
  #show(): boolean {
    const { host } = this.#playground;
    const shown = host.querySelector(STOPS[this.#at]?.shows ?? "");
    if (this.#at < FIRST_BELOW) scrollTo({ top: 0, behavior: "instant" });
    else shown?.scrollIntoView({ block: "center", behavior: "instant" });
    return shown !== null;
  }

  #draw(): void {
    const at = this.#at;
    const stop = STOPS[at];
    if (stop === undefined || this.#life.signal.aborted) return;
    const isLast = at === STOPS.length - 1;
    render(
      html`
        <div class="row">
          <p class="quiet small">${msg(`A tour, stop ${at + 1} of ${STOPS.length}`)}</p>
          <button type="button" class="plain" aria-label=${msg("Leave the tour")} title=${msg("Leave: the page is as it was (Esc)")} @click=${() => this.leave()}>${icon("close")}</button>
        </div>
        <h2 tabindex="-1">${stop.title}</h2>
        ${stop.says(this.#playground.mounted.state).map((said) => html`<p>${said}</p>`)}
        ${isLast ? html`<p>${msg(html`Read on: <a href="./lessons/01-flows.html">two distributions and a flow between them</a>.`)}</p>` : nothing}
        <div class="row">
          <button type="button" ?disabled=${at === 0} @click=${() => this.goTo(at - 1)}>${msg("Back")}</button>
          ${this.#stops()}
          <button type="button" class="primary" @click=${() => (isLast ? this.leave() : this.goTo(at + 1))}>${isLast ? msg("Done") : msg("Next")}</button>
        </div>
      `,
      this.#card,
    );
    this.#showOnce();
  }

  /** Links, to be copied; followed, they lead there without loading anything. */
  #stops() {
    const follow = (at: number) => (event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.goTo(at);
    };
    return html`
      <nav aria-label=${msg("Stops")}>
        ${STOPS.map(
          ({ title }, i) => html`
            <a href=${addressAt(i + 1)} aria-label=${msg(`Stop ${i + 1}: ${title}`)} aria-current=${i === this.#at ? "step" : nothing} @click=${follow(i)}>${i + 1}</a>
          `,
        )}
      </nav>
    `;
  }
}

/** The first of the stops that are about what stands below the stages. */
const FIRST_BELOW = 3;
/** Charts have come by then, and have their height. */
const SETTLED_MS = 600;

function moves(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** The page's, with a stop of the tour or without. */
function addressAt(stop: number | null): string {
  const url = new URL(location.href);
  if (stop === null) url.searchParams.delete("tour");
  else url.searchParams.set("tour", String(stop));
  return url.href;
}
