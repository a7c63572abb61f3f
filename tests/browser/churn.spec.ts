// Elements that come and go, and runs that are opened and ended: what they took comes back. `CHURN` says how many.
import { type CDPSession, expect, type Page } from "@playwright/test";
import { test } from "./blank";

const MANY = Number(process.env.CHURN ?? 30);
/** What of the first ones stays: code, and what the browser keeps by the way. */
const FIRST = 5;
const MOST_KEPT_BYTES = 6_000_000;

test.setTimeout(60_000 + 6000 * MANY);

/** After everything that nobody holds is gone. */
async function held(session: CDPSession): Promise<{ bytes: number; nodes: number; listeners: number }> {
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { bytes: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

/** Makes a few, then many, and compares what is held after the two. */
async function expectNoGrowth(page: Page, make: (count: number) => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await make(FIRST);
  await expect.poll(() => page.workers().length).toBe(0);
  const before = await held(session);
  await make(MANY);
  await expect.poll(() => page.workers().length).toBe(0);
  const after = await held(session);
  console.log(`${MANY}: ${((after.bytes - before.bytes) / 1e6).toFixed(1)} MB more`);
  expect(after.bytes - before.bytes).toBeLessThan(MOST_KEPT_BYTES);
  expect(after.nodes - before.nodes).toBeLessThan(MANY);
  expect(after.listeners - before.listeners).toBeLessThan(MANY);
}

test(`${MANY} runs opened, trained and ended give back their workers and memory`, async ({ page }) => {
  await expectNoGrowth(page, (count) =>
    page.evaluate(async (count) => {
      for (let i = 0; i < count; i++) {
        const engine = await window.flow.createEngine({ device: "cpu" });
        const run = await engine.run({ network: { width: 16, depth: 1 }, seed: i });
        await run.train(2);
        // Ended in the middle of one, too.
        if (i % 2 === 0) void run.train(1000).catch(() => undefined);
        engine.dispose();
      }
    }, count),
  );
});

test(`${MANY} elements added, run and removed give back their workers and memory`, async ({ page, baseURL }) => {
  await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
  await expectNoGrowth(page, (count) =>
    page.evaluate(async (count) => {
      await customElements.whenDefined("flow-playground");
      for (let i = 0; i < count; i++) {
        const one = document.createElement("flow-playground");
        Object.assign(one, { method: "flow-matching", width: 16, depth: 1, device: "cpu", seed: i });
        document.body.append(one);
        const started = one.start();
        // Some before they are there.
        if (i % 3 !== 0) await started;
        one.remove();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }, count),
  );
});
