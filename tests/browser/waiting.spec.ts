// What settles late, or never, keeps nothing else waiting.
import { expect } from "@playwright/test";
import { watched as test } from "./blank";
import { leaveDrawer, stepsOf, trainButton } from "./opened";

test("a graphics driver that never answers keeps nobody waiting, and is told", async ({ page }) => {
  await page.addInitScript(() => {
    const gpu = { requestAdapter: () => new Promise(() => undefined) };
    Object.defineProperty(navigator, "gpu", { value: gpu });
  });
  await leaveDrawer(page, "pinned");
  await page.goto("./#panels=flow-matching&width=16&depth=1&v=1");
  await expect(page.getByRole("button", { name: "checkerboard" }).locator("svg > *").first()).toBeAttached();
  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[0], { timeout: 30_000 }).toBeGreaterThan(0);
  const engine = page.getByRole("region", { name: "Engine" });
  await expect(engine.getByText("WebGPU gave no answer within 10 seconds, so this runs on the CPU.")).toBeVisible({
    timeout: 30_000,
  });
  await expect(engine.getByRole("button", { name: "WebGPU" })).toBeDisabled();
  await engine.getByRole("button", { name: "CPU" }).click();
  await expect(engine.getByText("The CPU engine was asked for.")).toBeVisible();
});

test("while another engine is waited for training can be paused, and the last choice counts", async ({ page }) => {
  await page.addInitScript(() => {
    let asked = 0;
    const answer = () => (asked++ < 2 ? Promise.resolve(null) : new Promise(() => undefined));
    Object.defineProperty(navigator, "gpu", { value: { requestAdapter: answer } });
  });
  await leaveDrawer(page, "pinned");
  await page.goto("./#panels=flow-matching&width=16&depth=1&v=1");
  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[0], { timeout: 30_000 }).toBeGreaterThan(0);
  const engine = page.getByRole("region", { name: "Engine" });
  await engine.getByRole("button", { name: "Auto" }).click();
  await expect(engine.getByText("Moving the runs …")).toBeVisible();
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Continue");
  await engine.getByRole("button", { name: "CPU" }).click();
  await expect(engine.getByText("The CPU engine was asked for.")).toBeVisible();
  await expect(trainButton(page)).toHaveText("Continue");
});

test("a link that is opened in a tab nobody looks at does not train until it is looked at", async ({ page }) => {
  await page.addInitScript(() => {
    let hidden = true;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    Object.assign(globalThis, {
      show: () => {
        hidden = false;
        document.dispatchEvent(new Event("visibilitychange"));
      },
    });
  });
  await leaveDrawer(page, "pinned");
  await page.goto("./?device=cpu#panels=flow-matching;step:200&width=16&depth=1&v=1");
  await expect(trainButton(page)).toHaveText("Pause");
  await page.waitForTimeout(1500);
  expect(await stepsOf(page)).toEqual([0]);
  await page.evaluate(() => (globalThis as unknown as { show: () => void }).show());
  await expect.poll(async () => (await stepsOf(page))[0], { timeout: 30_000 }).toBe(200);
});
