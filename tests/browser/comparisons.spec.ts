// Each comparison that the page offers, from its button to a finished table, against the library's own numbers.
import { expect } from "@playwright/test";
import { inNats, withError } from "../../www/src/evidence/numbers";
import { askedOf, type Known, passesOf } from "../../www/src/experiment/conditions";
import type { ExperimentInput } from "../../www/src/experiment/experiment";
import { methodOf, whyNoDensity } from "../../www/src/experiment/methods";
import {
  DEFAULT_SETUP,
  experimentFor,
  type PanelChoice,
  PRESET_IDS,
  type PresetId,
  presetOf,
} from "../../www/src/experiment/presets";
import { samplerFor } from "../../www/src/experiment/samplers";
import { spaceOf } from "../../www/src/experiment/spaces";
import type { AskedClass, AskedNumbers } from "../../www/src/library";
import { choosePreset, type Page, pressPreset, setBudget, smallNetwork, stepsOf, test, trainButton } from "./opened";

const NUM_STEPS = 48;
/** Where a step takes as long as all of them elsewhere. */
const FEW_STEPS: Partial<Record<PresetId, number>> = { "likelihood-of-pictures": 2 };
/** Half a minute or minutes each: others of their kind are always run. */
const SLOW: readonly PresetId[] = [
  "normalizing-flows",
  "couplings",
  "jko-blocks",
  "exact-vs-learned",
  "class-couplings",
  "pictures",
  "likelihood-of-pictures",
  "two-moons-inference",
  "sphere",
];
const SLOTS = ["a", "b", "c", "d"] as const;
const LIKELIHOOD = { n: 512, solver: "rk4", steps: 20 } as const;
const SAMPLES = 2048;
/** Of a U-Net, whose samples take long. */
const PICTURES = 512;

type Estimate = [value: number | null, error: number | null];

interface Numbers {
  nll: Estimate | null;
  kl: Estimate | null;
  slicedW2: Estimate;
  evaluations: string;
}

/** The same training and the same measurement without the page. */
async function byLibrary(
  page: Page,
  experiment: ExperimentInput,
  sampler: object,
  asked: AskedClass | AskedNumbers | null,
): Promise<Numbers> {
  const isConvolved = experiment.network?.kind === "u-net";
  return page.evaluate(
    async ({ experiment, sampler, asked, likely, isCostly, n }) => {
      const url = new URL("flow-playground.js", location.href).href;
      const { createEngine } = (await import(url)) as typeof import("../../www/src/library");
      const engine = await createEngine({ device: "cpu" });
      const run = await engine.run(experiment);
      if (run.training.spent < 1) await run.train();
      if (asked !== null) await run.ask(asked);
      // Nobody waits for the likelihood of a U-Net, the page neither.
      const likelihood = await run.measure({ ...likely, metrics: isCostly ? [] : ["likelihood"] });
      const samples: typeof likelihood & { slicedW2StandardError?: number | null } = await run.measure({
        n,
        ...sampler,
        metrics: ["sliced-w2"],
      });
      engine.dispose();
      const { nll, nllStandardError, kl, klStandardError, converged } = likelihood;
      return {
        nll: converged ? ([nll, nllStandardError] as Estimate) : null,
        kl: converged ? ([kl, klStandardError] as Estimate) : null,
        slicedW2: [samples.slicedW2, samples.slicedW2StandardError ?? null] as Estimate,
        evaluations: run.training.networkEvaluations.toLocaleString("en-US"),
      };
    },
    { experiment, sampler, asked, likely: LIKELIHOOD, isCostly: isConvolved, n: isConvolved ? PICTURES : SAMPLES },
  );
}

/** Of the sets that comparisons are of: eight classes, or so many numbers. */
function knownOf(data: string): Known {
  const names = data === "linear-gaussian" ? ["x"] : data === "two-moons-sbi" ? ["x₁", "x₂"] : [];
  const numbers = names.map((name) => ({ name, mean: 0, deviation: 1, least: -3, greatest: 3 }));
  return { classes: Array.from({ length: 8 }, String), numbers };
}

async function expectRow(page: Page, i: number, choice: PanelChoice, setup: typeof DEFAULT_SETUP): Promise<void> {
  const row = page.locator(`tr[data-slot="${SLOTS[i]}"]`);
  const cell = (title: string) => row.locator(`[data-column="${title}"]`);
  const expected = await byLibrary(
    page,
    experimentFor(choice, setup),
    samplerFor(choice, setup),
    askedOf(choice, setup, knownOf(setup.data)),
  );
  const text = ([value, error]: Estimate, by = inNats) => (value === null ? "–" : by(value, error).text);
  const number = (shown: string) => new RegExp(`^${shown.replaceAll(".", "\\.")}`);
  await expect(cell("sliced W₂²"), choice.method).toHaveText(number(text(expected.slicedW2, withError)), {
    timeout: 60_000,
  });
  // What guidance draws is of no law that a density could be held against.
  const isGuided = passesOf(askedOf(choice, setup, knownOf(setup.data))) > 1;
  const isConvolved = setup.network === "u-net";
  const noDensity = isGuided || isConvolved || whyNoDensity(choice.method, setup.data) !== undefined;
  await expect(cell("NLL")).toHaveText(noDensity ? "–" : number(expected.nll ? text(expected.nll) : "not converged"));
  await expect(cell("KL")).toHaveText(noDensity ? "–" : number(expected.kl ? text(expected.kl) : "not converged"));
  if (methodOf(choice.method).group === "Truth") await expect(cell("training")).toHaveText("nothing to train");
  else await expect(cell("network evaluations")).toHaveText(expected.evaluations);
}

for (const id of PRESET_IDS) {
  // By cargo xtask test --slow; left out here before a page is opened for it.
  const tried = SLOW.includes(id) && process.env.SLOW === undefined ? test.skip : test;
  tried(`${id}: from start to a finished comparison`, async ({ page }) => {
    test.slow();
    const { panels, setup: own = {} } = presetOf(id);
    // The curve against evaluations of pictures takes minutes of a busy machine.
    if (own.network === "u-net") test.setTimeout(600_000);
    await choosePreset(page, id);
    await smallNetwork(page);
    const numSteps = FEW_STEPS[id] ?? NUM_STEPS;
    await setBudget(page, "steps", numSteps);
    await trainButton(page).click();
    await expect(trainButton(page)).toHaveText("Done", { timeout: 200_000 });
    for (const steps of await stepsOf(page)) if (!Number.isNaN(steps)) expect(steps).toBe(numSteps);

    const shared = { ...DEFAULT_SETUP, ...own, width: 16, depth: 1 };
    const setup = { ...shared, budget: { kind: "steps", limit: numSteps } as const };
    for (const [i, choice] of panels.entries()) await expectRow(page, i, choice, setup);

    // Quality against evaluations is measured too, and what is measured is ranked.
    await expect(page.locator('[data-column="NFE needed"]')).toHaveText(
      panels.map(() => /^(\d+|never|–|set apart)/),
      { timeout: 240_000 },
    );
    const figure = page.locator('figure[data-against="nfe"]');
    await figure.scrollIntoViewIfNeeded();
    // On a sphere there are no sliced distances, and it says so.
    if (spaceOf(setup) === null) await expect(figure.locator(".plot svg")).toBeVisible();
    else await expect(figure).toContainText("No sliced W₂² on a torus or a sphere");
    // Panels that are asked for different things are not ranked, nor is one alone.
    const questions = new Set(panels.map((choice) => JSON.stringify(askedOf(choice, setup, knownOf(setup.data)))));
    if (panels.length > 1 && questions.size === 1) await expect(page.locator(".rank").first()).toBeVisible();
    else await expect(page.locator(".rank")).toHaveCount(0);
  });
}

test("of comparisons pressed one right after the other, the last is shown", async ({ page }) => {
  await pressPreset(page, "fm-vs-diffusion");
  await pressPreset(page, "reflow");
  await expect(page.getByText("starting …")).toHaveCount(0, { timeout: 60_000 });
  await expect(page.locator("button.choice")).toContainText("Reflow 0–3");
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([1, 1, 1, 1]);
});

test("what is refused of all panels is said where it was asked for, and the sampler stays", async ({ page }) => {
  await page.getByLabel("Solver", { exact: true }).selectOption("euler");
  await page.getByText("Noise Q").click();
  await page.getByRole("button", { name: "noise: rings" }).click();
  await expect(page.locator(".noise .notice.error")).toBeVisible();
  await expect(page.getByRole("button", { name: "noise: Gaussian" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByLabel("Solver", { exact: true })).toHaveValue("euler");
});

test("several seeds are kept, and their spread is shown", async ({ page }) => {
  test.slow();
  await choosePreset(page, "couplings");
  await smallNetwork(page);
  await setBudget(page, "steps", 20);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Done", { timeout: 60_000 });
  await expect(page.getByText("2 finished trainings kept")).toBeVisible({ timeout: 60_000 });
  const loss = page.locator('figure[data-slot="a"]');
  await loss.scrollIntoViewIfNeeded();
  await expect(loss).toContainText("the floor of 3.9");
  await page.getByRole("button", { name: "Loss − floor" }).click();
  await expect(loss.getByText("loss above its floor")).toBeVisible();
  await page.getByRole("button", { name: "Another seed" }).click();
  await expect(page.getByText("4 finished trainings kept")).toBeVisible({ timeout: 90_000 });
  const row = page.locator('tr[data-slot="a"]');
  await expect(row.locator("th")).toContainText("2 seeds");
  await expect(row.locator('[data-column="training"]')).toHaveText(/±/);
  await expect(page.getByLabel("Seed", { exact: true })).toHaveValue("8");
});

test("panels are added up to four, trained together and removed", async ({ page }) => {
  await smallNetwork(page);
  await page.getByRole("button", { name: "Add panel" }).click();
  await page.getByRole("button", { name: "Add panel" }).click();
  await expect(page.locator("article[data-slot]")).toHaveCount(4);
  await expect(page.getByRole("button", { name: "Add panel" })).toHaveCount(0);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([1, 1, 1, 1]);
  for (const slot of ["B", "C", "D"]) await page.getByRole("button", { name: `Remove panel ${slot}` }).click();
  await expect(page.locator("article[data-slot]")).toHaveCount(1);
  await expect(page.getByRole("button", { name: /^Remove panel/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([2]);
});

test("a panel's own data, seed and options are its own, and are linked again", async ({ page }) => {
  await smallNetwork(page);
  const panel = page.locator('article[data-slot="b"]');
  await panel.getByText("Options").click();
  await panel.getByLabel("Data of this panel").selectOption("rings");
  await expect(panel.locator("summary")).toContainText("1 of its own");
  await expect(panel.locator(".step dd")).toHaveText(/^0 \//);
  await panel.getByLabel("Batch", { exact: true }).fill("64");
  await panel.getByLabel("Batch", { exact: true }).press("Enter");
  await expect(panel.locator("summary")).toContainText("2 of its own");
  await panel.getByRole("button", { name: "Data, its own: back to the default" }).click();
  await expect(panel.getByLabel("Data of this panel")).toHaveValue("moons");
  await expect(panel.locator("summary")).toContainText("1 of its own");
});
