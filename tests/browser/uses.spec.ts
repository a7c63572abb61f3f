// The page "Who uses what": what it shows for each place is put there, and runs.
import { readFileSync } from "node:fs";
import { expect, type Locator } from "@playwright/test";
import type { FlowPlaygroundElement } from "../../www/src/element";
import { watched as test } from "./blank";

const PAGE = readFileSync(new URL("../../www/docs/uses.md", import.meta.url), "utf8");
const SITE = "https://example.org/flow-playground/";
const SCRIPT = `<script type="module" src="${SITE}flow-playground-element.js"></script>`;

function under(title: string, language: string): string {
  const [, section = ""] = new RegExp(`^## ${title}\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, "m").exec(PAGE) ?? [];
  return new RegExp(`\`\`\`${language}[^\n]*\n([\\s\\S]*?)\`\`\``).exec(section)?.[1] ?? "";
}

function host(body: string, site: string): string {
  return `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Host</title><body>${body.replaceAll(SITE, site)}</body></html>`;
}

const train = (one: Locator) =>
  one.evaluate(async (element: FlowPlaygroundElement) => {
    await element.train(3);
    return element.run()?.step;
  });

test("a static site's two lines, and a blog's one", async ({ page, baseURL }) => {
  const site = under("A static site", "html");
  expect(site).toContain(SCRIPT);
  await page.goto("/blank.html");
  await page.setContent(host(site, baseURL as string));
  expect(await train(page.locator("flow-playground"))).toBe(3);

  await page.goto("/blank.html");
  await page.setContent(host(SCRIPT + under("A blog", "html"), baseURL as string));
  // By itself, once it is seen.
  await expect(page.locator("flow-playground article")).toHaveCount(2);
  expect(await train(page.locator("flow-playground"))).toBe(3);
});

test("a handout by script", async ({ page, baseURL }) => {
  await page.goto("/blank.html");
  const figure = `<flow-playground method="flow-matching" width="16" depth="1" budget="steps/5"></flow-playground>`;
  await page.setContent(host(SCRIPT + figure, baseURL as string));
  const printed = await page.evaluate(
    async (code) => {
      await customElements.whenDefined("flow-playground");
      const element = document.querySelector("flow-playground");
      let texts: string[] = [];
      globalThis.print = () => {
        texts = [...(element?.shadowRoot?.querySelectorAll(".handout figcaption, .way-back") ?? [])].map(
          (one) => one.textContent ?? "",
        );
      };
      const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
      await new AsyncFunction("element", code)(element);
      return texts;
    },
    under("A handout", "js"),
  );
  expect(printed[0]).toContain("seed 7");
  expect(printed[1]).toMatch(/^Flow Playground \d/);
});

test("a course's link opens, and its frame trains", async ({ page, baseURL }) => {
  const link = /\]\(\.\.\/(index\.html#[^)]+)\)/.exec(PAGE)?.[1] ?? "";
  await page.goto(`${baseURL}${link}`);
  await expect(page.locator(".stage").first()).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.locator("table.comparison")).toHaveCount(0);

  await page.goto("/blank.html");
  await page.setContent(host(under("A course", "html"), baseURL as string));
  const frame = page.frameLocator("iframe");
  await frame.getByRole("button", { name: "Step" }).click();
  await expect(frame.locator(".status .step dd")).toHaveText(/^1 /);
});
