// A lesson in another language teaches the same: the same figures, formulas, numbers, links and right answers, in the same sections.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { frameOf, quizOf } from "../build/teaching";

const WWW = fileURLToPath(new URL("../", import.meta.url));

interface Writing {
  predict: string;
  /** As a number stands in its prose; without what parts thousands, and with a decimal point, it is one of English prose. */
  numbers: RegExp;
  plain: (number: string) => string;
}

const ENGLISH: Writing = {
  predict: "**Predict.**",
  numbers: /\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?/g,
  plain: (number) => number.replaceAll(",", ""),
};
const WRITINGS: Readonly<Record<string, Writing>> = {
  de: {
    predict: "**Vermuten Sie.**",
    numbers: /\d{1,3}(?:\u202f\d{3})+|\d+(?:,\d+)?/g,
    plain: (number) => number.replaceAll("\u202f", "").replace(",", "."),
  },
};

const NAMES = readdirSync(`${WWW}lessons`).filter((name) => name.endsWith(".md"));
const LESSONS = Object.keys(WRITINGS).flatMap((language) => NAMES.map((name) => ({ language, name })));

const TEX = /\$\$([\s\S]+?)\$\$|\$([^\s$](?:[^$]*[^\s$])?)\$/g;
const TAG = /<\/?[a-z][^>]*>/g;
const LINK = /\]\(([^)]*)\)/g;
/** The place in a paper, which is written as the paper writes it. */
const PLACE = /(?<=\b(?:theorem|section|Abschnitt) )(\d+)\.(?=\d)/gi;

function read(name: string): string {
  return readFileSync(`${WWW}${name}`, "utf8");
}

function proseOf(text: string): string {
  return text.replace(TAG, " ").replace(LINK, "] ").replace(PLACE, "$1 ");
}

/** Of each section, and of the frame before the first, what is the same in every language; in order only where a language's grammar does not move it. */
function sectionsOf(markdown: string, { predict, numbers, plain }: Writing) {
  return markdown.split(/^(?=#+ )/m).map((section) => {
    const withoutTex = section.replace(TEX, " ");
    const prose = proseOf(withoutTex);
    return {
      level: /^#*/.exec(section)?.[0].length,
      tags: (withoutTex.match(TAG) ?? []).map((tag) => tag.replace(/ label="[^"]+"/, " label")),
      formulas: [...section.matchAll(TEX)].map(([, block, inline]) => formula(block ?? inline ?? "")).sort(),
      numbers: (prose.match(numbers) ?? []).map(plain).sort(),
      links: [...withoutTex.matchAll(LINK)].map(([, to = ""]) => to.replace("../../docs/", "../docs/")).sort(),
      predictions: section.split(predict).length - 1,
      emphases: prose.split("**").length,
      rows: prose.split("\n").filter((line) => line.startsWith("|")).length,
      items: (prose.match(/^(?:-|\d+\.) /gm) ?? []).length,
    };
  });
}

/** A comma between numbers is a semicolon where commas are decimal; words are each language's own. */
function formula(tex: string): string {
  return tex
    .replaceAll("{,}", ".")
    .replace(/\\text\{[^}]*\}/g, "\\text{}")
    .replace(/(?<!\\);/g, ",")
    .replace(/\s+/g, " ")
    .trim();
}

function frameShape(markdown: string) {
  const frame = frameOf(markdown);
  return frame && { goals: frame.goals.length, minutes: frame.minutes.match(/\d+/g) };
}

function quizShape(markdown: string): boolean[][] {
  return quizOf(markdown).map(({ choices }) => choices.map(({ isRight }) => isRight));
}

test.each(Object.keys(WRITINGS))("%s has no lesson that English lacks", (language) => {
  expect(readdirSync(`${WWW}languages/${language}/lessons`).filter((name) => !NAMES.includes(name))).toEqual([]);
});

test.each(LESSONS)("$name teaches the same in $language", ({ language, name }) => {
  const writing = WRITINGS[language] ?? ENGLISH;
  const [english, other] = [read(`lessons/${name}`), read(`languages/${language}/lessons/${name}`)];
  expect(frameShape(other)).toEqual(frameShape(english));
  expect(quizShape(other)).toEqual(quizShape(english));
  expect(sectionsOf(other, writing)).toEqual(sectionsOf(english, ENGLISH));
});

test.each(LESSONS)("$name says all of it in $language, decimals too", ({ language, name }) => {
  const text = read(`languages/${language}/lessons/${name}`);
  const frame = frameOf(text);
  const framed = frame === null ? [] : [...frame.goals, frame.assumes, frame.minutes, frame.claim];
  for (const said of framed) expect(said).toMatch(/\S/);
  for (const { choices } of quizOf(text)) for (const { text: said, why } of choices) expect(why, said).toMatch(/\.$/);
  expect(proseOf(text).match(/.*(?:\d\.\d|\*\*Predict).*/g)).toBeNull();
  expect(text.match(/<summary>(?:Answer|After)/g)).toBeNull();
});

test("what a translation leaves out or changes is seen", () => {
  const english =
    '# A\n\nOf $t < 0.5$ and [1,200](../docs/a.md).\n\n<flow-playground data="moons" label="Play"></flow-playground>\n';
  const german = english
    .replace("0.5", "0{,}5")
    .replace("1,200", "1\u202f200")
    .replace("../docs", "../../docs")
    .replace("Play", "Los");
  const de = WRITINGS.de ?? ENGLISH;
  expect(sectionsOf(german, de)).toEqual(sectionsOf(english, ENGLISH));
  for (const [from, to] of [
    ["# A", "## A"],
    ["{,}5", "{,}6"],
    ["200", "300"],
    ["a.md", "b.md"],
    ["moons", "rings"],
    ["label", "title"],
  ] as const)
    expect(sectionsOf(german.replace(from, to), de), from).not.toEqual(sectionsOf(english, ENGLISH));
});
