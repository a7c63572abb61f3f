// Back and Forward, and settings that are changed faster than runs are opened.
import { expect } from "@playwright/test";
import { lossesOf, type Page, pressPreset, stepsOf, test, trainButton } from "./opened";

function isChosen(page: Page, data: string) {
  return expect(page.getByRole("button", { name: data, exact: true })).toHaveAttribute("aria-pressed", "true");
}

test("Back undoes data, comparison and file, one after the other, and Forward brings them again", async ({ page }) => {
  await page.getByLabel("Width", { exact: true }).first().selectOption("16");
  await page.getByRole("button", { name: "rings", exact: true }).click();
  await expect(page).toHaveURL(/data=rings/);
  await pressPreset(page, "couplings");
  await expect(page).toHaveURL(/panels=flow-matching,ot-coupling/);
  const rows = Array.from({ length: 3000 }, (_, i) => `${Math.sin(i + 1)},${Math.cos(2 * i)}`).join("\n");
  const file = { name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(rows) };
  await page.locator('input[type="file"]:not([webkitdirectory])').setInputFiles(file);
  await expect(page.getByText(/^3,000 points of/)).toBeVisible();
  // More than a link carries: a bare address.
  await expect.poll(() => new URL(page.url()).hash).toBe("");

  await page.goBack();
  await expect(page).toHaveURL(/panels=flow-matching,ot-coupling/);
  await isChosen(page, "rings");
  await expect(page.locator('article[data-method="ot-coupling"]')).toBeVisible();
  await page.goBack();
  await expect(page.locator('article[data-method="normalizing-flow"]')).toBeVisible();
  await page.goBack();
  await isChosen(page, "moons");
  await expect(page.getByLabel("Width", { exact: true }).first()).toHaveValue("16");

  await page.goForward();
  await page.goForward();
  await page.goForward();
  await expect(page.getByText(/^3,000 points of/)).toBeVisible();
  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[0], { timeout: 60_000 }).toBeGreaterThan(0);
});

test("two options that are changed before a run is opened are both changed", async ({ page }) => {
  const panel = page.locator('article[data-slot="b"]');
  await panel.getByText("Options").click();
  await panel.locator('[data-knob="b optimizer.batch"] input').evaluate((input: HTMLInputElement) => {
    const set = (field: HTMLInputElement | HTMLSelectElement, value: string) => {
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    set(input, "64");
    const options = input.closest(".options") as HTMLElement;
    set(options.querySelector('[data-knob="b optimizer.learningRate"] input') as HTMLInputElement, "0.002");
    set(options.querySelector('[data-knob="b seed"] input') as HTMLInputElement, "3");
  });
  await expect(page).toHaveURL(/flow-matching;seed:3;optimizer.batch:64;optimizer.learningRate:0.002/);
});

test("a training that other data took the place of comes back as it was, by Undo and by Back, and goes on", async ({
  page,
}) => {
  const seconds = page.locator('tr[data-slot="a"] td[data-column="training"]');
  await trainButton(page).click();
  await expect.poll(async () => Number.parseFloat(await seconds.innerText()), { timeout: 60_000 }).toBeGreaterThan(4);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Continue");
  const [steps, losses] = [await stepsOf(page), await lossesOf(page)];

  await page.getByRole("button", { name: "rings", exact: true }).click();
  await expect(page.locator(".undo")).toContainText(/^\s*[\d,]+ steps kept\./);
  expect(await stepsOf(page)).toEqual([0, 0]);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await isChosen(page, "moons");
  await expect.poll(() => stepsOf(page)).toEqual(steps);
  expect(await lossesOf(page)).toEqual(losses);
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toHaveCount(0);

  await pressPreset(page, "couplings");
  await expect(page).toHaveURL(/panels=flow-matching,ot-coupling/);
  await page.goBack();
  await expect.poll(() => stepsOf(page)).toEqual(steps);
  // A knob is undone so too where a training was left for it.
  await page.getByLabel("Width", { exact: true }).first().selectOption("16");
  await expect(page).toHaveURL(/width=16/);
  await expect.poll(() => stepsOf(page)).toEqual([0, 0]);
  await page.goBack();
  await expect.poll(() => stepsOf(page)).toEqual(steps);
  await expect(trainButton(page)).toHaveText("Continue");
  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[1]).toBeGreaterThan(steps[1] ?? 0);
});
