// In a deck of reveal.js, which scales its slides with a transform, moves them with another and takes every key.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, type Page } from "@playwright/test";
import type { FlowPlaygroundElement } from "../../www/src/element";
import { watched as test } from "./blank";

const REVEAL = dirname(createRequire(import.meta.url).resolve("reveal.js"));
const { version: VERSION } = JSON.parse(readFileSync(join(REVEAL, "../package.json"), "utf8"));

declare global {
  interface Window {
    Reveal: { isReady(): boolean; getIndices(): { h: number }; slide(h: number): void };
  }
}

/** The deck that the guide shows, with its addresses turned to what is here. */
const DECK = readFileSync(new URL("../../www/docs/examples/deck.html", import.meta.url), "utf8");
const CDN = `https://cdn.jsdelivr.net/npm/reveal.js@${VERSION}/dist/`;

async function openDeck(page: Page, baseURL: string): Promise<void> {
  expect(DECK).toContain(CDN);
  const deck = DECK.replaceAll(CDN, "/reveal/")
    .replaceAll("https://example.org/flow-playground/", baseURL)
    .replace("<flow-playground ", '<flow-playground device="cpu" ');
  await page.route("**/reveal/**", (route) =>
    route.fulfill({ path: join(REVEAL, new URL(route.request().url()).pathname.slice("/reveal/".length)) }),
  );
  await page.route("**/deck.html", (route) => route.fulfill({ contentType: "text/html", body: deck }));
  await page.goto("/deck.html");
  await page.waitForFunction(() => window.Reveal.isReady());
}

const slide = (page: Page) => page.evaluate(() => window.Reveal.getIndices().h);

test.use({ viewport: { width: 800, height: 600 } });

test("slides turn by keys outside of it, not by those that its controls use, and the pointer lands where it is", async ({
  page,
  baseURL,
}) => {
  await openDeck(page, baseURL as string);
  await page.keyboard.press("ArrowRight");
  expect(await slide(page)).toBe(1);
  const one = page.locator("flow-playground");
  const time = one.getByRole("slider", { name: /time/i });
  await expect(time).toBeVisible();
  await one.evaluate(async (element: FlowPlaygroundElement) => {
    await element.start();
    element.play(false);
    element.scrub(0.5);
  });
  await expect.poll(() => time.inputValue()).toBe("0.5");
  await time.focus();
  await page.keyboard.press("ArrowRight");
  expect(Number(await time.inputValue())).toBeGreaterThan(0.5);
  expect(await slide(page)).toBe(1);
  await time.evaluate((input) => input.blur());
  await page.keyboard.press("ArrowRight");
  expect(await slide(page)).toBe(2);
  await page.keyboard.press("ArrowLeft");
  expect(await slide(page)).toBe(1);

  const stage = one.locator(".stage");
  const press = async (share: number): Promise<number[]> => {
    const box = (await stage.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.click(box.x + share * box.width, box.y + 0.4 * box.height);
    await page.waitForTimeout(100);
    const shown = await one.evaluate((element: FlowPlaygroundElement) => element.shown);
    return (/inspect=([^&]*)/.exec(shown)?.[1] ?? "").split(",").map(Number);
  };
  // At t = 0 the plane lies at the left. What is found there takes its room first.
  await one.evaluate((element: FlowPlaygroundElement) => element.scrub(0));
  await press(0.06);
  await expect(one.locator(".inspector dl")).toBeVisible();
  const [left, middle, right] = [await press(0.04), await press(0.06), await press(0.08)];
  const [x = [], y = []] = [0, 1].map((k) => [left, middle, right].map((point) => point[k] ?? Number.NaN));
  // Equal ways of the pointer are equal ways in the picture, about its middle.
  expect((x[2] ?? 0) - (x[0] ?? 0)).toBeGreaterThan(1);
  expect(Math.abs((x[0] ?? 0) + (x[2] ?? 0) - 2 * (x[1] ?? 0))).toBeLessThan(0.05);
  expect(Math.max(...y) - Math.min(...y)).toBeLessThan(0.05);
});

test("a slide that is turned away and back keeps what was trained", async ({ page, baseURL }) => {
  await openDeck(page, baseURL as string);
  await page.evaluate(() => window.Reveal.slide(1));
  const one = page.locator("flow-playground");
  await one.evaluate((element) => {
    element.setAttribute("method", "flow-matching");
    element.setAttribute("width", "16");
    element.setAttribute("depth", "1");
  });
  await one.evaluate((element: FlowPlaygroundElement) => element.train(20));
  // Far from the one that is shown a slide is taken out of the layout.
  await page.evaluate(() => window.Reveal.slide(3));
  await expect(one).toBeHidden();
  await page.evaluate(() => window.Reveal.slide(1));
  await expect(one.locator(".stage")).toBeVisible();
  expect(await one.evaluate((element: FlowPlaygroundElement) => element.run()?.step)).toBe(20);
});
