// The same visit in every browser that is here: what a person sees and does, and that the numbers are the same to the bit.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import {
  type BrowserName,
  type Driver,
  expectText,
  placeOf,
  press,
  problemsOf,
  textsOf,
  watch,
} from "./everywhere/driver";
import { INSTALLED } from "./everywhere/installed";

const SITE = "http://127.0.0.1:4179/some/sub-path/";
/** Another origin than the site's. */
const HOST = "http://localhost:4179/hosts/hostile.html";
const SMALL = "width=16&depth=1&budget=steps/40";
const BOTH = `?device=cpu#panels=normalizing-flow,flow-matching&${SMALL}&v=1`;
const OFFLINE_PORT = 4178;

test.describe.configure({ timeout: 240_000 });

async function open(driver: Driver, path: string, site = SITE): Promise<void> {
  await driver.open(site + path);
  await watch(driver);
  const isSeen = () => driver.evaluate(() => performance.getEntriesByName("first-view").length > 0);
  await expect.poll(isSeen, { message: `${driver.name} has its first view`, timeout: 90_000 }).toBe(true);
}

async function finish(driver: Driver): Promise<void> {
  expect(await problemsOf(driver)).toEqual([]);
}

async function train(driver: Driver): Promise<void> {
  await press(driver, { selector: "button.train" });
  await expectText(driver, "body", "The budgets are spent.");
}

/** What a button saves, taken where the page hands it to the browser. */
async function saved(driver: Driver, button: string): Promise<string> {
  await driver.evaluate(() => {
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (made) => {
      if (made instanceof Blob) void made.text().then((text) => Object.assign(window, { savedText: text }));
      return make(made);
    };
    // The test takes the text; where each browser puts a file is its own affair.
    HTMLAnchorElement.prototype.click = () => undefined;
    return null;
  });
  await press(driver, { selector: 'button[aria-label^="Take away"]' });
  await press(driver, { selector: "dialog[open] button", text: button });
  const text = () => driver.evaluate(() => (window as unknown as { savedText?: string }).savedText ?? null);
  await expect.poll(text, { timeout: 60_000 }).not.toBeNull();
  return (await text()) as string;
}

async function rowsInFile(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "flow-playground-"));
  const path = join(folder, "points.csv");
  const rows = Array.from({ length: 200 }, (_, i) => `${Math.cos(i)},${(Math.sin(i) * (i % 7)) / 7}`);
  await writeFile(path, `east,north\n${rows.join("\n")}\n`);
  return { path, remove: () => rm(folder, { recursive: true }) };
}

function startServer(port: number): ChildProcess {
  const script = fileURLToPath(new URL("server.mjs", import.meta.url));
  return spawn(process.execPath, [script, String(port)], { stdio: "ignore" });
}

test("the same bits in every browser that is here", async () => {
  const here = Object.values(INSTALLED).filter((start) => start !== undefined);
  test.skip(here.length < 2, "there is one browser only");
  const found: string[][] = [];
  for (const start of here) {
    const driver = await start();
    try {
      await open(driver, BOTH);
      await train(driver);
      const bits = async () => (await driver.evaluate(() => location.hash)).match(/bits:[0-9a-f]{8}/g) ?? [];
      await expect.poll(bits).toHaveLength(2);
      found.push([...(await bits()), await saved(driver, "Samples")]);
    } finally {
      await driver.close();
    }
  }
  for (const one of found) expect(one).toEqual(found[0]);
});

for (const [name, start] of Object.entries(INSTALLED) as [BrowserName, (() => Promise<Driver>) | undefined][]) {
  test.describe(name, () => {
    test.skip(start === undefined, `${name} is not installed`);
    let driver: Driver;
    test.beforeAll(async () => {
      if (start !== undefined) driver = await start();
    });
    test.afterAll(async () => {
      await driver?.close();
    });

    test("both panels train, and t moves the particles", async () => {
      await open(driver, BOTH);
      expect(await textsOf(driver, "article h2, article select")).not.toEqual([]);
      await train(driver);
      expect((await textsOf(driver, ".status .step dd")).map((text) => Number.parseInt(text, 10))).toEqual([40, 40]);
      const picture = () =>
        driver.evaluate(() => {
          const shown = [...document.querySelectorAll<HTMLCanvasElement>("article .stage canvas")];
          return shown
            .filter((canvas) => canvas.width > 0)
            .map((canvas) => canvas.toDataURL())
            .join();
        });
      const before = await picture();
      await press(driver, { selector: 'input[type="range"][aria-label^="Time t"]' });
      await driver.type("ArrowRight");
      await driver.type("ArrowRight");
      await expect.poll(async () => (await picture()) === before).toBe(false);
      await finish(driver);
    });

    test("a file is read, trained on, and taken away again as a table", async () => {
      await open(driver, `?device=cpu#panels=flow-matching&${SMALL}&v=1`);
      await press(driver, { selector: "button.to-settings" });
      const file = await rowsInFile();
      await driver.upload('input[type="file"]:not([webkitdirectory])', file.path);
      await expectText(driver, "body", /200 points of east and north/);
      await file.remove();
      await train(driver);
      const table = await saved(driver, "Samples");
      expect(table.split("\n")[0]).toMatch(/east.*north/);
      expect(table.trim().split("\n").length).toBeGreaterThan(1000);
      await finish(driver);
    });

    test("points are drawn with the pointer and used", async () => {
      await open(driver, `?device=cpu#panels=flow-matching&${SMALL}&v=1`);
      await press(driver, { selector: "button.to-settings" });
      await press(driver, { selector: "button", text: "Draw" });
      const [x, y] = await placeOf(driver, { selector: '[role="application"]', text: "Drawing pad" });
      await driver.drag([-90, -60, -30, 0, 30, 60, 90].map((along) => [x + along, y + along / 3] as const));
      await expectText(driver, "dialog[open]", /[1-9]\d* points/);
      await press(driver, { selector: "dialog[open] button", text: "Use these points" });
      await expectText(driver, "body", /\d+ points of/);
      await finish(driver);
    });

    test("a link opens the same training again", async () => {
      await open(driver, `?device=cpu#panels=flow-matching&seed=11&${SMALL}&v=1`);
      await train(driver);
      const link = () => driver.evaluate(() => location.hash);
      await expect.poll(link).toMatch(/step:40;bits:/);
      await open(driver, `?device=cpu${await link()}`);
      await expectText(driver, "body", "The same weights as the link's, to the last bit");
      await finish(driver);
    });

    test("an element trains in a page of another origin with a strict policy", async () => {
      await driver.open(HOST);
      await watch(driver);
      await press(driver, { selector: "button", host: "#first" });
      await press(driver, { selector: "button.train", host: "#first" });
      await expectText(driver, ".status .step dd", /^40\b/, "#first");
      await finish(driver);
    });

    test("a lesson is read, and its figure runs", async () => {
      await driver.open(`${SITE}lessons/01-flows.html`);
      await watch(driver);
      expect((await textsOf(driver, "h1"))[0]).toBeTruthy();
      await press(driver, { selector: "button", host: "flow-playground" });
      await expectText(driver, ".status", /step/, "flow-playground");
      await finish(driver);
    });

    test("after one visit it works without a network", async () => {
      const server = startServer(OFFLINE_PORT);
      const site = `http://127.0.0.1:${OFFLINE_PORT}/some/sub-path/`;
      try {
        const answers = () =>
          fetch(site).then(
            (answer) => answer.ok,
            () => false,
          );
        await expect.poll(answers).toBe(true);
        await open(driver, "", site);
        await driver.evaluate(() => navigator.serviceWorker.ready.then(() => null));
        server.kill();
        await expect.poll(answers).toBe(false);
        await open(driver, `?device=cpu#panels=flow-matching&${SMALL}&v=1`, site);
        await train(driver);
        await finish(driver);
      } finally {
        server.kill();
      }
    });
  });
}
