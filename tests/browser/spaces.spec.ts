// Points on a sphere and on a torus: trained along geodesics, turned by hand, wrapped, and taken along.
import { expect } from "@playwright/test";
import { fingerprint, layerOf, openFragment, type Page, pictureOf, taken, test, trainToEnd } from "./opened";

const globe = (page: Page, slot: string) => page.locator(`article[data-slot="${slot}"] .stage`);

test("on a sphere two couplings are trained and measured, and all globes turn together", async ({ page }) => {
  test.slow();
  const small = "width=16&depth=1&budget=steps/60&columns=w2,transport-cost&play=no";
  await openFragment(page, `panels=flow-matching,ot-coupling&data=von-mises-fisher&${small}&v=1`);
  await expect(page.locator("button.choice")).toContainText("On a sphere: independent vs OT coupling");
  await trainToEnd(page, 120_000);
  await expect(page.getByText(/^The density integrates to (0\.9|1\.0)\d over the view/)).toHaveCount(2, {
    timeout: 60_000,
  });
  await globe(page, "a").focus();
  const before = await fingerprint(page, "b");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => fingerprint(page, "b")).not.toBe(before);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("camera=1,0,1");
  const { x, y, width, height } = (await globe(page, "b").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 4 + 40, y + height / 2 + 30, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/camera=-?[\d.]+,[\d.]+,1/);
  await page.getByRole("button", { name: "Look left" }).click();
  await page.getByRole("button", { name: "Show all" }).click();

  const { bytes } = await taken(page, "Flow matching", "Samples");
  const [header, ...rows] = bytes.toString().trim().split("\n").slice(-2001);
  expect(header).toContain('"longitude","latitude"');
  const points = rows.map((row) => row.split(",").map(Number));
  expect(points.every(([lon = 999, lat = 999]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90)).toBe(true);
  // Of a density with peaks, not of one place.
  expect(new Set(points.map(([lon = 0]) => Math.round(lon / 10))).size).toBeGreaterThan(5);
  await page.locator('button[aria-label^="Take away Flow matching"]').first().click();
  await page.locator("dialog").getByRole("button", { name: "Python and weights (zip)" }).click();
  await expect(page.locator("dialog")).toContainText("knows no torus or sphere");
});

test("no way crosses the square of a torus, and only flow matching is offered there", async ({ page }) => {
  await page.setViewportSize({ width: 380, height: 760 });
  await openFragment(page, "panels=flow-matching&data=von-mises&width=16&depth=1&budget=steps/60&play=no&v=1");
  const offered = await page.locator("select.method option").allInnerTexts();
  expect(offered).toEqual(["Flow matching", "Flow matching, OT coupling", "Flow matching, Sinkhorn coupling"]);
  await expect.poll(async () => layerOf(await pictureOf(page, ""), "paths")).toContain("<path");
  const svg = await pictureOf(page, "");
  expect(svg).not.toMatch(/NaN|Infinity/);
  const side = Number(/<svg [^>]*width="([\d.]+)"/.exec(svg)?.[1]);
  for (const layer of ["paths", "trajectories"]) {
    const lines = [...layerOf(svg, layer).matchAll(/M[^MZ"]+/g)].map(([line]) =>
      [...line.matchAll(/-?[\d.]+/g)].map(Number),
    );
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      for (let i = 2; i + 1 < line.length; i += 2) {
        const step = Math.hypot((line[i] ?? 0) - (line[i - 2] ?? 0), (line[i + 1] ?? 0) - (line[i - 1] ?? 0));
        expect(step).toBeLessThan(side / 2);
      }
    }
  }
});

test("the earthquakes of one week are on a sphere, with whose they are, and columns can be declared angles", async ({
  page,
}) => {
  await page.getByRole("button", { name: "Earthquakes of one week" }).click();
  const said = page.getByText("1,707 points on a sphere, by longitude and latitude.");
  await expect(said).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("U.S. Geological Survey")).toBeVisible();
  await expect(page.locator('[data-layer="streamlines"]')).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("angles=globe");
  await page.reload();
  await expect(said).toBeVisible({ timeout: 60_000 });
  const columns = page.getByLabel("What the columns are");
  await columns.selectOption("degrees");
  await expect(page.getByText("1,707 points on a torus, by longitude and latitude.")).toBeVisible();
  await columns.selectOption("none");
  await expect(page.getByText(/^1,707 points of longitude and latitude, centered at/)).toBeVisible();
});
