// Anything may be pressed, typed, dragged and dropped, in any order and at any speed: nothing throws, nothing is said that is
// not so, and afterwards everything works. `MONKEY_ACTIONS` says how often, `MONKEY_SEED` in which order.
import { test as base, expect, type JSHandle, type Page } from "@playwright/test";
import type { FlowPlaygroundElement } from "../../www/src/element";
import { watch } from "./blank";
import { monkey } from "./monkey";
import { firstView } from "./opened";

const ACTIONS = Number(process.env.MONKEY_ACTIONS ?? 500);
const SEED = Number(process.env.MONKEY_SEED ?? 1);
/** In one go, between which workers are counted. */
const BATCH = 250;
/** Four panels, as many that are being opened in their place, what is asked of no run, two readers of files. */
const MOST_WORKERS = 12;
const SETTLED_MS = 240_000;

const test = base.extend({
  page: async ({ page }, use) => {
    const problems = watch(page);
    page.on("download", (download) => void download.cancel().catch(() => undefined));
    await use(page);
    expect(problems).toEqual([]);
  },
});

test.setTimeout(SETTLED_MS + 600 * ACTIONS);

async function play(page: Page, root: JSHandle<Document | ShadowRoot>, actions: number): Promise<void> {
  for (let made = 0; made < actions; made += BATCH) {
    const wrong = await page.evaluate(monkey, { root, seed: SEED + made, numActions: Math.min(BATCH, actions - made) });
    expect(wrong).toEqual([]);
    await expect.poll(() => page.workers().length, { timeout: SETTLED_MS }).toBeLessThanOrEqual(MOST_WORKERS);
  }
}

/** Reset and trained like any other. */
async function expectToWork(page: Page, within: string): Promise<void> {
  const of = (selector: string) => page.locator(`${within} ${selector}`);
  while ((await of("dialog").count()) > 0) await page.keyboard.press("Escape");
  await expect(of(".status .step dd").filter({ hasText: "starting" })).toHaveCount(0, { timeout: SETTLED_MS });
  const train = of("button.train");
  await expect(async () => {
    if ((await train.innerText()) === "Pause") await train.click();
    await expect(train).not.toHaveText("Pause", { timeout: 2000 });
  }).toPass({ timeout: SETTLED_MS });
  await page.locator(within).getByRole("button", { name: "Reset", exact: true }).click({ timeout: 30_000 });
  await of("button.train").click({ timeout: 30_000 });
  await expect(of(".status")).not.toHaveCount(0);
  await expect(train).toHaveText(/Pause|Done/, { timeout: SETTLED_MS });
}

test(`${ACTIONS} actions on the page, from seed ${SEED}`, async ({ page }) => {
  await page.goto("./?device=cpu#width=16&depth=1&budget=steps/200&v=1");
  await firstView(page);
  await play(page, await page.evaluateHandle(() => document), ACTIONS);
  await expectToWork(page, "body");
});

test(`${Math.ceil(ACTIONS / 4)} actions on an element that shows everything, from seed ${SEED}`, async ({
  page,
  baseURL,
}) => {
  await page.goto("/blank.html");
  await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
  const root = await page.evaluateHandle(async () => {
    const one = document.createElement("flow-playground") as FlowPlaygroundElement;
    Object.assign(one, { hide: "", width: 16, depth: 1, budget: "steps/200", device: "cpu" });
    document.body.append(one);
    await one.start();
    return one.shadowRoot as ShadowRoot;
  });
  await play(page, root, Math.ceil(ACTIONS / 4));
  await expectToWork(page, "flow-playground");
});
