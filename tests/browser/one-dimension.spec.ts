// Points of one coordinate: x against t, in one picture of all times.
import { expect } from "@playwright/test";
import type {} from "../../www/src/element";
import { withElement } from "./blank";
import {
  choosePreset,
  firstView,
  layerOf,
  type Page,
  pictureOf,
  scrubTo,
  setBudget,
  smallNetwork,
  taken,
  test,
  trainButton,
} from "./opened";

const OPENED = "./#panels=flow-matching&data=bimodal&width=16&depth=1&budget=steps/60&v=1";

async function open(page: Page, address: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address);
  await firstView(page);
}

/** Every x of the marks of a layer, by their path data. */
function across(svg: string, layer: string): number[] {
  return [...layerOf(svg, layer).matchAll(/[ML](-?[\d.]+)[ ,]/g)].map(([, x]) => Number(x));
}

test("the comparison shows four ways to one map, and trains them", async ({ page }) => {
  test.slow();
  await choosePreset(page, "one-dimension");
  await smallNetwork(page);
  await setBudget(page, "steps", 60);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Done", { timeout: 200_000 });
  await expect(page.getByText(/every flow from Q to P ends at the same map, F_P⁻¹ ∘ F_Q/)).toHaveCount(4);
  await expect(
    page.getByText(/^The density integrates to [01]\.\d\d over the view, at all times on average/),
  ).toHaveCount(4, { timeout: 60_000 });
  await expect(page.getByText(/held-out points in 1 dimension, samples drawn by/)).toBeVisible();
});

test("data, density, trajectories and noise are in one picture, at any time", async ({ page }) => {
  await open(page, OPENED);
  await expect(page.getByText(/^The density integrates to [01]\./)).toBeVisible({ timeout: 60_000 });
  await page.locator('[data-layer="velocity"]').click();
  await page.locator('[data-layer="divergence"]').click();
  for (const hidden of ["streamlines", "lattice", "glyphs"]) {
    await expect(page.locator(`[data-layer="${hidden}"]`)).toHaveCount(0);
  }
  await scrubTo(page, 0.5);
  await expect.poll(async () => layerOf(await pictureOf(page, ""), "velocity"), { timeout: 60_000 }).toContain("<path");
  const svg = await pictureOf(page, "");
  for (const layer of ["data", "noise", "density", "divergence", "trajectories", "paths", "samples", "velocity"]) {
    expect(layerOf(svg, layer), layer).toMatch(/<(path|circle|rect)/);
  }
  expect(svg).not.toMatch(/NaN|Infinity/);
  const [data, noise, ways] = ["data", "noise", "trajectories"].map((layer) => across(svg, layer)) as [
    number[],
    number[],
    number[],
  ];
  // From the data's bars through all times to the noise's.
  expect(Math.max(...data)).toBeCloseTo(Math.min(...ways), 0);
  expect(Math.min(...noise)).toBeCloseTo(Math.max(...ways), 0);
  const columns = (one: string) => new Set([...layerOf(one, "samples").matchAll(/cx="([\d.]+)"/g)].map(([, x]) => x));
  await scrubTo(page, 0.25);
  const later = columns(await pictureOf(page, ""));
  expect([columns(svg).size, later.size]).toEqual([1, 1]);
  expect(Number([...later][0])).toBeLessThan(Number([...columns(svg)][0]));
});

test("a click looks at one x and the present t, and the link keeps it", async ({ page }) => {
  await open(page, OPENED);
  await scrubTo(page, 0.5);
  const stage = page.locator('article[data-slot="a"] .stage');
  const { width, height } = (await stage.boundingBox()) ?? { width: 0, height: 0 };
  await stage.click({ position: { x: 0.5 * width, y: 0.4 * height } });
  const found = page.locator(".inspector dd");
  await expect(found.first()).toHaveText(/^−?[\d.]+, 0\.50$/, { timeout: 30_000 });
  await expect(found.nth(1)).toHaveText(/^−?[\d.]+$/);
  await expect(found.nth(2)).toHaveText(/^−?[\d.]+$/);
  await expect(found.nth(4)).toHaveText(/^−?[\d.]+$/);
  const before = await found.first().textContent();
  // The address follows what is done after a moment.
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("inspect=");
  const link = await page.evaluate(() => location.href);
  await open(page, link);
  await expect(found.first()).toHaveText(before ?? "", { timeout: 30_000 });
});

test("a column of one's own is read, scaled back in what is taken away, and kept in the link", async ({ page }) => {
  const rows = Array.from({ length: 200 }, (_, i) => (1000 + 50 * Math.sin(7 * i) + (i % 3) * 200).toFixed(2));
  await page.locator('.own input[type="file"]:not([webkitdirectory])').setInputFiles({
    name: "durations.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`seconds\n${rows.join("\n")}`),
  });
  const said = page.getByText(
    /^200 points of seconds, centered at 1[\d,.]+, scaled by \([\d.]+\); the export undoes both/,
  );
  await expect(said).toBeVisible();
  const { bytes } = await taken(page, "Flow matching", "Samples");
  const [header, ...samples] = bytes.toString().trim().split("\n");
  expect(header).toContain('"seconds"');
  expect(samples).toHaveLength(2000);
  const mean = samples.reduce((sum, row) => sum + Number(row), 0) / samples.length;
  expect(Math.abs(mean - 1200)).toBeLessThan(300);
  const link = await page.evaluate(() => location.href);
  await open(page, link);
  await expect(said).toBeVisible();
});

test("it prints as one picture of all times", async ({ page }) => {
  await open(page, OPENED);
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-asked", "");
  });
  await page.getByRole("button", { name: "Print this" }).click();
  await expect(page.locator("body")).toHaveAttribute("data-asked", "");
  const pictures = page.locator(".handout .multiples svg");
  await expect(pictures).toHaveCount(1);
  await expect(pictures.locator('[data-layer="trajectories"] path').first()).toBeAttached();
  await expect(page.locator(".handout figure p")).toHaveText("x against t, with samples at t = 0");
});

withElement("an element shows a set on a line, by its attribute", async ({ page }) => {
  const dim = await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    const given = { method: "flow-matching", data: "bimodal", width: "16", depth: "1", device: "cpu" };
    for (const [name, value] of Object.entries(given)) one.setAttribute(name, value);
    document.body.append(one);
    await one.train(3);
    return one.run()?.dim;
  });
  expect(dim).toBe(1);
});

test("a phone shows the same, and nothing is wider than it", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 720 });
  await open(page, OPENED);
  await expect(page.getByText(/^The density integrates to [01]\./)).toBeAttached({ timeout: 60_000 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  const svg = await pictureOf(page, "");
  expect(layerOf(svg, "trajectories")).toContain("<path");
  expect(Math.max(...across(svg, "noise"))).toBeLessThan(360);
});
