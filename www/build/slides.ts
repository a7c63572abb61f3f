// One slide a lesson, made of what the lesson says of itself: its goals, its first figure, its claim and its first question.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { LANGUAGE, msg, sourceIn } from "./languages.ts";
import { frameOf, predictionsOf } from "./teaching.ts";

/** What stands for them in a page's Markdown. */
export const SLIDES = "<!-- slides -->";

export function slidesHtml(folder: string, inline: (text: string) => string): string {
  const names = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name));
  const sources = names.sort().map((name) => [name, sourceIn(LANGUAGE, `${basename(folder)}/${name}`)] as const);
  return sources
    .map(([name, path]) => (path === null ? "" : slide(name, readFileSync(path, "utf8"), inline)))
    .join("\n");
}

function slide(name: string, text: string, inline: (text: string) => string): string {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? "";
  const { goals = [], claim = "" } = frameOf(text) ?? {};
  // As high as it is by itself, whatever the lesson gives it.
  const figure = (/<figure>[\s\S]*?<\/figure>/.exec(text)?.[0] ?? "").replace(/ style="[^"]*"/g, "");
  const id = name.replace(/\.md$/, "");
  return `<section class="slide" id="${id}">
<h2><a href="${id}.html">${Number.parseInt(name, 10)}. ${inline(title)}</a></h2>
<ul>${goals.map((goal) => `<li>${inline(goal)}</li>`).join("")}</ul>
${figure}
<p class="question"><b>${msg("Predict.")}</b> ${inline(predictionsOf(text)[0] ?? "")}</p>
<p class="claim">${inline(claim)}</p>
</section>`;
}
