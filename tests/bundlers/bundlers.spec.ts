// The npm package in other people's builds: packed, installed, really built, opened and trained.
import { execFileSync } from "node:child_process";
import { expect, type Page, test } from "@playwright/test";
import about from "../../www/public/package.json" with { type: "json" };
import type { FlowPlaygroundElement } from "../../www/src/element";
import { watch } from "../browser/blank";
import { HERE, installPackage, next, type Served, viteBuild, viteDevelopment, webpackBuild } from "./apps";

declare global {
  var trainLibrary: () => Promise<number[]>;
}

const BUNDLERS: Record<string, () => Promise<Served>> = {
  "a Vite build": viteBuild,
  "Vite's development server": viteDevelopment,
  "webpack for development": () => webpackBuild("development"),
  "webpack for production": () => webpackBuild("production"),
  "a Next build": next,
};

/** The same bits in every build: of the first that was opened. */
let expected: number[] | undefined;

test.beforeAll(installPackage);

for (const [name, serve] of Object.entries(BUNDLERS)) {
  test(`${name} opens, trains and reads a file`, async ({ page }) => {
    const problems = watch(page);
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
    const served = await serve();
    try {
      await page.goto(served.url);
      await page.waitForFunction(() => globalThis.trainLibrary !== undefined);
      const generated = await page.evaluate(() => globalThis.trainLibrary());
      expected ??= generated;
      expect(generated).toEqual(expected);
      expect(generated.every(Number.isFinite)).toBe(true);
      expect(await trainElement(page)).toBe(20);
      await readFile(page);
      // The app has no page of ours: the way out is to the project's own.
      const link = page.getByRole("link", { name: "Open in Flow Playground" });
      await expect(link).toHaveAttribute("href", new RegExp(`^${about.homepage}`));
    } finally {
      await served.close();
    }
    expect(problems).toEqual([]);
  });
}

test("where there is no page it is imported, and says that it runs in a browser", () => {
  const script = `
    import { createEngine } from "flow-playground";
    import { FlowPlayground } from "flow-playground/element";
    const engine = await createEngine();
    const error = await engine.run().catch((error) => error);
    console.log([typeof FlowPlayground, error.name, error.code, error.message].join(" | "));
  `;
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: HERE,
    encoding: "utf8",
  });
  expect(said.trim()).toBe(
    "function | FlowError | engine-unavailable | The engine's worker could not be started: it runs in a browser, and here is none.",
  );
});

/** The steps that it has made. */
function trainElement(page: Page): Promise<number | undefined> {
  return page.locator("flow-playground").evaluate(async (element: FlowPlaygroundElement) => {
    await element.train(20);
    return element.run()?.step;
  });
}

/** By a worker of its own. */
async function readFile(page: Page): Promise<void> {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 5},${i % 8}\n`).join("");
  await page.locator("flow-playground .playground").evaluate((playground, rows) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([rows], "rows.csv"));
    playground.dispatchEvent(new DragEvent("drop", { dataTransfer }));
  }, rows);
  const shown = () => page.locator("flow-playground").evaluate((element: FlowPlaygroundElement) => element.shown);
  await expect.poll(shown).toMatch(/\bdata=points\b/);
}
