// What is seen before any engine is there: recorded, and then taken over.
import { expect, type Page } from "@playwright/test";
import { watched as test } from "./blank";

/** Holds every engine back until it is let in. */
async function withoutEngines(page: Page): Promise<() => void> {
  let open = () => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  return open;
}

test("the first view is there without an engine, and the engine takes it over", async ({ page }) => {
  const letIn = await withoutEngines(page);
  await page.goto("./", { waitUntil: "commit" });
  await page.waitForFunction(() => performance.getEntriesByName("first-picture").length > 0);
  expect(await page.evaluate(() => performance.getEntriesByName("first-view").length)).toBe(0);
  await expect(page.locator("article .status").first()).toContainText("starting");
  letIn();
  await page.waitForFunction(() => performance.getEntriesByName("first-view").length > 0);
  await expect(page.locator("article .status").first()).toContainText("pre-trained");
});

test("a figure's poster shows what the figure does, and its time is played without an engine", async ({ page }) => {
  const engines: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".wasm")) engines.push(request.url());
  });
  await page.goto("./lessons/06-flow-matching.html");
  const figure = page.locator("flow-playground").nth(1);
  await figure.scrollIntoViewIfNeeded();
  await expect(figure.locator(".film figcaption")).toHaveText(/^Flow matching 1,500 training steps · NLL .* · NFE 40$/);
  const time = figure.getByRole("slider", { name: "Time t" });
  await expect(time).toHaveValue("0");
  const picture = () => figure.locator(".film canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await picture();
  await time.fill("0.5");
  expect(await picture()).not.toBe(before);
  await figure.getByRole("button", { name: "Play the recording" }).click();
  await expect.poll(() => time.inputValue()).not.toBe("0.5");
  await figure.getByRole("button", { name: "Pause the recording" }).click();
  expect(engines).toEqual([]);
  // Pressed anywhere else it runs.
  await figure.locator(".poster").click();
  await expect(figure.locator("article")).toHaveCount(1);
});
