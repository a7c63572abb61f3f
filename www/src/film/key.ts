// What a film is called: settings as they are written, but for those that only move its picture or stand around it.
import { digestOf } from "../experiment/digest";
import { KEYS } from "../link/keys";

const BESIDE: readonly string[] = [
  ...["t", "play", "motion", "loop", "speed", "inspect"],
  ...["quality", "quality-line", "columns", "above-floor", "hide", "theme"],
];
const TELLING = KEYS.filter((key) => !BESIDE.includes(key)).sort();

/** Of an element's attributes, or of a link's keys: the same, in whichever order. Eight hexadecimal digits. */
export function filmKey(settings: ReadonlyMap<string, string>): string {
  const said = TELLING.flatMap((key) => (settings.has(key) ? [`${key}=${settings.get(key)?.trim()}`] : []));
  return digestOf(new TextEncoder().encode(said.join("\n")))
    .toString(16)
    .padStart(8, "0");
}

/** What the page opens with, and an element of which nothing is said. */
export const FIRST_VIEW = "811c9dc5";

/** What a link says, and in its place what an element's own attributes say. */
export function linkedSettings(link: string, own: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const linked = new URLSearchParams(link.replace(/^#/, ""));
  return new Map([...linked, ...own]);
}
