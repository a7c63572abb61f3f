// A talk: the stages as large as the screen, worked by keys, slide by slide; and everything as it was when it ends.
import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { violationsOf } from "./axe";
import { fingerprint, openFragment, type Page, scrubTo, stepsOf, test } from "./opened";
import { stagesShare } from "./stages-share";

test.use({ drawer: "closed" });

const SMALL = "width=16&depth=1&v=1";
const SLIDES = `#panels=flow-matching,ot-coupling,exact-field,ddpm&play=no&${SMALL} Four of them
this is no slide
#panels=flow-matching&data=rings&t=0.5&play=no&${SMALL} Rings`;

const presentButton = (page: Page) => page.getByRole("button", { name: "Present", exact: true });
const bar = (page: Page) => page.getByRole("region", { name: "Presentation" });
const list = (page: Page) => page.getByRole("textbox", { name: "Slides" });
const time = (page: Page) => bar(page).getByRole("slider", { name: /^Time t/ });

async function present(page: Page, button: RegExp | string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await expect(bar(page)).toBeVisible();
}

test("the stages have at least 85 % of the screen, two or four, and letters are large", async ({ page }) => {
  // Every stage is drawn at once where nothing moves, however slow the machine.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.reload();
  await page.setViewportSize({ width: 1920, height: 1080 });
  await presentButton(page).click();
  await list(page).fill(SLIDES);
  await present(page, "Present this page");
  for (const slide of [0, 1]) {
    for (const [width, height] of [
      [1280, 720],
      [1440, 900],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      const said = `slide ${slide}, ${width} × ${height}`;
      await expect.poll(() => stagesShare(page), said).toBeGreaterThanOrEqual(0.85);
      const letters = await bar(page)
        .locator("h1")
        .evaluate((one) => one.getBoundingClientRect().height / innerHeight);
      expect(letters).toBeGreaterThan(0.02);
    }
    if (slide === 0) expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press("PageDown");
  }
});

test("slides by keys, their own trainings, and the page's own run as it was", async ({ page }) => {
  await openFragment(page, `panels=flow-matching,ot-coupling&play=no&${SMALL}`);
  const step = page.getByRole("button", { name: "Step", exact: true });
  for (let steps = 1; steps <= 2; steps++) {
    await step.click();
    await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([steps, steps]);
  }
  await scrubTo(page, 0.25);
  await expect(page).toHaveURL(/t=0.25/);
  const url = page.url();

  await presentButton(page).click();
  await list(page).fill(SLIDES);
  await expect(page.getByText("Line 2 is skipped: “this is no slide” holds no link.")).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await present(page, "Present 2 slides");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Four of them");
  await page.keyboard.press("PageDown");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rings");
  await expect(page.locator("article:visible")).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rings");

  await expect(time(page)).toHaveValue("0.5");
  await page.keyboard.press("3");
  await expect(time(page)).toHaveValue("0.3");
  await page.keyboard.press("p");
  await expect(bar(page).getByRole("button", { name: "Pause the animation" })).toBeVisible();
  await page.keyboard.press("p");
  await page.keyboard.press("Space");
  await expect(bar(page).getByRole("button", { name: "Pause", exact: true })).toBeVisible({ timeout: 60_000 });
  const stepText = page.locator("article:visible .step dd");
  await expect(stepText).toHaveText(/^[1-9]/, { timeout: 60_000 });
  await page.keyboard.press("Space");
  await expect(bar(page).getByRole("button", { name: "Continue" })).toBeVisible();
  // Left and come back to, it is as far as it was.
  const reached = await stepText.innerText();
  await page.keyboard.press("PageUp");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Four of them");
  await page.keyboard.press("ArrowDown");
  await expect(stepText).toHaveText(reached);

  await page.keyboard.press("Escape");
  await expect(bar(page)).toHaveCount(0);
  expect(await page.evaluate(() => document.fullscreenElement)).toBeNull();
  await expect(presentButton(page)).toBeFocused();
  expect(await stepsOf(page)).toEqual([2, 2]);
  await expect(page.getByRole("slider", { name: /^Time t/ })).toHaveValue("0.25");
  expect(page.url()).toBe(url);
  // The same run goes on.
  await step.click();
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([3, 3]);
});

test("the page itself is presented, its training too; what was moved there is put back", async ({ page }) => {
  await openFragment(page, `panels=flow-matching,ot-coupling&play=no&t=0.25&${SMALL}`);
  await expect.poll(() => fingerprint(page, "a")).not.toBe(0);
  await presentButton(page).click();
  await page.getByRole("checkbox", { name: /^Caption/ }).uncheck();
  await page.getByRole("checkbox", { name: "Train and time" }).uncheck();
  await present(page, "Present this page");
  await expect(time(page)).toHaveCount(0);
  await expect(page.locator("article:visible .status").first()).toBeVisible();
  const box = await page.locator(".stage:visible").first().boundingBox();
  await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 200);
  // One where the mouse is, and one at the same place of the other stage.
  await expect(page.locator(".laser > :visible")).toHaveCount(2);
  await page.keyboard.press("9");
  await page.keyboard.press("Space");
  await expect.poll(async () => Math.min(...(await stepsOf(page))), { timeout: 60_000 }).toBeGreaterThan(0);
  await page.keyboard.press("Space");
  await bar(page).hover();
  await bar(page).getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("slider", { name: /^Time t/ })).toHaveValue("0.25");
  expect(Math.min(...(await stepsOf(page)))).toBeGreaterThan(0);
});

test("the list is kept, saved and loaded, and nothing in it is lost", async ({ page }) => {
  await presentButton(page).click();
  await list(page).fill("one bad line");
  await page.getByRole("button", { name: "Add what is on screen now" }).click();
  const added = `one bad line\n${page.url().replace(/#.*/, "")}`;
  await expect(list(page)).toHaveValue(added);
  await page.reload();
  await presentButton(page).click();
  await expect(list(page)).toHaveValue(added);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as text" }).click();
  expect(await readFile((await (await download).path()) ?? "", "utf8")).toBe(`${added}\n`);
  const more = { name: "more.txt", mimeType: "text/plain", buffer: Buffer.from("#data=rings&v=1 Rings\r\n") };
  await page.getByLabel("Load text").setInputFiles(more);
  await expect(list(page)).toHaveValue(`${added}\n#data=rings&v=1 Rings`);
  await expect(page.getByRole("button", { name: "Present 2 slides" })).toBeVisible();
});

test("single keys do nothing on the page until they are asked for under “?”", async ({ page }) => {
  const slider = page.getByRole("slider", { name: /^Time t/ });
  await scrubTo(page, 0.75);
  await page.locator("h1").click();
  await page.keyboard.press("3");
  await expect(slider).toHaveValue("0.75");
  await page.getByRole("button", { name: "Help" }).click();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("checkbox", { name: "Single keys work on this page" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Help" })).toBeFocused();
  await page.keyboard.press("3");
  await expect(slider).toHaveValue("0.3");
  await page.reload();
  // They are loaded behind everything else.
  await expect(async () => {
    await page.keyboard.press("?");
    await expect(page.getByRole("heading", { name: "Help" })).toBeVisible({ timeout: 500 });
  }).toPass();
});
