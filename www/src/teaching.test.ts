// What every lesson has around its text: a frame that says what it is for, a question before each figure, a quiz whose numbers
// somebody measured.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MOVED, pageFrom } from "../build/pages";
import { frameOf, proseOf, quizOf } from "../build/teaching";

const WWW = fileURLToPath(new URL("../", import.meta.url));
const read = (name: string) => readFileSync(`${WWW}${name}`, "utf8");
const LESSONS = readdirSync(`${WWW}lessons`)
  .filter((name) => /^\d.*\.md$/.test(name))
  .map((name) => `lessons/${name}`);
const MEASURED = ["docs/measured.md", "docs/published.md"].map(read).join("\n");

/** Those that somebody must have measured: with decimals, or in thousands. */
function numbersIn(text: string): string[] {
  return text.replace(/\$[^$]*\$/g, " ").match(/\d+\.\d+|\d{1,3}(?:,\d{3})+/g) ?? [];
}

function isKnown(number: string, text: string): boolean {
  const plain = number.replaceAll(",", "");
  return [number, plain].some((one) => new RegExp(`(?<![\\d.,])${one.replace(".", "\\.")}(?![\\d])`).test(text));
}

test.each(LESSONS)("%s says what it is for, what it assumes and how long it takes", (name) => {
  const text = read(name);
  const frame = frameOf(text);
  if (frame === null) throw new Error("it has no frame");
  expect([2, 3]).toContain(frame.goals.length);
  expect(frame.assumes).toMatch(/\w+ \w+/);
  expect(frame.claim).toMatch(/\.$/);
  const [, toRead = Number.NaN] = (/^(\d+) to read, \d+ to do, \d+ to check$/.exec(frame.minutes) ?? []).map(Number);
  const words = proseOf(text)
    .replace(/<[^>]*>/g, "")
    .split(/\s+/).length;
  // Between a quick reader and one who stops at each formula.
  expect(words / toRead, `words a minute of ${words}`).toBeLessThan(260);
  expect(words / toRead, `words a minute of ${words}`).toBeGreaterThan(100);
});

test.each(LESSONS)("%s asks before each figure, and answers behind it", (name) => {
  const parts = read(name).split(/(?=<figure>)|(?<=<\/figure>\n)/);
  const figures = parts.filter((part) => part.startsWith("<figure>"));
  expect(figures.length).toBeGreaterThan(0);
  for (const [i, part] of parts.entries()) {
    if (!part.startsWith("<figure>")) continue;
    expect(parts[i - 1]?.trimEnd().split("\n\n").at(-1)).toMatch(/^\*\*Predict\.\*\* [\s\S]*\?/);
    expect(parts[i + 1]).toMatch(/^\n<details class="reveal"><summary>After [^<]+<\/summary>\n\n\S/);
  }
});

test.each(LESSONS)(
  "the quiz of %s has one right choice a question, a reason for each, and no number of its own",
  (name) => {
    const text = read(name);
    const questions = quizOf(text);
    expect([3, 4]).toContain(questions.length);
    for (const { text: asked, choices } of questions) {
      expect(asked).toMatch(/[?…]$/);
      expect([2, 3, 4]).toContain(choices.length);
      expect(choices.filter(({ isRight }) => isRight)).toHaveLength(1);
      for (const { text: said, why } of choices) expect(why, said).toMatch(/\.$/);
      for (const number of numbersIn([asked, ...choices.flatMap(({ text: said, why }) => [said, why])].join("\n")))
        expect(isKnown(number, `${MEASURED}\n${proseOf(text)}`), number).toBe(true);
    }
    const places = questions.map(({ choices }) => choices.findIndex(({ isRight }) => isRight));
    expect(new Set(places).size, "the right choice is always in the same place").toBeGreaterThan(1);
  },
);

test.each(LESSONS)("%s answers its quiz without a script, and shows its frame", (name) => {
  const html = pageFrom(name, WWW);
  const count = quizOf(read(name)).length;
  expect(html.match(/<fieldset class="quiz">\n<legend>/g)).toHaveLength(count);
  expect(html.match(/<li class="right">/g)).toHaveLength(count);
  expect(html.indexOf('<dl class="lesson-frame">')).toBeGreaterThan(html.indexOf("<h1>"));
  expect(html).not.toMatch(/^goals:|^[?+] | :: /m);
});

test("there is a slide for every lesson: goals, a figure, a question and a claim", () => {
  const slides = pageFrom("lessons/slides.md", WWW).split('<section class="slide"').slice(1);
  expect(slides).toHaveLength(LESSONS.length);
  for (const [i, one] of slides.entries()) {
    expect(one).toContain(`href="${LESSONS[i]?.replace(/lessons\/|\.md$/g, "")}.html">${i + 1}. `);
    expect(one.match(/<li>/g)?.length).toBe(frameOf(read(LESSONS[i] ?? ""))?.goals.length);
    expect(one.match(/<flow-playground/g)).toHaveLength(1);
    expect(one).toMatch(/<p class="question"><b>Predict\.<\/b> [\s\S]+\?[\s\S]*<p class="claim">\S/);
  }
});

test("what is known of a number is that number and no part of another", () => {
  expect(numbersIn("8 of 20 in $0.5$ give 0.016 and 9,224")).toEqual(["0.016", "9,224"]);
  expect([isKnown("0.016", "0.0168"), isKnown("0.016", "0.016 ± 0.001"), isKnown("9,224", "9224")]).toEqual([
    false,
    true,
    true,
  ]);
});

test("addresses that lessons had lead to those that they have", () => {
  for (const [from, to] of Object.entries(MOVED)) {
    expect(LESSONS).not.toContain(`${from}.md`);
    expect(LESSONS).toContain(`lessons/${to}.md`);
  }
});

test("students are sent to no sheet of answers", () => {
  const pages = ["lessons", "docs"].flatMap((folder) =>
    readdirSync(`${WWW}${folder}`)
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  );
  const linking = pages.filter((name) => pageFrom(name, WWW).includes("instructor.html"));
  expect(linking).toEqual(["docs/teach.md"]);
});
