// What frames a lesson: what it is for, above it, and a quiz below, both written in its Markdown.
//
//     ---
//     goals:
//     - Say which end is data
//     assumes: Lesson 1
//     minutes: 5 to read, 5 to do, 10 to check
//     claim: what the lesson comes to, in a sentence
//     ---
//
//     ## Quiz
//
//     ? Which end is data?
//     + At $t = 0$ :: why this is right
//     - At $t = 1$ :: what is wrong with it

import { msg } from "./languages.ts";

export interface Frame {
  goals: readonly string[];
  assumes: string;
  minutes: string;
  claim: string;
}

export interface Choice {
  text: string;
  why: string;
  isRight: boolean;
}

export interface Question {
  text: string;
  choices: readonly Choice[];
}

/** Markdown within a line, as HTML. */
type Inline = (text: string) => string;

const FRONT = /^---\n([\s\S]*?)\n---\n+/;
const QUIZ = /^## Quiz\n([\s\S]*?)(?=^## )/m;
/** The question before a figure, and its answer behind it. */
const PREDICT = /^\*\*(?:Predict|Vermuten Sie)\.\*\* ([\s\S]*?)\n\n/gm;
const REVEAL = /<details class="reveal">[\s\S]*?<\/details>\n*/g;

export function frameOf(markdown: string): Frame | null {
  const front = FRONT.exec(markdown)?.[1];
  if (front === undefined) return null;
  const lines = front.split("\n");
  const value = (key: string) => lines.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2) ?? "";
  const goals = lines.filter((line) => line.startsWith("- ")).map((line) => line.slice(2));
  return { goals, assumes: value("assumes"), minutes: value("minutes"), claim: value("claim") };
}

export function quizOf(markdown: string): Question[] {
  const lines = (QUIZ.exec(markdown)?.[1] ?? "").split("\n").filter((line) => line !== "");
  const questions: { text: string; choices: Choice[] }[] = [];
  for (const line of lines) {
    const text = line.slice(2);
    const [said = "", why = ""] = text.split(" :: ");
    if (line.startsWith("? ")) questions.push({ text, choices: [] });
    else if (/^[+-] /.test(line)) questions.at(-1)?.choices.push({ text: said, why, isRight: line.startsWith("+") });
    else throw new Error(`a line of a quiz begins with ?, + or -: ${line}`);
  }
  return questions;
}

/** What is asked before each figure. */
export function predictionsOf(markdown: string): string[] {
  return [...markdown.matchAll(PREDICT)].map(([, question = ""]) => question);
}

/** The lesson without its frame, its quiz and the questions around its figures. */
export function proseOf(markdown: string): string {
  return markdown.replace(FRONT, "").replace(QUIZ, "").replace(PREDICT, "").replace(REVEAL, "");
}

/** As it is rendered: the frame apart, and the quiz as HTML. */
export function withoutFront(markdown: string, inline: Inline): string {
  const questions = quizOf(markdown);
  const quiz = questions.map((question, i) => fieldset(question, i + 1, inline)).join("\n");
  return markdown.replace(FRONT, "").replace(QUIZ, () => `## Quiz\n\n${quiz}\n\n`);
}

export function frameHtml({ goals, assumes, minutes }: Frame, inline: Inline): string {
  const listed = goals.map((goal) => `<li>${inline(goal)}</li>`).join("");
  return `<dl class="lesson-frame">
<dt>${msg("Afterwards you can")}</dt><dd><ul>${listed}</ul></dd>
<dt>${msg("Assumed")}</dt><dd>${inline(assumes)}</dd>
<dt>${msg("Minutes")}</dt><dd>${minutes}</dd>
<dt>${msg("Symbols")}</dt><dd><a href="notation.html">${msg("the notation card")}</a></dd>
</dl>`;
}

/** It answers by a script (lesson.ts), and without one by opening what is below. No line is blank: it is one block of HTML. */
function fieldset({ text, choices }: Question, number: number, inline: Inline): string {
  const options = choices.map(({ text: said }, i) => {
    const radio = `<input type="radio" name="quiz-${number}" value="${i}" />`;
    return `<label>${radio} <span>${letter(i)}) ${inline(said)}</span></label>`;
  });
  const reasons = choices.map(
    ({ why, isRight }) =>
      `<li${isRight ? ' class="right"' : ""}>${isRight ? `<b>${msg("Right.")}</b> ` : ""}${inline(why)}</li>`,
  );
  return `<fieldset class="quiz">
<legend>${number}. ${inline(text)}</legend>
${options.join("\n")}
<output aria-live="off"></output>
<details class="why"><summary>${msg("Every choice explained")}</summary><ol type="a">${reasons.join("")}</ol></details>
</fieldset>`;
}

function letter(i: number): string {
  return String.fromCharCode("a".charCodeAt(0) + i);
}
