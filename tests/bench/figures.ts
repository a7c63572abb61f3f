// Measured numbers, each with the bar it should clear, and how a page is watched while they are taken.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page, TestInfo } from "@playwright/test";

export interface Figure {
  name: string;
  value: number;
  unit: string;
  bar?: { atMost: number } | { atLeast: number };
}

declare global {
  interface Window {
    longTasksMs: number[];
  }
}

/** For people, and as `NAME.json` beside the test results for programs. */
export function report(name: string, figures: readonly Figure[], { project }: TestInfo): void {
  mkdirSync(project.outputDir, { recursive: true });
  writeFileSync(join(project.outputDir, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
  console.log(`\n${JSON.stringify(figures)}\n\n${figures.map(lineOf).join("\n")}`);
}

/** As precise as it is shown: a frame of 16.70000001 ms is one of 16.7. */
function lineOf({ name, value, unit, bar }: Figure): string {
  const shown = Math.abs(value) < 100 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0);
  const line = `${name.padEnd(64)} ${shown.padStart(8)} ${unit.padEnd(8)}`;
  if (bar === undefined) return line;
  const [isMet, text] =
    "atMost" in bar
      ? [Number(shown) <= bar.atMost, `at most ${bar.atMost}`]
      : [Number(shown) >= bar.atLeast, `at least ${bar.atLeast}`];
  return `${line} bar: ${text}${isMet ? "" : "   <-- missed"}`;
}

/** `window.longTasksMs`: the main thread's tasks above 50 ms from now on. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.longTasksMs = [];
    const observer = new PerformanceObserver((list) => {
      window.longTasksMs.push(...list.getEntries().map((entry) => entry.duration));
    });
    observer.observe({ type: "longtask" });
  });
}

/** The browser reports no task below 50 ms: a zero says that there was none. */
export async function longestTaskMs(page: Page): Promise<number> {
  return Math.max(0, ...(await page.evaluate(() => window.longTasksMs)));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least `share` of all do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
