// A pressed poster: how much of what it needs has come, and a sentence where that takes long.
import { announce } from "../announcer";
import { msg } from "../language";

const LONG_MS = 4000;
const LOADING = msg("Loading the playground …");
const LONG = msg("Still loading: this network is slow. It comes once for all figures of a page.");

export class Waiting {
  readonly #words: HTMLElement | null = null;
  readonly #bar = document.createElement("i");
  readonly #sentence = document.createElement("small");
  #isLong: ReturnType<typeof setTimeout> | undefined;

  /** In the poster's own words; without a poster there is nobody to be told. */
  constructor(poster: HTMLElement | null) {
    this.#words = poster?.querySelector("span") ?? null;
    if (poster === null || this.#words === null) return;
    poster.setAttribute("aria-busy", "true");
    this.#words.textContent = LOADING;
    this.#bar.setAttribute("part", "progress");
    this.#words.append(this.#bar, this.#sentence);
    announce(LOADING, this);
    this.#isLong = setTimeout(() => {
      this.#sentence.textContent = LONG;
      poster.dataset.long = "";
      announce(LONG, this);
    }, LONG_MS);
  }

  /** From 0 to 1. */
  show(share: number): void {
    const text = this.#words?.firstChild;
    if (!text) return;
    text.textContent =
      share < 1 ? msg(`Loading the playground: ${Math.floor(100 * share)} %`) : msg("Starting the playground …");
    this.#bar.style.inlineSize = `${100 * share}%`;
  }

  end(): void {
    clearTimeout(this.#isLong);
  }
}
