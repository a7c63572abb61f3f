// Addresses: what the page's own says when it is opened, and those that lead to what is shown.
import { messageOf } from "../engine/error";
import type { Shared } from "../state/shared";
import { fitsLink, POINTS } from "./late-points";
import { type ReadLink, readLink, writeLink } from "./link";

/** A fragment may also be the name of a place on the page. What a link leaves out is as in `usual`. */
export async function readAddress(usual?: Shared): Promise<ReadLink> {
  const fragment = location.hash.slice(1);
  const isPlace = !fragment.includes("=") && document.getElementById(fragment) !== null;
  if (isPlace) return { kind: "none" };
  try {
    if (fragment.includes("points=")) await POINTS.load();
  } catch (error) {
    return { kind: "refused", reason: messageOf(error) };
  }
  return readLink(fragment, usual);
}

/** A link's fragment, without its "#". Null where the points are too many for one: then it is not begun. */
export function fragmentOf(shared: Shared): string | null {
  return shared.user !== null && !fitsLink(shared.user) ? null : writeLink(shared);
}

/** Null where the points are too many for one. */
export function linkTo(shared: Shared, page = location.href): string | null {
  const fragment = fragmentOf(shared);
  return fragment === null ? null : addressWith(fragment, page);
}

/**
 * The site that a page's author names, which may be a relative address from `home` on. Null where a link to it would not open
 * a page but run what is written in it.
 */
export function siteNamed(text: string, home: string): string | null {
  try {
    const { href, protocol } = new URL(text, home);
    return /^https?:$/.test(protocol) || protocol === new URL(home).protocol ? folderOf(href) : null;
  } catch {
    return null;
  }
}

/** The folder of a site that is named by it or by one of its pages. */
export function folderOf(site: string): string {
  const { href, pathname } = new URL(site);
  if (pathname.endsWith("/")) return href;
  return /\.\w+$/.test(pathname) ? new URL("./", href).href : `${href}/`;
}

export function addressWith(fragment: string, page = location.href): string {
  const url = new URL(page);
  url.hash = fragment;
  return url.href;
}
