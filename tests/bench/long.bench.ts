// A long training: the page stays as quick as it was, and takes no more memory. `LONG_STEPS` says how long.
import { execFileSync } from "node:child_process";
import type { Browser, Page } from "@playwright/test";
import { watched as test } from "../browser/blank";
import { firstView, stepsOf, trainButton } from "../browser/opened";
import { type Figure, median, report } from "./figures";

const STEPS = Number(process.env.LONG_STEPS ?? 100_000);
const WATCHED_MS = 5_000;
const figures: Figure[] = [];

test.setTimeout(60_000 + STEPS);

test(`${STEPS} training steps`, async ({ page, browser }) => {
  const panel = "panels=flow-matching;optimizer.batch:16&width=16&depth=1";
  await page.goto(`?device=cpu#${panel}&budget=steps/${STEPS}&v=1`);
  await firstView(page);
  await trainButton(page).click();
  const [rates, megabytes]: [number[], number[]] = [[], []];
  const started = Date.now();
  for (let step = 0; step < STEPS; [step = 0] = await stepsOf(page)) {
    rates.push(await frameRate(page));
    megabytes.push(await rendererMegabytes(browser));
  }
  const seconds = (Date.now() - started) / 1000;
  const settled = megabytes.slice(Math.floor(megabytes.length / 4));
  figures.push(
    { name: `${STEPS} steps: a second`, value: STEPS / seconds, unit: "steps" },
    { name: `${STEPS} steps: frames a second, median`, value: median(rates), unit: "" },
    { name: `${STEPS} steps: memory of the page's process, first`, value: megabytes[0] ?? 0, unit: "MB" },
    { name: `${STEPS} steps: least after a quarter`, value: Math.min(...settled), unit: "MB" },
    { name: `${STEPS} steps: most after a quarter`, value: Math.max(...settled), unit: "MB" },
    { name: `${STEPS} steps: last`, value: megabytes.at(-1) ?? 0, unit: "MB" },
  );
});

test.afterAll(() => report("long", figures, test.info()));

async function frameRate(page: Page): Promise<number> {
  return page.evaluate(
    (durationMs) =>
      new Promise<number>((resolve) => {
        const first = performance.now();
        let count = 0;
        const frame = () => {
          count++;
          if (performance.now() - first < durationMs) requestAnimationFrame(frame);
          else resolve((1000 * count) / (performance.now() - first));
        };
        requestAnimationFrame(frame);
      }),
    WATCHED_MS,
  );
}

/** Of the largest of the browser's renderers, worker included, as the system counts it. */
async function rendererMegabytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const ids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => String(id));
  const kilobytes = execFileSync("ps", ["-o", "rss=", "-p", ids.join(",")])
    .toString()
    .trim()
    .split(/\s+/)
    .map(Number);
  return Math.max(...kilobytes) / 1000;
}
