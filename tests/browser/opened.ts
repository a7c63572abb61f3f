// The built page, opened, and what every test of it reads and presses.
import { test as base, expect, type Page } from "@playwright/test";
import { watch } from "./blank";

export type { Page };

/** Every test fails on an error in the console, an uncaught one, or a request that leaves the origin. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const problems = watch(page);
    await page.goto("./");
    await firstView(page);
    await use(page);
    expect(problems).toEqual([]);
  },
});

export async function firstView(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("first-view").length > 0);
}

export function trainButton(page: Page) {
  return page.locator("button.train");
}

export async function stepsOf(page: Page): Promise<number[]> {
  const texts = await page.locator(".status .step dd").allInnerTexts();
  return texts.map((text) => Number.parseInt(text.replaceAll(",", ""), 10));
}

export async function lossesOf(page: Page): Promise<string[]> {
  return page.locator(".status .loss dd").allInnerTexts();
}

export async function scrubTo(page: Page, t: number): Promise<void> {
  await page.getByRole("slider", { name: /^Time t/ }).fill(String(t));
}
