// A page around that shows the element larger or smaller than it is drawn, as slides do.
import { expect } from "@playwright/test";
import { withElement as test } from "./blank";

for (const style of ["transform: scale(1.3)", "transform: scale(0.5)", "zoom: 1.3", "zoom: 0.7"]) {
  test(`${style}: the inspector lands where it is pressed`, async ({ page }) => {
    const element = await page.evaluateHandle(async (style) => {
      const slide = document.body.appendChild(document.createElement("div"));
      slide.style.cssText = `transform-origin: 0 0; width: 700px; ${style}`;
      const one = document.createElement("flow-playground");
      Object.assign(one, { method: "exact-field", device: "cpu", play: false, t: 0 });
      slide.append(one);
      await one.start();
      return one;
    }, style);
    const stage = page.locator("flow-playground .stage");
    await expect.poll(async () => (await stage.boundingBox())?.width ?? 0).toBeGreaterThan(100);
    const inspected = async (share: number): Promise<number[]> => {
      const box = (await stage.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      await page.mouse.click(box.x + share * box.width, box.y + 0.4 * box.height);
      await page.waitForTimeout(100);
      const shown = await element.evaluate((one) => one.shown);
      return (/inspect=([^&]*)/.exec(shown)?.[1] ?? "").split(",").map(Number);
    };
    // What is found there takes its room first.
    await inspected(0.25);
    await expect(page.locator("flow-playground .inspector dl")).toBeVisible();
    const [x, y] = await inspected(0.2);
    await page.evaluate(() => document.querySelector<HTMLElement>("body > div")?.removeAttribute("style"));
    await page.evaluate(() => document.querySelector<HTMLElement>("body > div")?.style.setProperty("width", "700px"));
    // The stage takes the size it has now.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const [plainX, plainY] = await inspected(0.2);
    // But for what a scroll bar of the page's own size takes from a smaller element.
    expect(Math.abs((x ?? Number.NaN) - (plainX ?? Number.NaN))).toBeLessThan(0.15);
    expect(Math.abs((y ?? Number.NaN) - (plainY ?? Number.NaN))).toBeLessThan(0.15);
  });
}

test("moved to a monitor of another density the picture is drawn as sharp as that", async ({ page }) => {
  await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    Object.assign(one, { method: "exact-field", device: "cpu", play: false, t: 0 });
    document.body.append(one);
    await one.start();
  });
  const stage = page.locator("flow-playground .stage");
  const density = () =>
    stage.evaluate((one) => {
      const canvases = [...one.querySelectorAll("canvas")].filter(({ style }) => style.display !== "none");
      return canvases.map(({ width, style }) => Math.round((10 * width) / Number.parseFloat(style.width)) / 10);
    });
  await expect.poll(async () => new Set(await density())).toEqual(new Set([1]));
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setDeviceMetricsOverride", {
    width: 1280,
    height: 720,
    deviceScaleFactor: 2,
    mobile: false,
  });
  await expect.poll(async () => new Set(await density())).toEqual(new Set([2]));
});
