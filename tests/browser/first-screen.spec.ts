// What is seen without scrolling: above all the stages, and what works them.
import { expect } from "@playwright/test";
import { openFragment, type Page, test, trainButton } from "./opened";
import { stagesShare } from "./stages-share";

const SCREENS = [
  { width: 1920, height: 1080, share: 0.5 },
  { width: 1440, height: 900, share: 0.5 },
  { width: 1280, height: 720, share: 0.5 },
  { width: 390, height: 844, share: 0.45 },
] as const;

test.use({ drawer: "closed" });

function settings(page: Page) {
  return page.getByRole("complementary", { name: "Settings" });
}

test("settings come over the stages and go by Escape, and the focus with them", async ({ page }) => {
  const button = page.getByRole("button", { name: "Settings", exact: true });
  await expect(settings(page)).toHaveCount(0);
  await button.press("Enter");
  await expect(settings(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Pin", exact: true })).toBeFocused();
  await page.getByLabel("Width", { exact: true }).selectOption("16");
  await expect(page.getByText("Untrained: the initial weights")).toBeVisible();
  await page.getByLabel("Width", { exact: true }).press("Escape");
  await expect(settings(page)).toHaveCount(0);
  await expect(button).toBeFocused();
});

test("settings over the stages give way to what is worked on next, but not to their own dialogs", async ({ page }) => {
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByRole("button", { name: "Paste" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Paste" })).toBeFocused();
  await page.getByRole("slider", { name: /^Time t/ }).focus();
  await expect(settings(page)).toHaveCount(0);
});

test("how the room is shared out is kept: settings pinned, evidence beside", async ({ page, context }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await page.getByRole("button", { name: "Evidence", exact: true }).click();
  await page.getByRole("slider", { name: /^Time t/ }).focus();
  const expectIt = async (on: Page) => {
    await expect(on.locator('.setup[data-drawer="pinned"]')).toBeVisible();
    const [stages, evidence] = await Promise.all(
      [".screen", ".evidence"].map((part) => on.locator(part).boundingBox()),
    );
    expect(evidence?.x).toBeGreaterThan((stages?.x ?? 0) + (stages?.width ?? 0));
    expect(evidence?.y).toBeLessThan(100);
  };
  await expectIt(page);
  const another = await context.newPage();
  await another.setViewportSize({ width: 1440, height: 900 });
  await another.goto("./");
  await expect(another.getByRole("region", { name: "Evidence" })).toBeVisible();
  await expectIt(another);
});

for (const width of [700, 1024, 1280, 1920]) {
  test(`nothing moves with what is pointed at, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    if (width > 1000) {
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await page.getByRole("button", { name: "Pin", exact: true }).click();
    }
    const boxOf = async () => (await page.locator(".panels").boundingBox())?.height;
    const before = await boxOf();
    for (const chip of await page.locator(".layers .chip:enabled").all()) {
      await chip.hover({ timeout: 5000 });
      await expect(page.locator(".answer p")).not.toHaveText(/^Point at/);
      expect(await boxOf(), await chip.innerText()).toBe(before);
    }
  });
}

test("what is wrong with a file is said though the settings are away", async ({ page }) => {
  const transfer = await page.evaluateHandle(() => {
    const dropped = new DataTransfer();
    dropped.items.add(new File(["1,2"], "short.csv"));
    return dropped;
  });
  await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  await expect(page.getByText("The file has 1 point; at least 16 are needed.")).toBeInViewport();
});

for (const { width, height, share } of SCREENS) {
  test(`the stages' share of the first screen, ${width} × ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await expect.poll(() => stagesShare(page)).toBeGreaterThanOrEqual(share);
    for (const inSight of [
      trainButton(page),
      page.getByRole("slider", { name: /^Time t/ }),
      page.getByRole("button", { name: "Comparison" }),
      page.getByRole("button", { name: "Settings" }),
      page.getByRole("button", { name: "Evidence" }),
      ...(await page.getByRole("combobox", { name: /^Method of panel/ }).all()),
    ]) {
      await expect(inSight).toBeInViewport({ ratio: 1 });
    }
    // It stays so in training.
    await trainButton(page).click();
    await expect(page.getByRole("slider", { name: "Rewind training" })).toBeAttached({ timeout: 60_000 });
    expect(await stagesShare(page)).toBeGreaterThanOrEqual(share);
  });
}

/** A panel's way to its options, and the numbers of its training in the same line: how far apart they are, in pixels. */
function roomBesideOptions(page: Page): Promise<number[]> {
  return page.locator("article.panel").evaluateAll((panels) =>
    panels.map((panel) => {
      const words = document.createRange();
      words.selectNodeContents(panel.querySelector(".options > summary") as Element);
      const numbers = [...panel.querySelectorAll(".status > div")].filter((one) => one.checkVisibility());
      const lefts = numbers.map((one) => one.getBoundingClientRect().left);
      return Math.min(...lefts) - words.getBoundingClientRect().right;
    }),
  );
}

test("a panel's numbers leave room for the way to its options, also where some are its own", async ({ page }) => {
  const own = "optimizer.batch:128;condition.kind:class";
  for (const panels of [["flow-matching"], ["flow-matching", "ddpm"], ["flow-matching", "ddpm", "cosine-path"]]) {
    await openFragment(page, `panels=${panels.map((id) => `${id};${own}`).join(",")}&v=1`);
    await trainButton(page).click();
    await expect(page.locator(".status .left").first()).toContainText(/\d/, { timeout: 60_000 });
    expect(Math.min(...(await roomBesideOptions(page))), `${panels.length} panels`).toBeGreaterThan(0);
  }
});
