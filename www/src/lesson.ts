// A lesson: its formulas, and how it is printed.
import { applyStyles, typesetAll } from "./article";
import { keepForOffline } from "./offline";

const SHOW_MS = 2000;

applyStyles();
const isTypeset = typesetAll();
keepForOffline();

const figures = [...document.querySelectorAll("flow-playground")];
if (figures.length > 0) document.querySelector("h1")?.after(handoutBar());

function handoutBar(): HTMLElement {
  const bar = Object.assign(document.createElement("p"), { className: "handout-bar" });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Print this lesson" });
  const label = document.createElement("label");
  const answers = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
  label.append(answers, " with answers, on the last page");
  const status = document.createElement("output");
  button.addEventListener("click", async () => {
    const tell = (text: string) => {
      status.textContent = text;
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
  bar.append(button, label, status);
  return bar;
}

/** Every figure trained and drawn for paper, one after the other: each must be on screen meanwhile. */
async function prepare(withAnswers: boolean, tell: (text: string) => void): Promise<void> {
  const { scrollX, scrollY } = window;
  await isTypeset;
  document.querySelector(".answers")?.remove();
  if (withAnswers) document.querySelector("article")?.append(answersOf());
  for (const [i, figure] of figures.entries()) {
    tell(`Training and drawing figure ${i + 1} of ${figures.length} …`);
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
  const title = Object.assign(document.createElement("h2"), { textContent: "Answers" });
  const list = document.createElement("dl");
  for (const [i, details] of document.querySelectorAll("article details").entries()) {
    const term = Object.assign(document.createElement("dt"), { textContent: `Exercise ${i + 1}` });
    const answer = document.createElement("dd");
    for (const part of details.children) if (part.tagName !== "SUMMARY") answer.append(part.cloneNode(true));
    list.append(term, answer);
  }
  section.append(title, list);
  return section;
}
