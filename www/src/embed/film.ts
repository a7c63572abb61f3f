// The film of an element's figure, in the place of its poster's picture: what this very figure shows, if that was recorded.

import type { RecordedFilm } from "../film/format";
import { linkedSettings } from "../film/key";
import type { FilmPoster } from "../film/poster";

/** How near the screen an element must be for its film to be fetched: what is far down a page costs nothing yet. */
const FILM_MARGIN = "300px";

/** The poster's button is given a film once both are near the screen and there. Without one its picture stays. */
export function filmWhenNear(
  element: HTMLElement,
  button: HTMLButtonElement,
  settings: ReadonlyMap<string, string>,
  put: (film: FilmPoster, sheets: readonly CSSStyleSheet[]) => void,
): void {
  const near = new IntersectionObserver(
    (entries) => {
      if (!button.isConnected) near.disconnect();
      if (!button.isConnected || !entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      show(element, button, settings, put).catch(() => undefined);
    },
    { rootMargin: FILM_MARGIN },
  );
  near.observe(element);
}

async function show(
  element: HTMLElement,
  button: HTMLButtonElement,
  own: ReadonlyMap<string, string>,
  put: (film: FilmPoster, sheets: readonly CSSStyleSheet[]) => void,
): Promise<void> {
  const { filmAt } = await import("../film/recorded");
  const settings = linkedSettings(element.getAttribute("link") ?? "", own);
  const url = filmAt(settings);
  if (url === null) return;
  const { fetchedFilm, FilmPoster, filmSheets } = await import("../film/poster");
  const film = await fetchedFilm(url);
  if (film === null || !button.isConnected) return;
  const poster = new FilmPoster(
    await inLanguage(film, settings),
    timeOf(settings.get("t"), film.view.t),
    element.getAttribute("theme"),
  );
  button.querySelector("svg")?.remove();
  put(poster, filmSheets());
}

/** Films are recorded with English titles. */
async function inLanguage(film: RecordedFilm, settings: ReadonlyMap<string, string>): Promise<RecordedFilm> {
  if (!import.meta.env.VITE_IS_TRANSLATED) return film;
  const { entitled, titlesOf } = await import("../film/titles");
  return entitled(film, titlesOf(settings));
}

/** A time that is one, or the film's own. */
function timeOf(text: string | undefined, usual: number): number {
  return text !== undefined && isNumeric(text) ? Math.min(1, Math.max(0, Number(text))) : usual;
}

export function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

/** The reader asked the browser to load little. */
export function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
