// Every language says all that English does: what a reader sees is wrapped, and what is wrapped has its words.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { catalogFiles, OTHER_LANGUAGES } from "../build/languages";
import { messagesIn, placeholdersOf } from "../build/messages";
import { unwrappedIn } from "../build/unwrapped";

const WWW = fileURLToPath(new URL("../", import.meta.url));

/** What is written for machines, or for those who program: English, as their languages are. */
const FOR_PROGRAMS =
  /^src\/(take-away\/(pytorch|notebook|distributed|tables)|evidence\/kept-files|experiment\/names|film\/(format|requests)|link\/snippets|embed\/(keys|look)|present\/laser|engine\/(arguments|error|host|sampling|protocol)|language)\b/;

const SOURCES = readdirSync(`${WWW}src`, { recursive: true, encoding: "utf8" })
  .map((name) => `src/${name.replaceAll("\\", "/")}`)
  .filter((name) => /\.ts$/.test(name) && !/\.(test|d)\.ts$/.test(name) && !FOR_PROGRAMS.test(name));
const BUILT = readdirSync(`${WWW}build`)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `build/${name}`);
const read = (name: string) => readFileSync(`${WWW}${name}`, "utf8");

test("what a reader sees is wrapped", () => {
  const unwrapped = SOURCES.flatMap((name) => unwrappedIn(read(name), name));
  expect(unwrapped.map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
});

/** As HTML says it of itself, which no call can wrap. */
function textsOfHtml(name: string): string[] {
  const html = read(name);
  const texts = [...html.matchAll(/<(title|p|noscript)\b[^>]*>([\s\S]*?)<\/\1>/g)].map(([, , text = ""]) => text);
  return [...texts, ...(/name="description"\s+content="([^"]*)/.exec(html)?.slice(1) ?? [])].map((text) =>
    text.trim().replace(/\s+/g, " "),
  );
}

const KEYS = new Map([
  ...["index.html", "embed.html"].flatMap((name) => textsOfHtml(name).map((text) => [text, name] as const)),
  ...[...BUILT.filter((name) => !/languages\.ts|messages|translation|unwrapped/.test(name)), ...SOURCES].flatMap(
    (name) => messagesIn(read(name), name).map(({ key }) => [key, name] as const),
  ),
]);

test.each(OTHER_LANGUAGES)("%s has words for all that is wrapped, and no others", (language) => {
  const entries = [...catalogFiles(language)].flatMap(([file, words]) =>
    Object.entries(words).map(([text, said]) => ({ file, text, said })),
  );
  const known = new Map(entries.map((entry) => [entry.text, entry]));
  const missing = [...KEYS].filter(([key]) => !known.has(key)).map(([key, name]) => `${name}: ${key}`);
  expect(missing, "without words").toEqual([]);
  const unused = entries.filter(({ text }) => !KEYS.has(text)).map(({ file, text }) => `${file}: ${text}`);
  expect(unused, "words that nothing says").toEqual([]);
  const differing = entries.filter(({ text, said }) => placeholdersOf(text).join() !== placeholdersOf(said).join());
  expect(differing, "with other placeholders").toEqual([]);
  expect(
    entries.filter((entry) => known.get(entry.text) !== entry),
    "said twice",
  ).toEqual([]);
  expect(
    entries.filter(({ said }) => said.trim() === ""),
    "empty",
  ).toEqual([]);
});

test("a text outside msg is found, and what only programs read is not", () => {
  const seen = (code: string) => unwrappedIn(code, "a.ts").map(({ text }) => text);
  expect(seen('html`<p title="Of it">so <b class="big one">${"Two words"}</b></p>`')).toEqual([
    "Of it",
    "so",
    "Two words",
  ]);
  expect(seen('const a = { title: "Learning rate" }; f(`${n} of them`);')).toEqual(["Learning rate", "{} of them"]);
  expect(seen('html`<p>${msg(html`so <b>${a ? "But this" : n}</b>`)}</p>`')).toEqual(["But this"]);
  expect(seen('import { a } from "./Some File"; if (kind === "Two words") x.querySelector(".a .b");')).toEqual([]);
  expect(seen('html`<p class=${a ? "one two" : b}>${a ? "latest" : n}</p>`')).toEqual(["latest"]);
  expect(seen('html`<p class="some class" data-kind="two words" @click=${f}>${x} × ${y}</p>`')).toEqual([]);
});
