// Prepared states as slides: a text with a link of this playground a line, and behind it a title if there is one.
import { msg } from "../language";
import { readLink } from "../link/link";
import { defaultShared, type Shared } from "../state/shared";

export interface Slide {
  title: string;
  shared: Shared;
}

export interface SlideList {
  slides: readonly Slide[];
  /** a sentence for each line that is skipped */
  skipped: readonly string[];
}

/** What a line can begin with to be a link: an address, or what follows its "#". */
const LINK = /(?:https?:\/\/|file:\/\/|\.?\/?#)\S+/;
/** What people set between a link and its title. */
const BETWEEN = /^[\s:|,;–—-]+|[\s:|,;–—-]+$/g;
const MOST_QUOTED = 40;

/** Empty lines are nothing. `page` is where the playground itself is: its bare address is how it opens. */
export function slidesIn(text: string, page: string): SlideList {
  const lines = text.split(/\r?\n/).map((line, i) => ({ line: line.trim(), number: i + 1 }));
  const read = lines.filter(({ line }) => line !== "").map(({ line, number }) => slideIn(line, number, page));
  return {
    slides: read.filter((one) => typeof one !== "string"),
    skipped: read.filter((one) => typeof one === "string"),
  };
}

/** A sentence of why there is none. */
function slideIn(line: string, number: number, page: string): Slide | string {
  const link = LINK.exec(line)?.[0];
  const skipped = (why: string) => msg(`Line ${number} is skipped: ${why}`);
  if (link === undefined) return skipped(msg(`${quoted(line)} holds no link.`));
  const fragment = fragmentOf(link, page);
  if (fragment === null) return skipped(msg(`${quoted(link)} is no link of this playground.`));
  const read = readLink(fragment);
  if (read.kind === "refused") return skipped(read.reason.replace(/^T/, "t"));
  const title = line.replace(link, "").replace(BETWEEN, "").replace(/\s+/g, " ");
  return { title, shared: read.kind === "none" ? defaultShared() : read.shared };
}

/** Null where it leads elsewhere. Copies of the site at other addresses write the same links; the bare one must be this page's. */
function fragmentOf(link: string, page: string): string | null {
  if (!URL.canParse(link, page)) return null;
  const { origin, pathname, hash } = new URL(link, page);
  if (/^#[\w-]+=/.test(hash)) return hash.slice(1);
  const here = new URL(page);
  return hash === "" && origin === here.origin && pathname === here.pathname ? "" : null;
}

function quoted(text: string): string {
  return msg(`“${text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text}”`);
}

/** The text with one more line, below those that it has. */
export function withLine(text: string, link: string, title = ""): string {
  return withLines(text, title === "" ? link : `${link} ${title}`);
}

export function withLines(text: string, more: string): string {
  return [text.trimEnd(), more.trim()].filter((part) => part !== "").join("\n");
}
