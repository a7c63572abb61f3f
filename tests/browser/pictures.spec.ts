// Points that are pictures: how they come from noise, and what was learned of them, in strips below the stage and on paper.
import { expect } from "@playwright/test";
import { presetOf } from "../../www/src/experiment/presets";
import {
  layerOf,
  openFragment,
  type Page,
  pictureOf,
  pressPreset,
  stepsOf,
  test,
  trainButton,
  trainToEnd,
} from "./opened";

const SMALL = "data=drawn-digits&side=8&width=16&depth=1&budget=steps/40&solver=euler&steps=4&v=1";
const LEARNED = { timeout: 90_000 };

/** The pictures of a column of a panel's strip, as text that is the same where they are. */
function column(page: Page, slot: string, strip: number, at: number): Promise<string> {
  const canvas = page.locator(`[data-slot="${slot}"] .strip`).nth(strip).locator("canvas").nth(at);
  return canvas.evaluate((one: HTMLCanvasElement) => one.toDataURL());
}

test("strips show the same noise in every panel, and another sampler at once", async ({ page }) => {
  await openFragment(page, `panels=flow-matching,ddpm&${SMALL}`);
  const strips = page.locator('[data-slot="b"] .strips > div .strip');
  await expect(strips).toHaveCount(2);
  await expect(strips.nth(1)).toContainText("by Euler");
  const names = ["1 step", "2 steps", "4 steps", "8 steps", "20 steps"];
  await expect(strips.nth(1).locator("span")).toHaveText(names);
  expect(await column(page, "a", 0, 0)).toBe(await column(page, "b", 0, 0));
  await trainToEnd(page);
  await expect(page.locator('[data-slot="a"] details', { hasText: "What it learned" })).toBeVisible(LEARNED);
  expect(await column(page, "a", 0, 0)).toBe(await column(page, "b", 0, 0));
  // In four steps it ends where the picture on its way does.
  expect(await column(page, "a", 0, 5)).not.toBe(await column(page, "b", 0, 5));
  await page.getByLabel("Solver", { exact: true }).selectOption("midpoint");
  await expect(strips.nth(1)).toContainText("4 steps, 8 NFE", LEARNED);
});

test("what hours of training would take is said on its first steps, and they are not lost", async ({ page }) => {
  await openFragment(
    page,
    "panels=normalizing-flow;optimizer.batch:4,flow-matching&data=drawn-digits&side=8&network=u-net&v=1",
  );
  await trainButton(page).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(
    /Normalizing flow: [\d.]+ s a step of \d+ network evaluations, \d+ (min|h)/,
    LEARNED,
  );
  await expect(dialog).toContainText(/Flow matching: [\d.]+ s a step of 2 network evaluations/);
  await dialog.getByRole("button", { name: "Not now" }).click();
  await expect(trainButton(page)).toHaveText("Continue");
  expect(await stepsOf(page)).toEqual([1, 10]);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Pause");
  await expect(dialog).toHaveCount(0);
  await trainButton(page).click();
});

test("what was learned is below, and on paper; of points that are no pictures there is nothing", async ({ page }) => {
  await expect(page.locator(".strips")).toHaveCount(0);
  await openFragment(page, `panels=flow-matching&${SMALL}`);
  await trainToEnd(page);
  const learned = page.locator(".panel .strips details");
  await learned.locator("summary").click(LEARNED);
  await expect(learned.locator("figcaption")).toHaveText([/nearest of 2,000/, /From one picture/, /Pictures hurt/]);
  const blank = await learned.locator("canvas").evaluateAll(
    (canvases) =>
      (canvases as HTMLCanvasElement[]).filter((one) => {
        const { data } = one.getContext("2d")?.getImageData(0, 0, one.width, one.height) ?? { data: [] };
        return new Set(data).size < 4;
      }).length,
  );
  expect(blank).toBe(0);
  await page.evaluate(() => {
    window.print = () => undefined;
  });
  await page.getByRole("button", { name: "Print this" }).click();
  await expect(page.locator(".handout .strip canvas")).toHaveCount(6 + 5 + 8 + 6 + 6);
});

test("pictures that were trained before are there when they are chosen, and Train starts from scratch", async ({
  page,
}) => {
  await pressPreset(page, "pictures");
  const steps = page.locator(".status .step dd");
  await expect(steps).toHaveText(["pre-trained", "pre-trained", "pre-trained"], LEARNED);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect(steps).toHaveText([/^1 /, /^1 /, /^1 /], LEARNED);
  // Of another side nothing was trained.
  await page.getByLabel("Side", { exact: true }).selectOption("8");
  await expect(steps).toHaveText([/^0 /, /^0 /, /^0 /], LEARNED);
  await page.getByLabel("Side", { exact: true }).selectOption("16");
  await expect(steps.first()).toHaveText("pre-trained", LEARNED);
});

test("what a U-Net's likelihood takes is said, and it is measured meanwhile until that is stopped or other weights are there", async ({
  page,
}) => {
  await openFragment(page, "panels=flow-matching&data=digits&network=u-net&v=1");
  await page.locator("#evidence-heading").scrollIntoViewIfNeeded();
  const place = page.locator('.comparison [data-slot="a"] [data-column="NLL"]');
  const measure = place.getByRole("button", { name: /^Measure: about [\d.]+ (s|min)$/ });
  await measure.click(LEARNED);
  const share = () => place.getByRole("progressbar").evaluate((progress: HTMLProgressElement) => progress.value);
  await expect.poll(share, LEARNED).toBeGreaterThan(0);
  await place.getByRole("button", { name: "Stop" }).click();
  await measure.click();
  await expect(place.getByRole("progressbar")).toHaveCount(1);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect(place.getByRole("progressbar")).toHaveCount(0, LEARNED);
});

test("one picture that is a sheet is shown as it would be cut, and cut so", async ({ page }) => {
  await page.goto("./");
  const sheet = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(302, 92);
    const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
    context.fillRect(0, 0, 302, 92);
    context.fillStyle = "white";
    for (let i = 0; i < 28; i++) {
      const [left, top] = [2 + 30 * (i % 10), 2 + 30 * Math.floor(i / 10)];
      context.fillRect(left + 8 + (i % 4), top + 8, 8, 5 + (i % 7));
      context.fillRect(left, top, 28, 4);
      context.fillRect(left, top, 3, 28);
    }
    return Array.from(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
  });
  const file = { name: "sheet.png", mimeType: "image/png", buffer: Buffer.from(sheet) };
  await page.locator('input[type="file"]:not([webkitdirectory])').setInputFiles(file);
  const dialog = page.locator("dialog[open]");
  await expect(dialog).toContainText("sheet.png is one picture of 302 × 92 pixels. It looks like a sheet of these:");
  for (const side of ["across", "down"]) {
    await expect(dialog.getByLabel(`pixels of each ${side}`)).toHaveValue("28");
    await expect(dialog.getByLabel(`gap between ${side}`)).toHaveValue("2");
  }
  await dialog.getByLabel("pictures across").fill("5");
  await expect(dialog.getByRole("button", { name: "Use these 15 pictures" })).toBeDisabled();
  await dialog.getByLabel("pictures across").fill("10");
  await dialog.getByRole("button", { name: "Use these 30 pictures" }).click();
  const said = page.locator(".data .notice");
  await expect(said).toContainText("28 pictures of 28 × 28 pixels of gray", LEARNED);
  await expect(said).toContainText("Left out: 2 blank tiles of the sheet.");
  // By methods that are for pictures, whatever was on screen.
  await expect(page.locator("button.choice")).toContainText(presetOf("pictures").title);
});

test("real digits on a plane: every place has a picture, in layers, strips, the inspector and a link", async ({
  page,
}) => {
  await openFragment(page, "panels=flow-matching&data=digit-codes&budget=steps/40&play=no&t=0&v=1");
  await trainToEnd(page);
  await expect(page.getByText(/^Points are codes of pictures/)).toHaveCount(1);
  await expect(page.locator('[data-slot="a"] .strips > div .strip')).toHaveCount(1);
  await page.locator('[data-layer="stamps"]').click();
  await expect.poll(async () => layerOf(await pictureOf(page, ""), "stamps")).toContain("<rect");
  expect(layerOf(await pictureOf(page, ""), "decoded")).toContain("<rect");
  await page.locator(".stage").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator('[data-slot="a"] .inspector svg.decoded rect')).toHaveCount(64);
  await expect(page.locator('[data-slot="a"] .strips > div .strip').first()).toContainText("nearest to the inspected");
  await expect.poll(() => page.url()).toContain("stamps");
  await openFragment(page, "panels=flow-matching&play=no&t=0&v=1");
  await expect(page.locator('[data-layer="decoded"]')).toHaveCount(0);
  await expect(page.locator(".strips")).toHaveCount(0);
});
