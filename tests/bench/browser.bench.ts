// How fast training is in this browser, and whether the page stays alive meanwhile. Bars: at least 350 training steps/s
// of flow matching (plain burn), no main-thread task above 50 ms, the first view within 1 s.
import type { Page } from "@playwright/test";
import { expect, test } from "../browser/blank";
import { type Figure, longestTaskMs, median, report, watchLongTasks } from "./figures";

const figures: Figure[] = [];

const METHODS = [
  { kind: "flow-matching", numSteps: 1500, bar: { atLeast: 350 } },
  { kind: "normalizing-flow", numSteps: 60, bar: undefined },
] as const;

for (const { kind, numSteps, bar } of METHODS) {
  test(`training speed: ${kind}`, async ({ page }) => {
    const stepsPerSecond = await page.evaluate(
      async ({ kind, numSteps }) => {
        const engine = await window.flow.createEngine({ device: "cpu" });
        const network = { width: 64, depth: 3 };
        const run = await engine.run({ method: { kind }, network, optimizer: { batch: 256 } });
        // The browser optimizes the wasm while the first steps run.
        await run.train(Math.ceil(numSteps / 5));
        const startMs = performance.now();
        await run.train(numSteps);
        return (1000 * numSteps) / (performance.now() - startMs);
      },
      { kind, numSteps },
    );
    figures.push({ name: `${kind}, 64 x 3, batch 256`, value: stepsPerSecond, unit: "steps/s", ...(bar && { bar }) });
  });
}

test("the page: first view, and main-thread tasks while both panels train", async ({ page }) => {
  const firstViews: number[] = [];
  for (let load = 0; load < 5; load++) firstViews.push(await firstViewMs(page));
  figures.push({ name: "first view, median of 5 loads", value: median(firstViews), unit: "ms", bar: { atMost: 1000 } });

  await watchLongTasks(page);
  await page
    .getByRole("button", { name: /^train/i })
    .first()
    .click();
  await page.waitForTimeout(8_000);
  const longest = await longestTaskMs(page);
  figures.push({ name: "longest main-thread task, both training", value: longest, unit: "ms", bar: { atMost: 50 } });
});

/** DevTools' "Fast 3G": 1.6 Mbit/s and 150 ms, less and more what it takes off for the way. */
const FAST_3G = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const SLOWER_PROCESSOR = 4;

test("the first view on Fast 3G, with a processor four times slower", async ({ page }) => {
  // Once before, so that the server has compressed what it sends.
  await firstViewMs(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await devtools.send("Network.emulateNetworkConditions", FAST_3G);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_PROCESSOR });
  const [pictures, controls]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    await page.goto("about:blank");
    pictures.push(await firstViewMs(page));
    controls.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0));
  }
  const value = median(pictures);
  figures.push({
    name: "controls, Fast 3G and 4 x slower",
    value: median(controls),
    unit: "ms",
    bar: { atMost: 3000 },
  });
  figures.push({ name: "first view, Fast 3G and 4 x slower", value, unit: "ms", bar: { atMost: 3000 } });
});

/** In which the page takes over from its film. */
const SETTLING_MS = 3000;

test("pictures: from choosing the comparison to strips in all of its panels", async ({ page }) => {
  const values: number[] = [];
  for (let round = 0; round < 5; round++) {
    await page.goto("about:blank");
    await firstViewMs(page);
    await page.waitForTimeout(SETTLING_MS);
    await page.locator("button.choice").click();
    values.push(await page.locator('[data-preset="pictures"]').evaluate(untilStrips));
  }
  figures.push({ name: "pictures chosen, until strips", value: median(values), unit: "ms", bar: { atMost: 1000 } });
});

/** Pressed, until the frame after every panel has some. */
function untilStrips(choice: HTMLElement | SVGElement): Promise<number> {
  const page = choice.getRootNode() as Document;
  const startMs = performance.now();
  choice.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  return new Promise((resolve) => {
    const look = () => {
      const panels = [...page.querySelectorAll("article[data-slot]")];
      const isThere = panels.length === 3 && panels.every((panel) => panel.querySelector(".strip canvas") !== null);
      requestAnimationFrame(isThere ? () => resolve(performance.now() - startMs) : look);
    };
    look();
  });
}

test.afterAll(() => report("bench", figures, test.info()));

async function firstViewMs(page: Page): Promise<number> {
  await page.goto("./");
  const mark = await page.waitForFunction(() => performance.getEntriesByName("first-view")[0]?.startTime);
  const value = await mark.jsonValue();
  expect(value).toBeDefined();
  return value ?? Number.NaN;
}
