// The whole state as a URL's fragment, and back. Version 1: "key=value" joined by "&", only for what is not as by
// default, and "v=1" at the very end, which a link that was cut off lacks.
import { msg } from "../language";
import { defaultShared, type Shared } from "../state/shared";
import { Refusal } from "./codec";
import { FIELDS, type Key, SHORTHANDS } from "./fields";
import { quoted } from "./panels";

const VERSION = 1;
/** A fragment that is longer is not looked at. */
const MOST_CHARACTERS = 100_000;

export type ReadLink = { kind: "none" } | { kind: "shared"; shared: Shared } | { kind: "refused"; reason: string };

/** As it is, or as a page's source has it: some programs pass on what they found there. No value has one in it. */
const AMPERSAND = /&(?:amp;|#38;|#x26;)?/i;

const BY_KEY: ReadonlyMap<string, Key> = new Map([...FIELDS, ...SHORTHANDS].map((one) => [one.key, one]));

/** Without its "#". Empty where everything is as by default. */
export function writeLink(shared: Shared): string {
  return encodedFields(shared, defaultShared());
}

/** For a reader to whom what is left out is as in `usual`. */
export function encodedFields(shared: Shared, usual: Shared): string {
  const said = FIELDS.flatMap((field) => {
    const text = field.write(shared);
    return text === field.write(usual) ? [] : [`${field.key}=${encoded(text)}`];
  });
  return said.length === 0 ? "" : [...said, `v=${VERSION}`].join("&");
}

/** With or without its "#"; what it leaves out is as in `usual`. Never throws; takes a few milliseconds at the most. */
export function readLink(fragment: string, usual = defaultShared()): ReadLink {
  const text = fragment.replace(/^#/, "");
  if (text === "") return { kind: "none" };
  return readOrRefuse(() => {
    const pairs = pairsOf(text);
    checkVersion(pairs.get("v"));
    pairs.delete("v");
    return readFields(pairs, usual, msg("This link"));
  });
}

/** The same keys and values as an element's attributes. */
export function readAttributes(attributes: ReadonlyMap<string, string>, usual: Shared): ReadLink {
  return readOrRefuse(() => readFields(attributes, usual, msg("This element")));
}

function readOrRefuse(read: () => Shared): ReadLink {
  try {
    return { kind: "shared", shared: read() };
  } catch (error) {
    if (error instanceof LinkError) return { kind: "refused", reason: error.message };
    throw error;
  }
}

/** What to open with: what was read, or `usual` with one sentence of why not. */
export function openedBy(link: ReadLink, usual: Shared): { shared: Shared; notice?: string } {
  if (link.kind === "shared") return { shared: link.shared };
  return { shared: usual, ...(link.kind === "refused" && { notice: link.reason }) };
}

class LinkError extends Error {}

/** What is not readable in an address as it stands; commas, colons and the like are, and survive being passed on. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|3B|2F)/g, decodeURIComponent);
}

function pairsOf(text: string): Map<string, string> {
  if (text.length > MOST_CHARACTERS)
    throw new LinkError(msg("This link is longer than any that the playground writes."));
  const pairs = new Map<string, string>();
  for (const part of text.split(AMPERSAND)) {
    const [, key = "", value = ""] = /^([^=]*)=([\s\S]*)$/.exec(part) ?? [];
    if (key === "") throw new LinkError(msg(`This link has ${quoted(part)} where a key=value must be.`));
    if (pairs.has(key)) throw new LinkError(msg(`This link says ${quoted(key)} twice.`));
    pairs.set(key, decoded(key, value));
  }
  return pairs;
}

function decoded(key: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new LinkError(msg(`This link's ${quoted(key)} is damaged.`));
  }
}

/** `whose` they are begins the sentence that refuses them. */
function readFields(pairs: ReadonlyMap<string, string>, usual: Shared, whose: string): Shared {
  let shared = usual;
  for (const [key, text] of pairs) {
    const field = BY_KEY.get(key);
    if (field === undefined) throw new LinkError(msg(`${whose} has a setting that is not known here: ${quoted(key)}.`));
    shared = readField(field, text, shared, whose);
  }
  const needsPoints = [shared.setup, ...shared.panels.map(({ own }) => own)].some(({ data }) => data === "points");
  if (needsPoints && shared.user === null) throw new LinkError(msg(`${whose}'s data is points, and it has none.`));
  return shared;
}

function readField({ key, read }: Key, text: string, into: Shared, whose: string): Shared {
  try {
    return read(text, into);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new LinkError(msg(`${whose}'s ${key} is ${quoted(text)}, and must be ${error.allowed}.`));
  }
}

function checkVersion(text: string | undefined): void {
  if (text === undefined) throw new LinkError(msg("This link was cut off: its end, “v=1”, is missing."));
  if (text === String(VERSION)) return;
  const isNewer = /^\d{1,6}$/.test(text) && Number(text) > VERSION;
  throw new LinkError(
    isNewer
      ? msg(
          `This link is of version ${text}, and this page reads version ${VERSION}: it was made by a newer playground.`,
        )
      : msg(`This link's version is ${quoted(text)}, and must be ${VERSION}.`),
  );
}
