// Pictures of the page to look at: each comparison after a short training, in light, dark and on a phone. Written by
// `cargo xtask screenshots` to test-results/screenshots.
import { expect } from "@playwright/test";
import { PRESET_IDS } from "../../www/src/experiment/presets";
import { choosePreset, type Page, scrubTo, setBudget, test, trainButton } from "./opened";

const FOLDER = process.env.SCREENSHOTS;
test.skip(FOLDER === undefined, "written only when asked for");

const SECONDS = 12;
/** For the finest density, and every metric at rest. */
const SETTLING_MS = 9_000;
const LOOKS = [
  { look: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { look: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { look: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

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

for (const { look, colorScheme, viewport } of LOOKS) {
  for (const id of PRESET_IDS) {
    test(`${id}, ${look}`, async ({ page }) => {
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await choosePreset(page, id);
      await setBudget(page, "seconds", SECONDS);
      await trainButton(page).click();
      await expect(trainButton(page)).toHaveText("Done", { timeout: 240_000 });
      await scrubTo(page, 0.3);
      await page.waitForTimeout(SETTLING_MS);
      await shoot(page, `${id}-${look}`);
    });
  }
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

test("the picture in the README", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await scrubTo(page, 0.35);
  await page.waitForTimeout(SETTLING_MS);
  await page.screenshot({ path: `${FOLDER}/readme.png` });
});
