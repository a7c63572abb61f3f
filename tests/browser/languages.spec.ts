// The page in another language: nothing of it in English, its numbers as it writes them, and all of a comparison taken along.
import { readdirSync, readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { firstView, test } from "./opened";

test.use({ drawer: "closed" });

const FOLDER = new URL("../../www/languages/de/", import.meta.url);
const CATALOG = Object.assign(
  {},
  ...readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"))),
) as Record<string, string>;
/** What is shown in English, word for word, was not translated where it stands. */
const ENGLISH = Object.keys(CATALOG).filter((text) => CATALOG[text] !== text);
const FUNCTION_WORDS =
  /(?<![\p{L}-])(the|of|and|is|are|with|to|from|for|that|this|its|by|or|which|where|when|as)(?![\p{L}-])/iu;

/** Texts and what is read out, but for what is marked as English, and for what is typed or pasted. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isSeen = (element: Element | null) =>
      element !== null &&
      element.closest('[lang="en"], script, style, code, pre, .katex, .tex, textarea') === null &&
      element.checkVisibility();
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode as Text;
      if (isSeen(parentElement)) texts.push(data);
    }
    for (const element of document.querySelectorAll("[title], [aria-label], [placeholder], [aria-valuetext]"))
      if (isSeen(element))
        for (const name of ["title", "aria-label", "placeholder", "aria-valuetext"])
          texts.push(element.getAttribute(name) ?? "");
    return texts.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text !== "");
  });
}

async function expectGerman(page: Page, where: string): Promise<void> {
  const texts = await textsOf(page);
  expect(texts.length).toBeGreaterThan(3);
  const wrong = texts.filter((text) => FUNCTION_WORDS.test(text) || ENGLISH.includes(text));
  expect.soft([...new Set(wrong)], where).toEqual([]);
}

const press = (page: Page, selector: string) => page.locator(selector).first().click();
const unfold = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
const leave = (page: Page) => page.keyboard.press("Escape");

test("no English is left on the German page", async ({ page }) => {
  const small = "width=16&depth=1&budget=steps/40&columns=mmd,straightness&v=1";
  await page.goto(`./de/index.html?device=cpu#panels=flow-matching,ot-coupling&${small}`);
  await firstView(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expectGerman(page, "at rest");
  await press(page, "button.train");
  await expect(page.getByText("Die Budgets sind aufgebraucht.")).toBeVisible({ timeout: 60_000 });
  await page.locator(".evidence table").scrollIntoViewIfNeeded();
  await expectGerman(page, "trained");
  expect(await page.locator(".status .loss dd").first().innerText()).toMatch(/^−?-?\d+,\d+$/);
  await press(page, ".to-settings");
  await expect(page.locator(".setup .knob").first()).toBeVisible();
  await unfold(page);
  await expectGerman(page, "settings");
  await leave(page);
  const dialogs: Readonly<Record<string, string>> = {
    comparisons: ".compare .choice",
    method: ".tools .about",
    "take away": '.tools [title*="Python"]',
    embed: ".share button:nth-of-type(2)",
    help: ".to-help",
    present: ".to-present",
  };
  for (const [where, button] of Object.entries(dialogs)) {
    await press(page, button);
    await expect(page.locator("dialog[open]")).toContainText(/\p{L}{3}/u);
    await expect(page.locator("dialog[open]")).not.toContainText("Wird geladen");
    await unfold(page);
    await expectGerman(page, where);
    await leave(page);
    await expect(page.locator("dialog[open]")).toHaveCount(0);
  }
  await page.goto("./de/index.html?tour=1");
  await expect(page.locator(".tour h2")).toBeVisible();
  await expectGerman(page, "tour");
  await page.goto("./de/lessons/06-flow-matching.html");
  await expect(page.locator(".katex").first()).toBeVisible();
  await unfold(page);
  await expectGerman(page, "lesson");
});
