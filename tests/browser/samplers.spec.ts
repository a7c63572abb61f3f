// What draws samples: each sampler where the engine takes it, its evaluations and its link, an SDE's paths, and students,
// which are drawn by their own steps alone.
import { expect } from "@playwright/test";
import { METHOD_IDS, type MethodId } from "../../www/src/experiment/methods";
import { DEFAULT_SETUP, experimentFor, type PanelChoice } from "../../www/src/experiment/presets";
import { samplersOf } from "../../www/src/experiment/samplers";
import { firstView, layerOf, openFragment, type Page, pictureOf, scrubTo, test, trainToEnd } from "./opened";

const SMALL = "width=16&depth=1&budget=steps/60&play=no&t=0.3";

function legend(page: Page) {
  return page.locator("fieldset.knobs legend").first();
}

test("the page offers the samplers that the engine takes, and no others", async ({ page }) => {
  const dataOf = (method: MethodId) => (method === "snapshots" ? { data: "branching" as const } : {});
  const plain: PanelChoice[] = METHOD_IDS.map((method) => ({ method, own: dataOf(method), options: {} }));
  const coupled: PanelChoice = { method: "flow-matching", own: {}, options: { "method.coupling": "minibatch-ot" } };
  const choices = [...plain, coupled, { ...coupled, own: { noise: "8-gaussians" as const }, options: {} }];
  const setup = { ...DEFAULT_SETUP, width: 16, depth: 1 } as const;
  const experiments = choices.map((choice) => experimentFor(choice, setup));
  const taken = await page.evaluate(async (all) => {
    const url = new URL("flow-playground.js", location.href).href;
    const { createEngine } = (await import(url)) as typeof import("../../www/src/library");
    const engine = await createEngine({ device: "cpu" });
    const found: string[][] = [];
    for (const experiment of all) {
      const run = await engine.run(experiment);
      found.push(await run.samplers());
      run.dispose();
    }
    engine.dispose();
    return found;
  }, experiments);
  for (const [i, choice] of choices.entries()) {
    const offered = samplersOf(choice, choice.own.noise ?? DEFAULT_SETUP.noise);
    expect(taken[i], JSON.stringify(choice)).toEqual(offered);
  }
});

test("DPM-Solver++ on DDPM: its evaluations are counted, and the link opens the same", async ({ page }) => {
  await openFragment(page, `panels=ddpm&${SMALL}&v=1`);
  await expect(legend(page)).toContainText("NFE 40");
  await page.getByRole("button", { name: "About DDPM" }).click();
  await page.locator("dialog").getByText("Other samplers").click();
  await expect(page.locator("dialog")).toContainText("Lu 2022 (DPM-Solver++), algorithm 2");
  await page.locator("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByLabel("Sampler", { exact: true }).selectOption("dpm-solver");
  await expect(legend(page)).toContainText("NFE 10");
  await page.getByRole("slider", { name: "Solver steps" }).fill("12");
  await expect(page.locator("[data-knob=solver]")).toHaveCount(0);
  await expect(page.locator("[data-knob=epsilon]")).toHaveCount(0);
  await trainToEnd(page);
  const nfe = page.locator('[data-column="NFE"]');
  await expect(nfe).toHaveText("12", { timeout: 60_000 });
  await expect(page.locator('[data-column="NFE needed"]')).toHaveText(/^(\d+|never)/, { timeout: 60_000 });
  await expect(page.locator('figure[data-against="nfe"]')).toContainText("steps of DPM-Solver++(2M)");
  await expect(page.locator(".evidence")).toContainText("samples drawn by DPM-Solver++(2M) × 12");
  await expect(page).toHaveURL(/&steps=12&sampler=dpm-solver&.*step:60|step:60.*&steps=12&sampler=dpm-solver&/);
  const [picture, link] = [await pictureOf(page, ""), page.url()];

  await page.goto("about:blank");
  await page.goto(link);
  await firstView(page);
  await expect(page.getByLabel("Sampler", { exact: true })).toHaveValue("dpm-solver");
  await expect(page.getByText("The same weights as the link's, to the last bit")).toBeVisible({ timeout: 60_000 });
  await expect(nfe).toHaveText("12", { timeout: 60_000 });
  await expect.poll(async () => layerOf(await pictureOf(page, ""), "samples")).toBe(layerOf(picture, "samples"));
  expect(page.url()).toBe(link);
});

/** The length of all lines of a picture's layer, in pixels. */
function lengthOf(svg: string, layer: string): number {
  const numbers = [...layerOf(svg, layer).matchAll(/ d="([^"]*)"/g)].flatMap(([, d = ""]) => d.split("M"));
  return numbers.reduce((sum, line) => {
    const at = (line.match(/-?[\d.]+/g) ?? []).map(Number);
    let length = 0;
    for (let i = 2; i + 1 < at.length; i += 2) {
      length += Math.hypot((at[i] ?? 0) - (at[i - 2] ?? 0), (at[i + 1] ?? 0) - (at[i - 1] ?? 0));
    }
    return sum + length;
  }, 0);
}

test("Euler–Maruyama's paths are drawn as paths: rough, and the same again", async ({ page }) => {
  const link = `panels=exact-field&data=8-gaussians&steps=60&sampler=euler-maruyama&grid=root-time&${SMALL}&layers=data,trajectories,samples&v=1`;
  await openFragment(page, link);
  await expect(page.getByText("Its paths are those of an SDE with the flow's marginals")).toBeVisible();
  const rough = await pictureOf(page, "");
  await page.locator("[data-knob=epsilon] input").fill("0");
  await page.locator("[data-knob=epsilon] input").press("Enter");
  await expect(page).toHaveURL(/&epsilon=0&/);
  await expect(page.getByText("Its paths are those of an SDE")).toHaveCount(0);
  await expect
    .poll(async () => lengthOf(await pictureOf(page, ""), "trajectories"))
    .toBeLessThan(0.8 * lengthOf(rough, "trajectories"));
  await page.getByRole("button", { name: "Noise ε: back to the default" }).click();
  await expect
    .poll(async () => layerOf(await pictureOf(page, ""), "trajectories"))
    .toBe(layerOf(rough, "trajectories"));
  await openFragment(page, link);
  expect(layerOf(await pictureOf(page, ""), "trajectories")).toBe(layerOf(rough, "trajectories"));
});

test("a distilled student is drawn by its own steps alone, and says so", async ({ page }) => {
  const layers = "layers=data,trajectories,paths,velocity,streamlines,divergence,density,lattice,samples";
  const options = "optimizer.batch:32;method.pairs:200";
  await openFragment(
    page,
    `panels=distilled;${options}&sampler=dpm-solver&columns=straightness&${SMALL}&${layers}&v=1`,
  );
  await expect(legend(page)).toContainText("NFE 1");
  await expect(page.getByLabel("Sampler", { exact: true })).toHaveCount(0);
  await expect(page.getByLabel("Solver", { exact: true })).toHaveCount(0);
  const panel = page.locator("article.panel");
  const notes = page.getByRole("region", { name: "About these pictures" });
  await expect(notes).toContainText("sampled in its own single Euler step, whatever is chosen");
  await trainToEnd(page);
  await expect(page.locator('[data-column="NFE"]')).toHaveText("1", { timeout: 60_000 });
  await expect(page.locator('[data-column="NFE needed"]')).toHaveText(/^(1|never)/, { timeout: 60_000 });
  await expect(page.locator('[data-column="bend"]')).toHaveText("–", { timeout: 60_000 });
  await panel.locator(".stage").press("Enter");
  await expect(panel).toContainText("A distilled student has no velocity to inspect");
  await scrubTo(page, 0.7);
  await expect(panel.locator(".notice.error")).toHaveText("");
});
