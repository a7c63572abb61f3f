// Every method that a panel can be given, on the built page.
import { expect } from "@playwright/test";
import { METHOD_IDS, type MethodId, methodOf, whyNoDensity } from "../../www/src/experiment/methods";
import { lossesOf, type Page, scrubTo, smallNetwork, stepsOf, test, trainButton } from "./opened";

async function choose(page: Page, slot: "A" | "B", id: MethodId): Promise<void> {
  await page.getByLabel(`Method of panel ${slot}`).selectOption(id);
  const step = page.locator(`article[data-slot="${slot.toLowerCase()}"] .step dd`);
  await expect(step).toHaveText(/^0 \/|nothing to train/);
}

/**
 * Whose likelihood need not converge after three training steps: with the score of an untrained network, which is about 0,
 * encoding and generating again misses by a twentieth. Everyone else's field is smooth from the start.
 */
const MAY_NOT_CONVERGE: readonly MethodId[] = ["ddpm", "score-sde", "scoreflow"];

function likelihoodOf(id: MethodId): string | RegExp {
  if (whyNoDensity(id, "moons") !== undefined) return "–";
  return MAY_NOT_CONVERGE.includes(id) ? /^−?[\d,.]+ ± |^not converged\s*$/ : /^−?[\d,.]+ ± /;
}

/** One panel that needs no training, and a network that trains in no time. */
async function prepare(page: Page): Promise<void> {
  await choose(page, "A", "exact-field");
  await smallNetwork(page);
}

// Moons are no snapshots in time: those are trained and measured in a comparison of their own.
for (const id of METHOD_IDS.filter((id) => id !== "snapshots")) {
  test(`${id}: trains, samples and is measured`, async ({ page }) => {
    await prepare(page);
    await choose(page, "B", id);
    const panel = page.locator('article[data-slot="b"]');
    await expect(panel).toHaveAttribute("aria-label", methodOf(id).title);
    if (id === "exact-field") {
      await expect(page.getByText("There is nothing to train.")).toBeVisible();
      await expect(trainButton(page)).toBeDisabled();
    } else {
      for (let step = 1; step <= 3; step++) {
        await page.getByRole("button", { name: "Step", exact: true }).click();
        await expect.poll(async () => (await stepsOf(page))[1], { timeout: 60_000 }).toBe(step);
      }
      expect(Number.parseFloat((await lossesOf(page))[1] ?? "")).not.toBeNaN();
    }
    const row = page.locator('tr[data-slot="b"]');
    // Samples were drawn and compared.
    await expect(row.locator('[data-column="sliced W₂²"]')).toHaveText(/^[\d,.]+/, { timeout: 60_000 });
    await expect(row.locator('[data-column="NLL"]')).toHaveText(likelihoodOf(id));
    await scrubTo(page, 0.1);
    await expect(panel.locator(".notice.error")).toHaveText("");
  });
}

test("a choice restarts its own panel alone, and training goes on with it", async ({ page }) => {
  await prepare(page);
  await choose(page, "B", "ddpm");
  await choose(page, "A", "flow-matching");
  await trainButton(page).click();
  await expect.poll(async () => Math.min(...(await stepsOf(page))), { timeout: 60_000 }).toBeGreaterThan(50);
  const [before = 0] = await stepsOf(page);
  await page.getByLabel("Method of panel B").selectOption("cosine-path");
  await expect(page.locator('article[data-slot="b"] .step dd')).toHaveText(/5,000$/);
  await expect.poll(async () => (await stepsOf(page))[1], { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(trainButton(page)).toHaveText("Pause");
  expect((await stepsOf(page))[0]).toBeGreaterThan(before);
});

test("a block is added and its free energy read", async ({ page }) => {
  await prepare(page);
  await choose(page, "B", "jko-iflow");
  await expect(page.getByText("Block 1 of 6")).toBeVisible();
  await page.getByRole("button", { name: "Step", exact: true }).click();
  // That of the data, and that after the first block.
  const nats = /^−?\d+\.\d\d$/;
  await expect(page.locator(".rounds b")).toHaveText([nats, nats], { timeout: 60_000 });
  await page.getByRole("button", { name: "Add a block" }).click();
  await expect(page.getByText("Block 1 of 7")).toBeVisible();
  await expect(page.locator('article[data-slot="b"] .step dd')).toHaveText("1 / 2,800");
});
