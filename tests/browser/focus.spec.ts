// Where the keyboard is after something was closed, chosen or gone; and what is said before a training is lost.
import { expect } from "@playwright/test";
import { type Page, setBudget, smallNetwork, stepsOf, test, trainButton } from "./opened";

/** The name of what has the focus: "BODY" where nothing has. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { tagName, textContent, ariaLabel } = document.activeElement as HTMLElement;
    return (ariaLabel ?? (tagName === "BODY" ? tagName : textContent) ?? "").trim();
  });
}

test("a dialog gives the focus back, however it is closed", async ({ page }) => {
  for (const [opener, closer] of [
    ["About Flow matching", "Close"],
    ["Take away Flow matching", "Close"],
    ["Embed", "Close"],
    ["Comparison Normalizing flow vs flow matching", "Close"],
    ["Paste", "Cancel"],
    ["Draw", "Cancel"],
    ["Draw", "Escape"],
  ] as const) {
    const button = page.getByRole("button", { name: opener, exact: true });
    await button.press("Enter");
    await expect(page.locator("dialog")).toBeVisible();
    if (closer === "Escape") await page.keyboard.press("Escape");
    else await page.locator("dialog").getByRole("button", { name: closer }).press("Enter");
    await expect(page.locator("dialog")).toHaveCount(0);
    await expect(button, `${opener}, ${closer}`).toBeFocused();
  }
  await page.getByRole("button", { name: "Paste", exact: true }).press("Enter");
  await page.getByRole("textbox", { name: "Points" }).fill("a,b\n".concat("1,2\n3,4\n5,7\n8,1\n".repeat(8)));
  await page.getByRole("button", { name: "Use these points" }).press("Enter");
  await expect(page.getByText(/^32 points of a and b/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Paste", exact: true })).toBeFocused();
});

test("the focus stays near what goes away", async ({ page }) => {
  await page.getByLabel("Width", { exact: true }).first().selectOption("16");
  await page.getByRole("button", { name: "Width: back to the default" }).press("Enter");
  await expect(page.getByRole("button", { name: "Width: back to the default" })).toHaveCount(0);
  expect(await focused(page)).toBe("Width");
  // An option starts its panel anew, and keeps the focus.
  const panel = page.locator('article[data-slot="b"]');
  await panel.getByText("Options").click();
  const batch = panel.locator('[data-knob="b optimizer.batch"] input');
  await batch.fill("64");
  await batch.press("Enter");
  await expect(page).toHaveURL(/optimizer.batch:64/);
  await expect(page.getByText("starting …")).toHaveCount(0);
  await expect(batch).toBeFocused();
  await expect(batch).toHaveValue("64");
  await page.getByRole("button", { name: "Remove panel B" }).press("Enter");
  await expect(page.locator("article.panel")).toHaveCount(1);
  expect(await focused(page)).not.toBe("BODY");
});

test("Train pressed by key leaves the focus beside it when the budget is spent", async ({ page }) => {
  await smallNetwork(page);
  await setBudget(page, "steps", 20);
  await trainButton(page).press("Enter");
  await expect(trainButton(page)).toHaveText("Done", { timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Reset" })).toBeFocused();
});

test("a budget that is raised is gone on with; before a training is lost to a lower one it is said, and can be kept", async ({
  page,
}) => {
  await smallNetwork(page);
  await setBudget(page, "steps", 20);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Done", { timeout: 60_000 });
  const limit = page.locator('[data-knob="budget"] input');
  await limit.fill("40");
  await limit.press("Enter");
  await expect(
    page.getByText("the learning rate falls along the cosine of the new budget", { exact: false }).first(),
  ).toBeVisible();
  expect(await stepsOf(page)).toEqual([20, 20]);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Done", { timeout: 60_000 });
  expect(await stepsOf(page)).toEqual([40, 40]);
  // Its link trains so once more, to the same bits.
  await expect.poll(() => page.url()).toMatch(/step:40;bits:[0-9a-f]{8};extended:20-steps\/20,.*step:40;bits/);
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(page.getByText("The same weights as the link's, to the last bit")).toHaveCount(2, { timeout: 60_000 });

  await limit.fill("10");
  await limit.press("Enter");
  await expect(page.getByText("40 training steps are done: more than this budget allows.")).toBeVisible();
  await page.getByRole("button", { name: "Keep this training" }).click();
  await expect(limit).toHaveValue("40");
  expect(await stepsOf(page)).toEqual([40, 40]);

  await limit.fill("10");
  await limit.press("Enter");
  await page.getByRole("button", { name: "Start over" }).click();
  await expect.poll(() => stepsOf(page)).toEqual([0, 0]);
  await expect(limit).toHaveValue("10");
});
