// The languages of the site: English, which the source is written in, and one more for each folder of `languages/`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const SOURCE_LANGUAGE = "en";

const FOLDER = fileURLToPath(new URL("../languages/", import.meta.url));

/** What each is called by those who read it. */
const NAMES: Readonly<Record<string, string>> = { en: "English", de: "Deutsch" };

/** What differs from English beside the words (`src/language.ts`): the signs in numbers. */
const WAYS: Readonly<Record<string, { thousands: string; decimal: string }>> = {
  de: { thousands: "\u202f", decimal: "," },
};

/** All but the source's. */
export const OTHER_LANGUAGES: readonly string[] = readdirSync(FOLDER).sort();

/** That of this build. */
export const LANGUAGE: string = process.env.FLOW_LANGUAGE || SOURCE_LANGUAGE;

if (![SOURCE_LANGUAGE, ...OTHER_LANGUAGES].includes(LANGUAGE))
  throw new Error(`FLOW_LANGUAGE is “${LANGUAGE}”, and there is no folder www/languages/${LANGUAGE}.`);

export const isSourceLanguage = LANGUAGE === SOURCE_LANGUAGE;

export function nameOf(language: string): string {
  const name = NAMES[language];
  if (name === undefined) throw new Error(`build/languages.ts does not say what “${language}” is called.`);
  return name;
}

/** What the page's source knows of its language (`src/language.ts`). In English both are nothing. */
export const LANGUAGE_DEFINES: Readonly<Record<string, string>> = {
  "import.meta.env.VITE_IS_TRANSLATED": JSON.stringify(!isSourceLanguage),
  "import.meta.env.VITE_LANGUAGE_WAYS": JSON.stringify(WAYS[LANGUAGE]) ?? "undefined",
};

/** English text to its translation. */
export type Catalog = ReadonlyMap<string, string>;

/** By file. */
export function catalogFiles(language: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const folder = join(FOLDER, language);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8"))]));
}

export function catalogOf(language: string): Catalog {
  if (language === SOURCE_LANGUAGE) return new Map();
  return new Map([...catalogFiles(language).values()].flatMap((file) => Object.entries(file)));
}

/** Where a language's own text of a page is: `page` is a path from the site's folder on, such as `lessons/01-flows.md`. */
export function sourceIn(language: string, page: string): string | null {
  const path = language === SOURCE_LANGUAGE ? join(FOLDER, "..", page) : join(FOLDER, language, page);
  return existsSync(path) ? path : null;
}

const CATALOG = catalogOf(LANGUAGE);

/** For what the build itself writes: as `msg` in the page's source. */
export function msg(text: string): string {
  if (isSourceLanguage) return text;
  const translated = CATALOG.get(text);
  if (translated === undefined) throw new Error(`www/languages/${LANGUAGE} has no words for “${text}”.`);
  return translated;
}
