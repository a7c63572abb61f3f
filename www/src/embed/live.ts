// What an element loads once it is run: the playground with its styles.
import type { FilmPoster } from "../film/poster";
import { msg } from "../language";
import { siteNamed } from "../link/address";
import { quoted } from "../link/panels";
import { type Mounted, mount, type PlaygroundOptions } from "../playground";
import type { Shared } from "../state/shared";
import { sheets } from "./styles";

export { lossRows } from "../experiment/losses";
export { fragmentOf, siteNamed } from "../link/address";
export { POINTS } from "../link/late-points";
export { openedBy, readAttributes, readLink } from "../link/link";
export { embeddedShared, sharedOf } from "../state/shared";
export { sayOfLink, setTheme } from "../state/talk";
export { play, scrub } from "../state/view";

/** Why a site that is named can't be one; null where it can. A relative one starts at the element's own, or at the page. */
export function siteRefusal(text: string, home: string): string | null {
  if (siteNamed(text, home || location.href) !== null) return null;
  return msg(`This element's site is ${quoted(text)}, and must be an address of the web.`);
}

/** Where the poster's film is, in time and in picture, the playground goes on. */
export function goingOnFrom({ film, t }: FilmPoster, shared: Shared): Pick<PlaygroundOptions, "film" | "shared"> {
  return { film: Promise.resolve(film), shared: { ...shared, view: { ...shared.view, t } } };
}

/** In the place of the poster. */
export function startIn(root: ShadowRoot, options: PlaygroundOptions): Mounted {
  const host = document.createElement("div");
  host.className = "playground";
  host.setAttribute("part", "playground");
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), ...sheets()];
  root.replaceChildren(host);
  return mount(host, options);
}
