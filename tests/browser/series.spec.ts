// What a day of research needs: several runs in one action, kept from visit to visit, and charts that are read.
import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { violationsOf } from "./axe";
import { firstView, test, trainToEnd, VERSION } from "./opened";

test("a sweep over one knob runs in turn, survives a reload, and is exported", async ({ page }) => {
  test.slow();
  await page.goto("about:blank");
  await page.goto("./#panels=flow-matching&width=16&depth=1&budget=steps/20&v=1");
  await firstView(page);
  await page.getByRole("button", { name: "Several runs …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("spinbutton", { name: "Seeds" }).fill("1");
  await dialog.getByRole("combobox", { name: "Knob" }).selectOption("width");
  await dialog.getByLabel("Values").fill("16 17");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await expect(dialog.getByText("Width is one of 16, 32, 64, 96, 128.")).toBeVisible();
  await dialog.getByLabel("Values").fill("16 32");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await expect(dialog.getByText(/^Run \d of 2: width (16|32), seed 7\.$/)).toBeVisible();
  await expect(dialog.getByText("All 2 runs are done.")).toBeVisible({ timeout: 240_000 });
  await expect(dialog.locator("table.kept tbody tr")).toHaveCount(2);
  expect(await violationsOf(page)).toEqual([]);

  await page.goto("about:blank");
  await page.goto("./");
  await firstView(page);
  await page.getByRole("button", { name: "Several runs …" }).click();
  await expect(dialog.locator("table.kept tbody tr")).toHaveCount(2);
  for (const [title, ending, has] of [
    ["CSV", "csv", /"network.width".*\n.*"moons",16,7,/],
    ["JSON", "json", /"experiment"/],
    ["LaTeX", "tex", /\\toprule/],
    ["Markdown", "md", /\| 16 \| 1 \|/],
  ] as const) {
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: title, exact: true }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`flow-playground-runs-${VERSION}.${ending}`);
    expect(await readFile(await file.path(), "utf8")).toMatch(has);
  }
  await dialog.getByRole("button", { name: "Forget all" }).click();
  await expect(dialog.getByText("No training is finished yet.")).toBeVisible();
});

test("a chart is read by pointer and by keys, nearer and on other axes, and saved on white", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("about:blank");
  await page.goto("./#panels=flow-matching&width=16&depth=1&budget=steps/40&v=1");
  await firstView(page);
  await trainToEnd(page);
  const plot = page.locator(".losses .plot");
  const value = plot.locator("output");
  const svg = plot.locator("svg");
  await plot.scrollIntoViewIfNeeded();
  await svg.hover();
  await expect(value).toHaveText(/^step \d+: −?\d/);
  await plot.locator("summary").press("Enter");
  const slider = plot.getByRole("slider");
  await slider.press("End");
  await expect(value).toHaveText(/^step 40: /);
  await expect(slider).toHaveAttribute("aria-valuetext", /^step 40: /);
  const ticks = () => svg.locator("text").allTextContents();
  const whole = await ticks();
  await plot.getByRole("button", { name: "+" }).click();
  await expect.poll(ticks).not.toEqual(whole);
  await plot.getByRole("button", { name: "All" }).click();
  await expect.poll(ticks).toEqual(whole);
  await plot.getByRole("button", { name: "log x" }).press("Enter");
  await expect.poll(ticks).not.toEqual(whole);
  await expect(plot.getByRole("button", { name: "log x" })).toBeFocused();
  for (const format of ["SVG", "PNG"]) {
    const download = page.waitForEvent("download");
    await plot.getByRole("button", { name: format }).click();
    const bytes = await readFile(await (await download).path());
    if (format === "PNG") expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    else {
      expect(bytes.toString()).toContain('fill="white"');
      expect(bytes.toString()).not.toMatch(/var\(|currentColor/);
      // Ink as in the light.
      expect(bytes.toString()).toContain("rgb(22, 32, 42)");
    }
  }
  expect(await violationsOf(page)).toEqual([]);
});
