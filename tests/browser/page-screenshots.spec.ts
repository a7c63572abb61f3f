// Pictures of the page to look at: each comparison after a short training, in light, dark and on a phone, and each figure of
// the lessons. Written by `cargo xtask screenshots` to test-results/screenshots.
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import type { FlowPlaygroundElement } from "../../www/src/element";
import { PRESET_IDS } from "../../www/src/experiment/presets";
import { choosePreset, type Page, scrubTo, setBudget, test, trainButton } from "./opened";

const FOLDER = process.env.SCREENSHOTS;
test.skip(FOLDER === undefined, "written only when asked for");

const SECONDS = 12;
/** Some comparisons would train for hours, a step of theirs takes many seconds, and they say so. */
const MOST_TRAINING_MS = 90_000;
/** For the finest density, and every metric at rest. */
const SETTLING_MS = 9_000;
/** For the same in other colors, or at another width. */
const REDRAWING_MS = 4_000;
const LOOKS = [
  { look: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { look: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { look: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

const LESSONS = new URL("../../www/lessons/", import.meta.url);
const FIGURES = readdirSync(LESSONS)
  .filter((name) => /^\d.*\.md$/.test(name))
  .sort()
  .flatMap((name) =>
    [...readFileSync(new URL(name, LESSONS), "utf8").matchAll(/<flow-playground\b/g)].map((_, i) => ({
      lesson: name.replace(".md", ""),
      i,
    })),
  );

/** Whole, after every chart has been looked at once: they are drawn when they are. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const figure of await page.locator(".evidence figure").all()) {
    await figure.scrollIntoViewIfNeeded();
    await page.waitForTimeout(700);
  }
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true });
}

/** To the end of a short budget, or for as long as there is time. */
async function trainAWhile(page: Page): Promise<void> {
  await trainButton(page).click();
  const done = expect(trainButton(page)).toHaveText("Done", { timeout: MOST_TRAINING_MS });
  const pause = page.locator("button.train", { hasText: "Pause" });
  // It may be done just then.
  await done.catch(() => pause.click({ timeout: 30_000 })).catch(() => undefined);
  // A step of a U-Net is waited for.
  await expect(trainButton(page)).not.toHaveText("Pause", { timeout: MOST_TRAINING_MS });
}

for (const id of PRESET_IDS) {
  test(id, async ({ page }) => {
    test.setTimeout(600_000);
    await choosePreset(page, id);
    await setBudget(page, "seconds", SECONDS);
    await trainAWhile(page);
    await scrubTo(page, 0.3);
    for (const { look, colorScheme, viewport } of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await page.waitForTimeout(look === "light" ? SETTLING_MS : REDRAWING_MS);
      await shoot(page, `${id}-${look}`);
    }
  });
}

for (const { lesson, i } of FIGURES) {
  test(`${lesson}, figure ${i + 1}`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`./lessons/${lesson}.html`);
    const figure = page.locator("flow-playground").nth(i);
    await figure.scrollIntoViewIfNeeded();
    await page.waitForTimeout(1_000);
    await figure.screenshot({ path: `${FOLDER}/${lesson}-${i + 1}-poster.png` });
    await figure.evaluate(async (one: FlowPlaygroundElement, ms) => {
      const done = new Promise((resolve) => one.addEventListener("flow-done", resolve, { once: true }));
      await one.start();
      // To the step that its link says, or to the end of its budget, or for as long as there is time.
      const refused = one.train().then(
        () => null,
        (error: Error) => error,
      );
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, ms))]);
      await one.pause();
      one.play(false);
      const error = await refused;
      if (error !== null) throw error;
    }, 2_000 * SECONDS);
    await page.waitForTimeout(SETTLING_MS);
    await figure.screenshot({ path: `${FOLDER}/${lesson}-${i + 1}.png` });
  });
}

test("on a projector, in training, with the field and an inspected point", async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await choosePreset(page, "exact-vs-learned");
  for (const layer of ["velocity", "density"]) await page.locator(`[data-layer="${layer}"]`).click();
  await trainButton(page).click();
  await page.waitForTimeout(20_000);
  await scrubTo(page, 0.35);
  const stage = page.locator('article[data-slot="b"] .stage');
  const { width, height } = (await stage.boundingBox()) ?? { width: 0, height: 0 };
  await stage.click({ position: { x: 0.42 * width, y: 0.35 * height } });
  await page.waitForTimeout(3_000);
  await page.screenshot({ path: `${FOLDER}/projector.png` });
});

test.describe("as a new reader sees it", () => {
  test.use({ drawer: "closed" });

  test("the picture in the README", async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await scrubTo(page, 0.35);
    await page.waitForTimeout(SETTLING_MS);
    // Not where the focus is, of whoever moved the time.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.screenshot({ path: `${FOLDER}/readme.png` });
  });
});
