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
  /(?<![\p{L}\\-])(the|of|and|is|are|with|to|from|for|that|this|its|by|or|which|where|when|as)(?![\p{L}-])/iu;

/** Texts and what is read out, but for what is marked as English, and for what is typed or pasted. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // Works are called what they are called.
    const sources = [...document.querySelectorAll("h2")].find(({ textContent }) => textContent === "Quellen");
    const isTitle = (element: Element) =>
      sources !== undefined &&
      (sources.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) > 0 &&
      element.closest("em") !== null;
    const isSeen = (element: Element | null) =>
      element !== null &&
      !isTitle(element) &&
      // A link elsewhere is called as what it leads to.
      element.closest('[lang="en"], a[href^="http"], script, style, code, pre, .katex, .tex, textarea') === null &&
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
    const deck = /„Flow-based generative models – from normalizing flow to flow matching“/g;
    return texts.map((text) => text.replace(/\s+/g, " ").replace(deck, "").trim()).filter((text) => text !== "");
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
  expect(await page.locator(".status .loss dd").first().innerText()).toMatch(/^−?\d+,\d+$/);
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

test("the way to another language takes the comparison along, own points too", async ({ page }) => {
  await page.goto("./index.html?device=cpu#panels=flow-matching&seed=11&width=16&depth=1&v=1");
  await firstView(page);
  await press(page, ".to-settings");
  await page.getByRole("button", { name: "Paste" }).click();
  await page
    .getByRole("textbox", { name: "Points" })
    .fill("x,y\n".concat(...Array.from({ length: 20 }, (_, i) => `${Math.cos(i).toFixed(3)},${i / 10}\n`)));
  await page.getByRole("button", { name: "Use these points" }).click();
  const own = page.locator('fieldset.data [aria-pressed="true"]');
  await expect(own).toHaveAttribute("aria-label", "your points");
  await leave(page);
  await page.locator("a.language").click();
  await expect(page).toHaveURL(/\/de\/index\.html\?device=cpu#.*seed=11/);
  await firstView(page);
  await press(page, ".to-settings");
  await expect(own).toHaveAttribute("aria-label", "Ihre Punkte");
  await expect(page.locator(".seed input")).toHaveValue("11");
  await leave(page);
  await page.locator("a.language").click();
  await expect(page).toHaveURL(/\/sub-path\/index\.html\?device=cpu#.*seed=11/);
});

test("each language is kept for offline by itself, and all of what they share", async ({ request }) => {
  const listed = async (folder: string): Promise<string[]> => {
    const worker = await (await request.get(`./${folder}service-worker.js`)).text();
    return JSON.parse(/const FILES = (\[[\s\S]*?\]);/.exec(worker)?.[1] ?? "[]").map(([path]: [string]) => path);
  };
  const [english, german] = await Promise.all([listed(""), listed("de/")]);
  expect(english.filter((path) => path.startsWith("de/"))).toEqual([]);
  expect(german).toEqual(expect.arrayContaining(["index.html", "lessons/01-flows.html"]));
  const shared = german.filter((path) => path.startsWith("../"));
  expect(shared.some((path) => path.endsWith(".wasm")) && shared.some((path) => path.endsWith(".film"))).toBe(true);
  expect(english).toEqual(expect.arrayContaining(shared.map((path) => path.replace("../", ""))));
});

/** What is wider than the window or lies over another control, by its label; what lies in a dialog or drawer is over the rest. */
function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const top = document.querySelector("dialog[open], [data-drawer=open]") ?? document.body;
    const all = [...top.querySelectorAll("button, select, input:not([type=file]), a, summary, h2, .hint")];
    const seen = all
      .filter((one) => one.checkVisibility())
      .map((one) => ({
        one,
        box: one.getBoundingClientRect(),
        name: (one.getAttribute("aria-label") ?? one.textContent ?? "").trim(),
      }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    // What scrolls in a box of its own is cut by it.
    const isCut = ({ one, box }: (typeof seen)[number]) =>
      one.closest(".scroll") === null && (box.left < -1 || box.right > document.documentElement.clientWidth + 1);
    const wrong = seen.filter(isCut).map(({ name }) => `cut: ${name}`);
    for (const [i, a] of seen.entries())
      for (const b of seen.slice(i + 1)) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        const isWithin = a.one.contains(b.one) || b.one.contains(a.one);
        if (across > 2 && down > 2 && !isWithin) wrong.push(`${a.name} and ${b.name}`);
      }
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
      wrong.push("wider than the window");
    return wrong;
  });
}

for (const [width, height] of [
  [1280, 720],
  [390, 844],
] as const) {
  test(`from right to left nothing is cut or overlaps, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const states: Readonly<Record<string, () => Promise<void>>> = {
      "at rest": async () => undefined,
      help: async () => {
        await press(page, ".to-help");
        await expect(page.locator("dialog[open] h2").first()).toBeVisible();
      },
      settings: async () => {
        await leave(page);
        await expect(page.locator("dialog[open]")).toHaveCount(0);
        await press(page, ".to-settings");
        await expect(page.locator(".setup .knob").first()).toBeVisible();
      },
    };
    for (const [where, open] of Object.entries(states)) {
      await open();
      const before = await misplaced(page);
      await page.evaluate(() => {
        document.documentElement.dir = "rtl";
      });
      const after = await misplaced(page);
      expect
        .soft(
          after.filter((one) => !before.includes(one)),
          where,
        )
        .toEqual([]);
      await page.evaluate(() => {
        document.documentElement.dir = "ltr";
      });
    }
  });
}
