// What a visitor downloads before the page shows anything: measured on what the browser really asks for.
import { brotliCompressSync, constants } from "node:zlib";
import { expect, type Page, type Response, test } from "@playwright/test";

const MAX_BYTES = 480_000;
/** Of what the first picture takes, which is a recording: no engine and no weights. */
const MAX_PICTURE_BYTES = 125_000;
/** Of the CPU engine what a first minute runs; the rest of it comes later. */
const MAX_ENGINE_BYTES = 330_000;
const REST = /flow_playground_rest.*\.wasm$/;
/** Of scripts, without the engine: settings, dialogs, evidence, charts and formulas come when they are first needed. */
const MAX_SCRIPT_BYTES = 110_000;
const ENGINE = /^(flow_playground|worker)/;
const AFTER_THE_PICTURE = /^(flow_playground|worker)|\.safetensors$/;

test("the first picture takes at most 125 kB, the first view with its engine 480 kB, of which that is 330", async ({
  page,
}) => {
  // By name: the second worker's scripts come from the cache.
  const bodies = new Map<string, Promise<Buffer>>();
  const keep = (response: Response) => {
    const name = new URL(response.url()).pathname.split("/").pop() || "index.html";
    if (response.ok()) bodies.set(name, response.body());
  };
  page.on("response", keep);
  const letIn = await withoutRest(page);
  await page.goto("./");
  await page.waitForFunction(() => performance.getEntriesByName("first-view").length > 0);
  letIn();
  await page.waitForLoadState("networkidle");
  page.off("response", keep);
  for (const name of await askedForLater(page)) bodies.delete(name);
  // Nobody waited for it, whenever it was asked for.
  for (const name of bodies.keys()) if (REST.test(name)) bodies.delete(name);

  let total = 0;
  let engine = 0;
  let scripts = 0;
  let picture = 0;
  for (const [name, body] of bodies) {
    // Quality 11 is what static hosts compress with ahead of time.
    const size = brotliCompressSync(await body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    total += size;
    if (name.endsWith(".wasm")) engine += size;
    if (!AFTER_THE_PICTURE.test(name)) picture += size;
    if (name.endsWith(".js") && !ENGINE.test(name)) scripts += size;
    console.log(`${(size / 1000).toFixed(1).padStart(9)} kB  ${name}`);
  }
  console.log(`${(total / 1000).toFixed(1).padStart(9)} kB  in all, of ${MAX_BYTES / 1000} allowed`);
  console.log(
    `${(scripts / 1000).toFixed(1).padStart(9)} kB  of scripts beside the engine, of ${MAX_SCRIPT_BYTES / 1000} allowed`,
  );
  console.log(
    `${(picture / 1000).toFixed(1).padStart(9)} kB  to the first picture, of ${MAX_PICTURE_BYTES / 1000} allowed`,
  );
  expect(picture).toBeLessThanOrEqual(MAX_PICTURE_BYTES);
  expect(total).toBeLessThanOrEqual(MAX_BYTES);
  expect(engine).toBeGreaterThan(0);
  expect(engine).toBeLessThanOrEqual(MAX_ENGINE_BYTES);
  expect(scripts).toBeGreaterThan(0);
  expect(scripts).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
});

/** Holds the rest of the engine back until it is let in. */
async function withoutRest(page: Page): Promise<() => void> {
  let open = () => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route(REST, async (route) => {
    await held;
    await route.continue();
  });
  return open;
}

/**
 * What the page first asked for once there was a first view: however soon it comes, nobody waited for it. What a second worker
 * asks for again is what the first one did wait for.
 */
async function askedForLater(page: Page): Promise<string[]> {
  const urls = await page.evaluate(() => {
    const seen = performance.getEntriesByName("first-view")[0]?.startTime ?? 0;
    const resources = performance.getEntriesByType("resource");
    const waitedFor = resources.filter(({ startTime }) => startTime <= seen).map(({ name }) => name);
    return resources.map(({ name }) => name).filter((name) => !waitedFor.includes(name));
  });
  return urls.map((url) => new URL(url).pathname.split("/").pop() ?? "");
}

test("without the rest of the engine a first comparison trains; a method that needs it says so, and has it once it can come", async ({
  page,
}) => {
  await page.route(REST, (route) => route.abort());
  await page.goto("./");
  await page.waitForFunction(() => performance.getEntriesByName("first-view").length > 0);
  const panel = page.locator("article").first();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect(panel.locator(".status")).toContainText("step");
  await page.getByRole("button", { name: "Pause", exact: true }).click();

  await page.getByLabel("Method of panel A").selectOption("jko-iflow");
  await expect(panel).toContainText("the rest of it could not be fetched", { timeout: 30_000 });
  await page.unroute(REST);
  await page.getByLabel("Method of panel A").selectOption("ot-flow");
  await expect(panel.locator(".status")).toContainText("0 / 1,500", { timeout: 30_000 });
});

test("a part of the page that the network fails for says so, and comes when it is asked for again", async ({
  page,
}) => {
  await page.route(/dialog-contents/, (route) => route.abort());
  await page.goto("./");
  await page.getByRole("button", { name: "Comparison" }).click();
  await expect(page.getByText("This part of the page could not be fetched.")).toBeVisible();
  await page.unroute(/dialog-contents/);
  await expect(page.getByRole("heading", { name: "Comparisons" })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Comparison" })).toBeFocused();
});

test("of two dialogs, one of which is still on its way, the one that was asked for last stays", async ({ page }) => {
  let come = () => {};
  const mayCome = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route(/assets\/help-/, (route) => mayCome.then(() => route.continue()));
  await page.goto("./");
  await page.getByRole("button", { name: "Help" }).click();
  await page.getByRole("button", { name: "Embed" }).click();
  await expect(page.getByRole("heading", { name: "Embed this" })).toBeVisible();
  come();
  // As long as it takes to come and to run.
  await page.waitForTimeout(500);
  await expect(page.locator("dialog")).toHaveCount(1);
  await expect(page.getByRole("heading", { name: "Embed this" })).toBeVisible();
});
