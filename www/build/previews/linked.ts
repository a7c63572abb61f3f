// What a link to the site may lead to, beside the page itself: lessons and presets, each with what is said of it elsewhere.
// Loaded through Vite: it reads the page's own source.
import { PRESET_IDS, presetOf } from "../../src/experiment/presets.ts";
import { filmKey } from "../../src/film/key.ts";
import { figuresIn, settingsOfPreset } from "../../src/film/requests.ts";
import { titlesOf } from "../../src/film/titles.ts";
import { encodedFields, readAttributes, writeLink } from "../../src/link/link.ts";
import { defaultShared, embeddedShared, type Shared } from "../../src/state/shared.ts";
import { frameOf } from "../teaching.ts";

export interface Linked {
  kind: "preset" | "lesson";
  name: string;
  /** its page, from the site's folder on */
  page: string;
  title: string;
  /** one or two sentences */
  about: string;
  /** the films of what it shows, of which the first that was recorded is its picture; none are of the page's first view */
  films: readonly { key: string; titles: readonly string[] }[];
  /** what follows the "#" of the playground's page, and of a frame with nothing but its stages and transports */
  fragment: string;
  frame: string;
}

/** Lessons by name, as Markdown. */
export function allLinked(lessons: ReadonlyMap<string, string>): Linked[] {
  return [...PRESET_IDS.map(presetLinked), ...[...lessons].map(([name, text]) => lessonLinked(name, text))];
}

function presetLinked(id: (typeof PRESET_IDS)[number]): Linked {
  const { title, question } = presetOf(id);
  const settings = settingsOfPreset(id);
  return {
    kind: "preset",
    name: id,
    page: `presets/${id}/`,
    title,
    about: question,
    films: [filmFor(settings)],
    ...fragmentsOf(settings),
  };
}

function lessonLinked(name: string, text: string): Linked {
  const figures = figuresIn(text);
  return {
    kind: "lesson",
    name,
    page: `lessons/${name}.html`,
    title: /^# (.+)$/m.exec(text)?.[1] ?? name,
    about: frameOf(text)?.claim ?? "",
    films: figures.map(filmFor),
    ...fragmentsOf(figures[0] ?? new Map()),
  };
}

function filmFor(settings: ReadonlyMap<string, string>): Linked["films"][number] {
  return { key: filmKey(settings), titles: titlesOf(settings) };
}

function fragmentsOf(settings: ReadonlyMap<string, string>): Pick<Linked, "fragment" | "frame"> {
  const read = readAttributes(settings, embeddedShared());
  if (read.kind !== "shared") throw new Error("What is linked cannot be shown.");
  const shared: Shared = { ...read.shared, hidden: defaultShared().hidden };
  return { fragment: writeLink(shared), frame: encodedFields(read.shared, embeddedShared()) };
}
