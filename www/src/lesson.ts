// A lesson: its formulas, its quiz, and how it is printed.

import { announce } from "./announcer";
import { applyStyles, typesetAll } from "./article";
import { msg } from "./language";
import { keepForOffline } from "./offline";

const SHOW_MS = 2000;

applyStyles();
const isTypeset = typesetAll();
keepForOffline();

for (const question of document.querySelectorAll("fieldset.quiz")) answer(question);

document.querySelector("#exercises")?.addEventListener("click", async () => {
  const [{ exercises }, { save }] = await Promise.all([import("./take-away/notebook"), import("./save")]);
  save(exercises(), "application/x-ipynb+json", "flow-matching-exercises.ipynb");
});

const figures = [...document.querySelectorAll("flow-playground")];
if (figures.length > 0) document.querySelector("h1")?.after(handoutBar());

function handoutBar(): HTMLElement {
  const bar = Object.assign(document.createElement("p"), { className: "handout-bar" });
  const isLesson = document.querySelector(".slide") === null;
  const textContent = isLesson ? msg("Print this lesson") : msg("Print these slides");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent });
  const label = document.createElement("label");
  const answers = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
  label.append(answers, msg(" with answers, at the end"));
  const status = document.createElement("span");
  button.addEventListener("click", async () => {
    const tell = (text: string) => {
      status.textContent = text;
      if (text !== "") announce(text, status);
    };
    button.disabled = true;
    try {
      await prepare(answers.checked, tell);
      tell("");
      print();
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    } finally {
      button.disabled = false;
    }
  });
  bar.append(button, ...(document.querySelector(".quiz") === null ? [] : [label]), status);
  return bar;
}

/** Says at once what is to be said of the choice; without this script it stands below the choices, folded. */
function answer(question: Element): void {
  const reasons = question.querySelectorAll(".why li");
  question.addEventListener("change", ({ target }) => {
    const reason = target instanceof HTMLInputElement ? reasons[Number(target.value)] : undefined;
    const verdict = question.querySelector("output");
    if (reason === undefined || verdict === null) return;
    const isRight = reason.classList.contains("right");
    verdict.className = isRight ? "right" : "wrong";
    verdict.replaceChildren(...(isRight ? [] : [msg("Not this one. ")]), ...reason.cloneNode(true).childNodes);
    announce(verdict.textContent ?? "", question);
  });
}

/** Every figure trained and drawn for paper, one after the other: each must be on screen meanwhile. */
async function prepare(withAnswers: boolean, tell: (text: string) => void): Promise<void> {
  const { scrollX, scrollY } = window;
  await isTypeset;
  document.querySelector(".answers")?.remove();
  if (withAnswers && document.querySelector(".quiz") !== null) document.querySelector("article")?.append(answersOf());
  for (const [i, figure] of figures.entries()) {
    tell(msg(`Training and drawing figure ${i + 1} of ${figures.length} …`));
    const show = () => figure.scrollIntoView({ block: "center" });
    show();
    // A reader who scrolls on would have it wait for ever.
    const again = setInterval(show, SHOW_MS);
    await figure.layOut().finally(() => clearInterval(again));
  }
  scrollTo(scrollX, scrollY);
  document.documentElement.dataset.handout = "ready";
}

function answersOf(): HTMLElement {
  const section = Object.assign(document.createElement("section"), { className: "answers" });
  const title = Object.assign(document.createElement("h2"), { textContent: msg("Answers") });
  const list = document.createElement("dl");
  const add = (name: string, parts: Iterable<Node>) => {
    const answer = document.createElement("dd");
    for (const part of parts) answer.append(part.cloneNode(true));
    list.append(Object.assign(document.createElement("dt"), { textContent: name }), answer);
  };
  const withoutSummary = ({ children }: Element) => [...children].filter(({ tagName }) => tagName !== "SUMMARY");
  for (const [i, details] of document.querySelectorAll("details.reveal").entries())
    add(msg(`Figure ${i + 1}`), withoutSummary(details));
  for (const [i, details] of document.querySelectorAll("article details:not([class])").entries())
    add(msg(`Exercise ${i + 1}`), withoutSummary(details));
  for (const [i, question] of document.querySelectorAll(".quiz").entries()) {
    const choices = [...question.querySelectorAll(".why li")];
    const right = choices.findIndex((choice) => choice.classList.contains("right"));
    add(msg(`Quiz ${i + 1}: ${"abcd"[right]}`), choices[right]?.childNodes ?? []);
  }
  section.append(title, list);
  return section;
}
