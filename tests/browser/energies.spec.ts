// A target that is known by its energy: trained without data, weighted, and read beside the truth.
import { expect } from "@playwright/test";
import { firstView, openFragment, test, trainToEnd } from "./opened";

const FROM_ENERGY = "coupling-flow;method.maps:spline;method.layers:4;method.objective:reverse-kl";
const SMALL = "width=32&depth=2&budget=steps/150&play=no&columns=ess,log-z,delta-f";

test("a flow that was trained from an energy alone says what its samples are worth", async ({ page }) => {
  test.slow();
  await openFragment(page, `panels=${FROM_ENERGY}&data=energy-ring&temperature=2&${SMALL}&v=1`);
  await expect(page.locator("article header select option:checked")).toHaveText("Coupling flow, from the energy");
  await trainToEnd(page, 180_000);
  const cell = (title: string) => page.locator(`[data-column="${title}"]`);
  await expect(cell("ESS")).toHaveText(/^\d+\.\d\s%\s*\(of 1,000\)\s*$/, { timeout: 60_000 });
  const text = (await cell("ln Z").innerText()).trim().replaceAll("−", "-");
  const [, value, error, truth] = /^(\S+)\s*± (\S+)\s*\(in truth (\S+)\)$/.exec(text) ?? [];
  expect(Math.abs(Number(value) - Number(truth)), text).toBeLessThan(5 * Number(error) + 0.01);
  await expect(cell("ΔF")).toHaveText(/in truth/);
  await expect(page.locator(".weights figure svg[role=img]")).toHaveCount(2);

  const temperature = page.locator('[data-knob="data.temperature"] input');
  await temperature.fill("0.1");
  await temperature.press("Enter");
  await expect(page.locator('[data-knob="data.temperature"] [role=alert]')).toHaveText(
    "Temperature is a number from 0.25 to 2.",
  );
  await temperature.fill("0.5");
  await temperature.press("Enter");
  await page.locator('[data-knob="data.chain"] select').selectOption("chain");
  await expect(page).toHaveURL(/temperature=0.5/);
  await expect(page).toHaveURL(/draws=chain/);
  await page.reload();
  await firstView(page);
  await expect(temperature).toHaveValue("0.5");
});
