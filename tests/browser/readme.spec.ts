// The README's snippets of the library run as they are printed, on a page beside the library.
import { readFileSync } from "node:fs";
import { expect, test } from "./blank";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const SNIPPETS = [...README.matchAll(/```(?:js|ts)\n(.*?)```/gs)].map(([, code]) => code ?? "");

test("the README shows the library", () => {
  expect(SNIPPETS.join("\n")).toContain("createEngine");
});

for (const [i, snippet] of SNIPPETS.entries()) {
  test(`README snippet ${i + 1} runs`, async ({ page, baseURL }) => {
    const url = new URL("flow-playground.js", baseURL).href;
    const content = snippet.replace(/"[^"]*flow-playground\.js"/, JSON.stringify(url));
    await page.addScriptTag({ type: "module", content: `${content}\ndocument.title = "The snippet ended";` });
    await expect(page).toHaveTitle("The snippet ended", { timeout: 60_000 });
  });
}
