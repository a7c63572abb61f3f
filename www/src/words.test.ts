// One word for one thing: what a reader sees calls things by the names of the glossary, and by no other.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { pageFrom, pagesIn } from "../build/pages";
import { DECK } from "./experiment/deck";

const WWW = fileURLToPath(new URL("../", import.meta.url));
const FILES = readdirSync(`${WWW}src`, { recursive: true, encoding: "utf8" });
const SOURCES = FILES.filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|pretrained|fixture/.test(name));

/** What no reader should meet, and what is said instead. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\biterations?\b|\bepochs?\b/i, "training step, or solver step"],
  [/\bprior\b/i, "noise Q"],
  [/\bscheduler\b/i, "schedule"],
  [/\bcurvature\b/i, "bend, or change of velocity"],
  [/(?<!literature calls it )(?<!literature’s )(?<!literature's )\bstraightness\b/i, "bend (0 is straight)"],
  [/\bbackend\b|\bbackbone\b/i, "engine, or model"],
  [/squeez\w* space on the way|space is squeezed/i, "the likelihood counts how much space is stretched"],
  [/by optimal transport within a batch|nearest over a batch/i, "the partner in the batch's optimal pairing"],
  [/keep the variance\b/i, "only a variance of 1 is kept"],
  [/sharply (they )?turn/i, "speeding up counts as well"],
  [/\bis no density\b|has no density\b(?! that)/i, "none that this formula can give"],
];

/** Lines that hold a sentence or a title rather than code; the keys and values among them are no one's words. */
function sentencesOf(source: string): string[] {
  const code = source.split("\n").filter((line) => !/^\s*(\/\/|\/?\*|import\b|export \*)/.test(line));
  const lines = code.map((line) => line.replace(/(?<!title: )"[\w-]+"|\b\w+\??:/g, ""));
  return lines.filter(
    (line) =>
      /^ *"/.test(line) || (/[a-zé]{2,} [a-z]+ [a-z]{2,}/i.test(line) && /["'`>]|^\s*[A-Za-z][^;{}=]*$/.test(line)),
  );
}

test.each(SOURCES)("%s uses the glossary's words", (name) => {
  for (const sentence of sentencesOf(readFileSync(`${WWW}src/${name}`, "utf8"))) {
    for (const [word, instead] of BANNED) expect(sentence, instead).not.toMatch(word);
  }
});

test.each(SOURCES)("%s says nothing in the words of a program", (name) => {
  const said = readFileSync(`${WWW}src/${name}`, "utf8").match(/"[^"\n]*"/g) ?? [];
  for (const sentence of said.filter((one) => / \w+ /.test(one)))
    expect(sentence).not.toMatch(/\bundefined\b|\bNaN\b|\bInfinity\b|\bnull\b/);
});

const PAGES = ["lessons", "docs"].flatMap((folder) =>
  readdirSync(`${WWW}${folder}`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`),
);

test.each(PAGES)("%s uses the glossary's words", (name) => {
  const text = readFileSync(`${WWW}${name}`, "utf8").replace(
    /<flow-playground[^>]*>|`[\w-]+`|```[\s\S]*?```|\s+/g,
    " ",
  );
  for (const [word, instead] of BANNED) expect(text, instead).not.toMatch(word);
});

/** What a reader takes in at once: a paragraph, an item, a cell's row, a heading. */
function paragraphsOf(html: string): string[] {
  const blocks = html
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .split(/<\/?(?:p|h\d|li|tr|table|ul|pre|summary|div|main)\b[^>]*>/);
  const texts = blocks.map((block) =>
    block
      .replace(/<[^>]*>/g, "")
      .replace(/\s+/g, " ")
      .trim(),
  );
  return texts.filter((text) => text !== "");
}

/** The first that speaks of the deck without having said which deck; none where it is named there. */
function unnamedIn(paragraphs: readonly string[]): string | undefined {
  const first = paragraphs.find((text) => /\bdeck\b/i.test(text));
  return first?.includes(DECK) || first?.includes("$" + "{DECK}") ? undefined : first;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const paragraphs = (text: string) => text.split(/\n(?:\s*\n|(?=[-#|] ))/).map((one) => one.replace(/\s+/g, " "));

test.each(Object.keys(pagesIn(WWW)))("the built page %s names the deck where it first speaks of it", (page) => {
  expect(unnamedIn(paragraphsOf(pageFrom(`${page}.md`, WWW)))).toBeUndefined();
});

test.each(["README.md", "CHANGELOG.md", "www/public/README.md", "tests/peers/README.md"])("%s does, too", (name) => {
  expect(unnamedIn(paragraphs(readFileSync(`${ROOT}${name}`, "utf8")))).toBeUndefined();
});

test.each(["crate/src/lib.rs", "crate/examples/reproduce/main.rs"])("the documentation of %s does", (name) => {
  const text = readFileSync(`${ROOT}${name}`, "utf8").replace(/^\/\/! ?/gm, "");
  expect(unnamedIn(paragraphs(text))).toBeUndefined();
  expect(text.replace(/\s+/g, " ")).toContain(DECK);
});

/** What is shown of each is shown without the others. */
test.each(SOURCES)("what %s says of the deck names it first", (name) => {
  expect(unnamedIn(sentencesOf(readFileSync(`${WWW}src/${name}`, "utf8")))).toBeUndefined();
});

test("the law finds a deck that is not named, and one that is named too late", () => {
  expect(unnamedIn(["Nothing.", "The deck says so."])).toBe("The deck says so.");
  expect(unnamedIn(["The deck says so.", `The deck is ${DECK}.`])).toBe("The deck says so.");
  expect(unnamedIn([`The deck (${DECK}) says so.`, "The deck."])).toBeUndefined();
  expect(paragraphsOf("<h2>The <i>deck</i></h2><p>one\ntwo</p>")).toEqual(["The deck", "one two"]);
});

test("the law reads sentences, and sees a word that is banned", () => {
  expect(sentencesOf('  title: "How sharply they turn",\n// iteration of a loop here\n  const a = b;')).toHaveLength(1);
  expect(sentencesOf('        title: "straightness",')).toHaveLength(1);
  expect(BANNED.some(([word]) => word.test("the straightness of it"))).toBe(true);
  expect(BANNED.some(([word]) => word.test("the literature calls it straightness"))).toBe(false);
});
