// One word for one thing: what a reader sees calls things by the names of the glossary, and by no other.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

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

test("the law reads sentences, and sees a word that is banned", () => {
  expect(sentencesOf('  title: "How sharply they turn",\n// iteration of a loop here\n  const a = b;')).toHaveLength(1);
  expect(sentencesOf('        title: "straightness",')).toHaveLength(1);
  expect(BANNED.some(([word]) => word.test("the straightness of it"))).toBe(true);
  expect(BANNED.some(([word]) => word.test("the literature calls it straightness"))).toBe(false);
});
