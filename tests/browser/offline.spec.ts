// One visit, then no network: the site opens, trains and prints.
import { brotliCompressSync } from "node:zlib";
import { expect, type Page } from "@playwright/test";
import { watched as test } from "./blank";
import { firstView } from "./opened";

const MAX_BYTES = 4_000_000;

test.use({ serviceWorkers: "allow" });

test("after one visit the site works without a network", async ({ page, context }) => {
  await page.goto("./");
  await firstView(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.goto("about:blank");
  await page.goto("./?device=cpu#panels=flow-matching&width=16&depth=1&budget=steps/40&v=1");
  await firstView(page);
  await page.locator("button.train").click();
  await expect(page.getByText("The budgets are spent.")).toBeVisible();
  // What is fetched late otherwise: charts, formulas with their fonts, what is taken away.
  await page.locator(".plot").first().scrollIntoViewIfNeeded();
  await expect(page.locator(".plot svg").first()).toBeVisible();
  await page.getByRole("button", { name: "About Flow matching" }).click();
  await expect(page.locator("dialog .katex").first()).toBeVisible();
  await page.keyboard.press("Escape");
  const pdf = await page.pdf();
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  await page.goto("./docs/embed.html");
  await expect(page.getByRole("heading", { name: "Embed the playground" })).toBeVisible();
});

test("what is kept takes at most 4 MB, and the WebGPU engine only once it is used", async ({ request }) => {
  const worker = await (await request.get("./service-worker.js")).text();
  const listed: [string, string][] = JSON.parse(/const FILES = (\[[\s\S]*?\]);/.exec(worker)?.[1] ?? "[]");
  const files = listed.map(([path]) => path);
  expect(files).toEqual(expect.arrayContaining(["index.html", "embed.html", "flow-playground-element.js"]));
  let total = 0;
  for (const file of files) {
    const body = await (await request.get(`./${file}`)).body();
    const isPacked = /\.(woff2|png)$/.test(file);
    total += isPacked ? body.length : brotliCompressSync(body).length;
  }
  console.log(`${files.length} files, ${(total / 1e6).toFixed(2)} MB`);
  expect(total).toBeLessThanOrEqual(MAX_BYTES);
  const later: string[] = JSON.parse(/const LATER = (\[.*?\]);/.exec(worker)?.[1] ?? "[]");
  expect(later).toHaveLength(1);
  // The CPU engine, in two parts.
  expect(files.filter((file) => file.endsWith(".wasm"))).toHaveLength(2);
});

test("an open page keeps its version until it is closed", async ({ page }) => {
  await page.goto("./");
  await firstView(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const names = () => page.evaluate(async () => (await caches.keys()).map((name) => name.split(" ").at(-1)));
  const [before] = await names();
  // A newer site: the same files under another version, which the server makes of it.
  await page.evaluate(() => navigator.serviceWorker.register("service-worker.js?version=newer"));
  await expect.poll(names).toEqual(expect.arrayContaining([before, "newer"]));
  // The old one's files are all there while it is open.
  expect(await names()).toContain(before);
  // Outside of its scope, so that nothing of the site is open.
  await page.goto("/blank.html");
  await expect.poll(names, { timeout: 60_000 }).toEqual(["newer"]);
  await page.goto("./");
  await firstView(page);
});

/** Pages that a newer version has changed, and which of them the network has by now. */
const CHANGED = ["index.html", "embed.html"] as const;

/** Registers a newer version over such a network, and tells how its installation ends. */
async function update(page: Page, serves: readonly string[]): Promise<string> {
  const url = page.url();
  const cookies = { lists: CHANGED, serves };
  await page
    .context()
    .addCookies(Object.entries(cookies).map(([name, paths]) => ({ name, value: paths.join("|"), url })));
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.register("service-worker.js?version=newer");
    const worker = registration.installing ?? registration.waiting;
    if (worker === null) return "nothing to install";
    return new Promise<string>((resolve) => {
      const tell = () => worker.state !== "installing" && resolve(worker.state);
      worker.addEventListener("statechange", tell);
      tell();
    });
  });
}

test("an update is kept only if all of its files are of one version", async ({ page }) => {
  const isNewer = async (path: string) => {
    const response = await page.goto(path);
    return (await response?.text())?.includes("<!-- newer -->");
  };
  await page.goto("./");
  await firstView(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  for (const mixed of [["index.html"], ["embed.html"], []]) {
    expect(await update(page, mixed), mixed.join()).toBe("redundant");
    // Nothing of the site is open, so that what was kept would take over.
    await page.goto("/blank.html");
    expect(await isNewer("./embed.html")).toBe(false);
    expect(await isNewer("./")).toBe(false);
    await firstView(page);
  }
  expect(await update(page, CHANGED)).toBe("installed");
  await page.goto("/blank.html");
  const names = () => page.evaluate(async () => (await caches.keys()).map((name) => name.split(" ").at(-1)));
  await expect.poll(names, { timeout: 60_000 }).toEqual(["newer"]);
  expect(await isNewer("./embed.html")).toBe(true);
  expect(await isNewer("./")).toBe(true);
});

test("the engine that is kept once it is used is kept only as it was published", async ({ page, context }) => {
  const worker = await (await page.request.get("./service-worker.js")).text();
  const later: [string, string][] = JSON.parse(/const LATER = (\[.*?\]);/.exec(worker)?.[1] ?? "[]");
  const engine = later[0]?.[0] ?? "";
  await page.goto("./");
  await firstView(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const url = page.url();
  const cacheBusting = { cache: "reload" } as const;
  const fetched = () =>
    page.evaluate(async ([path, init]) => (await (await fetch(path, init)).arrayBuffer()).byteLength, [
      engine,
      cacheBusting,
    ] as const);
  const isKept = () => page.evaluate(async (path) => (await caches.match(path)) !== undefined, engine);
  // A network that changes it: it goes to whoever asked, and no further.
  await context.addCookies([{ name: "serves", value: engine, url }]);
  const changed = await fetched();
  expect(await isKept()).toBe(false);
  // To the end of what the service worker does with an answer: it is asked for once more, and is not there.
  expect(await fetched()).toBe(changed);
  expect(await isKept()).toBe(false);
  await context.clearCookies({ name: "serves" });
  const published = await fetched();
  expect(published).toBeLessThan(changed);
  await expect.poll(isKept).toBe(true);
  await context.setOffline(true);
  expect(await fetched()).toBe(published);
});
