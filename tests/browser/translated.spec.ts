// A browser's translator rewrites the text of a page while it lives: what changes with the run must not be among it, or the page
// would write into text that is gone.
import { expect } from "@playwright/test";
import { type Page, stepsOf, test, trainButton } from "./opened";

/** As translators do: every piece of text that may be translated gets elements of theirs around it. */
function translate(page: Page): Promise<number> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) {
      const text = walker.currentNode as Text;
      const kept = text.parentElement?.closest("[translate], script, style");
      const mayBe = kept === null || kept?.getAttribute("translate") === "yes";
      if (mayBe && text.data.trim() !== "") texts.push(text);
    }
    for (const text of texts) {
      const [outer, inner] = [document.createElement("font"), document.createElement("font")];
      outer.append(inner);
      inner.append(text.data.toUpperCase());
      text.replaceWith(outer);
    }
    return texts.length;
  });
}

test("a page that a translator has been over trains, changes and measures on", async ({ page }) => {
  expect(await translate(page)).toBeGreaterThan(0);
  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[0] ?? 0).toBeGreaterThan(5);
  await translate(page);
  const panels = await page.locator("article[data-slot]").count();
  await page.getByRole("button", { name: "Add panel" }).click();
  await expect(page.locator("article[data-slot]")).toHaveCount(panels + 1);
  await page
    .getByRole("button", { name: /^Remove panel/ })
    .last()
    .click();
  await expect(page.locator("article[data-slot]")).toHaveCount(panels);
  const before = (await stepsOf(page))[0] ?? 0;
  await expect.poll(async () => (await stepsOf(page))[0] ?? 0).toBeGreaterThan(before);
});
