// Pictures of the page to look at, written to a folder of one's choice: SCREENSHOTS=test-results/screenshots, and run
// this file with Playwright.
import { type Page, test } from "@playwright/test";

const FOLDER = process.env.SCREENSHOTS;
test.skip(FOLDER === undefined, "written only when asked for");

const DESKTOP = { width: 1440, height: 900 };
const DENSITY_MS = 8_000;

async function open(page: Page, viewport: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(viewport);
  await page.goto("./");
  await page.waitForFunction(() => performance.getEntriesByName("first-view").length > 0);
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true });
}

async function scrubTo(page: Page, t: number): Promise<void> {
  await page.getByRole("slider", { name: /^Time t/ }).fill(String(t));
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`desktop, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, DESKTOP);
    await scrubTo(page, 0.35);
    await page.waitForTimeout(DENSITY_MS);
    await shoot(page, `desktop-${colorScheme}`);
  });
}

test("phone", async ({ page }) => {
  await open(page, { width: 390, height: 844 });
  await scrubTo(page, 0.15);
  await page.waitForTimeout(DENSITY_MS);
  await shoot(page, "phone");
});

test("projector, all layers", async ({ page }) => {
  await open(page, { width: 1920, height: 1080 });
  await page.getByRole("button", { name: "Solver states" }).click();
  await scrubTo(page, 0.5);
  await page.waitForTimeout(DENSITY_MS);
  await shoot(page, "projector");
});

test("in training", async ({ page }) => {
  await open(page, DESKTOP);
  await page.getByRole("button", { name: "8 Gaussians" }).click();
  await page.locator("button.train").click();
  await page.waitForTimeout(45_000);
  await scrubTo(page, 0.2);
  await shoot(page, "training");
});

test("JKO-iFlow beside OT coupling, in training", async ({ page }) => {
  await open(page, DESKTOP);
  await page.getByLabel("Method of panel A").selectOption("jko-iflow");
  await page.getByLabel("Method of panel B").selectOption("ot-coupling");
  await page.locator("button.train").click();
  await page.waitForTimeout(60_000);
  await scrubTo(page, 0.3);
  await page.waitForTimeout(3_000);
  await shoot(page, "jko-and-ot");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(3_000);
  await shoot(page, "jko-and-ot-phone");
});

test("the exact field beside a distilled student", async ({ page }) => {
  await open(page, DESKTOP);
  await page.getByRole("button", { name: "checkerboard" }).click();
  await page.getByLabel("Method of panel A").selectOption("exact-field");
  await page.getByLabel("Method of panel B").selectOption("distilled");
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await scrubTo(page, 0.1);
  await page.waitForTimeout(20_000);
  await shoot(page, "exact-and-distilled");
});
