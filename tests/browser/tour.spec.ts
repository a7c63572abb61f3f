// The tour: five stops, each undone by Back, and the page as it was when it ends.
import { expect } from "@playwright/test";
import { violationsOf } from "./axe";
import { firstView, type Page, scrubTo, stepsOf, test, trainButton } from "./opened";

test.use({ drawer: "closed" });

const card = (page: Page) => page.getByRole("complementary", { name: "Tour" });
const next = (page: Page) => card(page).getByRole("button", { name: /^(Next|Done)$/ });
const offer = (page: Page) => page.getByRole("button", { name: "Tour", exact: true });
const seen = (page: Page) => page.locator(".playground:visible");

/** The layers that are on, which way time goes, and where it stands. */
function look(page: Page): Promise<string[]> {
  return seen(page).evaluate((host) => {
    const on = [...host.querySelectorAll('[data-layer][aria-pressed="true"]')].map(
      (one) => one.textContent?.trim() ?? "",
    );
    const field = (name: string) => host.querySelector<HTMLInputElement>(`[aria-label^="${name}"]`)?.value ?? "";
    return [...on, field("Direction"), field("Time t")];
  });
}

test("five stops, linked to, each undone by Back, and the page as it was in the end", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await scrubTo(page, 0.25);
  await page.getByRole("button", { name: "Velocity field" }).click();
  const before = [await look(page), await stepsOf(page)];
  await offer(page).click();

  const looks: string[][] = [];
  for (let stop = 1; stop <= 5; stop++) {
    await expect(card(page).getByText(`stop ${stop} of 5`)).toBeVisible();
    await expect(card(page).getByRole("heading")).toBeFocused();
    await expect(page).toHaveURL(new RegExp(`\\?tour=${stop}`));
    looks.push(await look(page));
    if (stop === 3) {
      await trainButton(seen(page) as unknown as Page).click();
      await expect(card(page).getByText(/^So far: /)).toBeVisible({ timeout: 60_000 });
      await expect(card(page).getByText(/[1-9]\d* training steps? of flow matching/)).toBeVisible({ timeout: 60_000 });
    }
    if (stop === 4) await expect(card(page).getByText(/^On this machine, so far: /)).toBeVisible();
    if (stop < 5) await next(page).click();
  }
  expect(new Set(looks.map((one) => one.join())).size).toBe(5);
  for (let stop = 4; stop >= 1; stop--) {
    await card(page).getByRole("button", { name: "Back" }).click();
    await expect(card(page).getByText(`stop ${stop} of 5`)).toBeVisible();
    await expect.poll(() => look(page)).toEqual(looks[stop - 1]);
    const status = seen(page).locator(".status .step dd").first();
    if (stop === 2) await expect(status).toHaveText("pre-trained", { timeout: 60_000 });
  }
  await card(page).getByRole("heading").press("Escape");
  await expect(card(page)).toHaveCount(0);
  expect(page.url()).not.toContain("tour=");
  await expect(page.getByRole("slider", { name: /^Time t/ })).toHaveValue("0.25");
  expect([await look(page), await stepsOf(page)]).toEqual(before);
  await expect(page.getByRole("button", { name: "Help" })).toBeFocused();

  // Offered once; after that it is behind "?".
  await page.reload();
  await firstView(page);
  await expect(offer(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Help" }).click();
  await page.getByRole("button", { name: "Take the tour" }).click();
  await expect(card(page).getByText("stop 1 of 5")).toBeVisible();
});

test("a link opens it at its stop, on a small phone too, for everyone", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("./?tour=4");
  await expect(card(page).getByRole("heading", { name: "What each of them pays" })).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await expect(seen(page).locator(".evidence .scroll")).toBeInViewport();
  for (const button of ["Back", "Next", "Leave the tour"])
    await expect(card(page).getByRole("button", { name: button })).toBeInViewport({ ratio: 1 });
  expect(await violationsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
  await card(page).getByRole("link", { name: "Stop 2: What the paths are" }).click();
  await expect(page).toHaveURL(/\?tour=2/);
  expect(await violationsOf(page)).toEqual([]);
  // Nothing of the page lies under it.
  const [pageBox, cardBox] = [await seen(page).boundingBox(), await card(page).boundingBox()];
  expect((pageBox?.x ?? 0) + (pageBox?.width ?? 0)).toBeLessThanOrEqual((cardBox?.x ?? 0) + 1);
});
