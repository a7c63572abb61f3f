// Whether the page keeps up with the screen when it has much to draw. Bars: a frame within 16.7 ms at the median and 33 ms
// at the 95th percentile, no main-thread task above 50 ms, and 100 ms from an input to the picture that answers it.
import type { Page } from "@playwright/test";
import { firstView, test, trainButton } from "../browser/opened";
import { type Figure, longestTaskMs, median, quantile, report, watchLongTasks } from "./figures";

const RECORDED_MS = 8_000;
/** What the first training steps and the browser's optimizing of the wasm take is not what a reader watches. */
const SETTLING_MS = 3_000;
const NUM_INPUTS = 20;

const figures: Figure[] = [];

test("four panels of 2,000 particles in training", async ({ page }) => {
  for (let panels = await numPanels(page); panels < 4; panels++) {
    await page.getByRole("button", { name: "Add panel" }).click();
    await page.waitForFunction((count) => document.querySelectorAll("article[data-slot]").length > count, panels);
  }
  await showParticles(page, 2000);
  await trainButton(page).click();
  await record(page, "four training panels of 2,000");
});

test("one panel of 20,000 particles in training", async ({ page }) => {
  for (let panels = await numPanels(page); panels > 1; panels--) {
    await page
      .getByRole("button", { name: /^Remove panel/ })
      .last()
      .click();
    await page.waitForFunction((count) => document.querySelectorAll("article[data-slot]").length < count, panels);
  }
  await showParticles(page, 20_000);
  await trainButton(page).click();
  await record(page, "one training panel of 20,000");
});

test.afterAll(() => report("frames", figures, test.info()));

async function showParticles(page: Page, count: number): Promise<void> {
  await page.locator("details.more summary").click();
  await page.getByLabel("Particles", { exact: true }).selectOption(String(count));
}

async function numPanels(page: Page): Promise<number> {
  await firstView(page);
  return page.locator("article[data-slot]").count();
}

async function record(page: Page, what: string): Promise<void> {
  await page.waitForTimeout(SETTLING_MS);
  await watchLongTasks(page);
  const intervals = await frameIntervals(page);
  const longest = await longestTaskMs(page);
  figures.push(
    { name: `${what}: frame, median`, value: median(intervals), unit: "ms", bar: { atMost: 16.7 } },
    { name: `${what}: frame, 95th percentile`, value: quantile(intervals, 0.95), unit: "ms", bar: { atMost: 33 } },
    { name: `${what}: longest main-thread task`, value: longest, unit: "ms", bar: { atMost: 50 } },
  );
  for (const [by, press] of [["a key", pressKey] as const, ["the pointer", pressPointer] as const]) {
    const answers = await answersMs(page, press);
    const value = quantile(answers, 0.95);
    figures.push({ name: `${what}: answer to ${by}, 95th percentile`, value, unit: "ms", bar: { atMost: 100 } });
  }
}

async function frameIntervals(page: Page): Promise<number[]> {
  return page.evaluate(
    (durationMs) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const frame = (nowMs: number) => {
          times.push(nowMs);
          if (nowMs - (times[0] ?? nowMs) < durationMs) requestAnimationFrame(frame);
          else resolve(times.slice(1).map((time, i) => time - (times[i] ?? time)));
        };
        requestAnimationFrame(frame);
      }),
    RECORDED_MS,
  );
}

function scrubber(page: Page) {
  return page.getByRole("slider", { name: /^Time t/ });
}

/** To and fro by a tenth: every press is another t, and neither end is reached. */
async function pressKey(page: Page, i: number): Promise<void> {
  if (i === 0) await scrubber(page).fill("0.5");
  else await scrubber(page).press(i % 2 === 0 ? "PageDown" : "PageUp");
}

async function pressPointer(page: Page, i: number): Promise<void> {
  await scrubber(page).scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await scrubber(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  // Back and forth, and never twice to the same place.
  const share = i % 2 === 0 ? 0.1 + 0.015 * i : 0.9 - 0.015 * i;
  await page.mouse.click(x + share * width, y + height / 2);
}

/** How long after each press the frame is there in which a stage shows something else. */
async function answersMs(page: Page, press: (page: Page, i: number) => Promise<void>): Promise<number[]> {
  const answers: number[] = [];
  // A first press pauses the animation: from then on a picture changes only when asked to, or when training does it.
  await press(page, 0);
  for (let i = 1; i <= NUM_INPUTS; i++) {
    await page.waitForTimeout(150);
    const answer = await page.evaluateHandle(watchAnswer);
    await press(page, i);
    answers.push(await answer.evaluate((promise) => promise.done));
  }
  return answers;
}

/** Runs in the page. `done` is a promise of milliseconds from the input's own time to the frame after the change. */
function watchAnswer(): { done: Promise<number> } {
  const slider = document.querySelector<HTMLInputElement>('.scrubber input[type="range"]');
  const small = document.createElement("canvas");
  small.width = small.height = 64;
  const context = small.getContext("2d", { willReadFrequently: true });
  const picture = () => {
    context?.clearRect(0, 0, 64, 64);
    for (const stage of document.querySelectorAll<HTMLCanvasElement>(".stage canvas"))
      context?.drawImage(stage, 0, 0, 64, 64);
    return context?.getImageData(0, 0, 64, 64).data.join() ?? "";
  };
  const before = picture();
  const done = new Promise<number>((resolve) => {
    const listen = (event: Event) => {
      // The control's number and the picture, both: training alone changes only the picture.
      const isAnswered = () => {
        const shown = document.querySelector("output.now")?.textContent ?? "";
        return shown.includes(Number(slider?.value).toFixed(3)) && picture() !== before;
      };
      const frame = () => {
        if (isAnswered()) setTimeout(() => resolve(performance.now() - event.timeStamp));
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    };
    for (const type of ["keydown", "pointerdown"]) addEventListener(type, listen, { once: true, capture: true });
  });
  return { done };
}
