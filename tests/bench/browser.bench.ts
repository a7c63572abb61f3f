// How fast training is in this browser, and whether the page stays alive meanwhile. Bars: at least 350 training steps/s
// of flow matching (plain burn, design/burn.md), no main-thread task above 50 ms, the first view within 1 s.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../browser/blank";

interface Figure {
  name: string;
  value: number;
  unit: string;
  bar?: string;
}

const figures: Figure[] = [];

const METHODS = [
  { kind: "flow-matching", numSteps: 1500, bar: "at least 350" },
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
    figures.push({ name: `${kind}, 64 x 3, batch 256`, value: stepsPerSecond, unit: "steps/s", bar });
  });
}

test("the page: first view, and main-thread tasks while both panels train", async ({ page }) => {
  const firstViews: number[] = [];
  for (let load = 0; load < 5; load++) firstViews.push(await firstViewMs(page));
  figures.push({ name: "first view, median of 5 loads", value: median(firstViews), unit: "ms", bar: "at most 1000" });

  await observeLongTasks(page);
  await page
    .getByRole("button", { name: /^train/i })
    .first()
    .click();
  await page.waitForTimeout(8_000);
  const durations = await page.evaluate(() => window.longTasksMs);
  // The browser reports no task below 50 ms: a zero says that there was none.
  const longest = Math.max(0, ...durations);
  figures.push({ name: "longest main-thread task, both training", value: longest, unit: "ms", bar: "at most 50" });
});

test.afterAll(() => {
  const { outputDir } = test.info().project;
  mkdirSync(outputDir, { recursive: true });
  writeFileSync(join(outputDir, "bench.json"), `${JSON.stringify(figures, null, 2)}\n`);
  console.log(`\n${JSON.stringify(figures)}\n`);
  for (const { name, value, unit, bar } of figures) {
    console.log(`${name.padEnd(44)} ${value.toFixed(0).padStart(8)} ${unit.padEnd(8)} ${bar ? `bar: ${bar}` : ""}`);
  }
});

declare global {
  interface Window {
    longTasksMs: number[];
  }
}

async function firstViewMs(page: Page): Promise<number> {
  await page.goto("./");
  const mark = await page.waitForFunction(() => performance.getEntriesByName("first-view")[0]?.startTime);
  const value = await mark.jsonValue();
  expect(value).toBeDefined();
  return value ?? Number.NaN;
}

async function observeLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.longTasksMs = [];
    const observer = new PerformanceObserver((list) => {
      window.longTasksMs.push(...list.getEntries().map((entry) => entry.duration));
    });
    observer.observe({ type: "longtask" });
  });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
