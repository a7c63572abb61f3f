// A model that is told the class: trained, asked for each class, guided, and shared.
import { expect } from "@playwright/test";
import { WHY_NOT_TOLD } from "../../www/src/experiment/conditions";
import {
  choosePreset,
  firstView,
  layerOf,
  openFragment,
  type Page,
  pictureOf,
  stepsOf,
  taken,
  test,
  trainToEnd,
} from "./opened";

const SMALL = "data=8-gaussians&width=32&depth=2&play=no&t=0&solver=rk4&steps=10";
/** Its networks are larger than others that are tested. */
const TRAINED_MS = 100_000;
const TOLD = "flow-matching;condition.kind:class";
/** Where the eight Gaussians lie, in the order of their numbers. */
const NAMES = ["east", "west", "north", "south", "northeast", "southeast", "northwest", "southwest"];
const ANGLES = [0, 180, 90, 270, 45, 315, 135, 225];

/** The share of the samples on screen that lie within 45° / 2 of a direction. */
async function shareTowards(page: Page, degrees: number): Promise<number> {
  const { bytes } = await taken(page, "", "Samples");
  const rows = bytes.toString().trim().split("\n").slice(1);
  const towards = rows.filter((row) => {
    const [x = 0, y = 0] = row.split(",").map(Number);
    const away = Math.abs((((Math.atan2(y, x) * 180) / Math.PI - degrees + 540) % 360) - 180);
    return away < 22.5;
  });
  return towards.length / rows.length;
}

/** What samples are while they are asked for no class. */
const OF_NONE = "samples, of no class in particular";

function legend(page: Page) {
  return page.getByRole("list", { name: "Classes" }).getByRole("listitem");
}

test("samples are of the class that is asked for, without another training, and the link says so", async ({ page }) => {
  test.slow();
  await openFragment(page, `panels=${TOLD}&budget=steps/700&${SMALL}&v=1`);
  await expect(legend(page)).toHaveText([...NAMES, OF_NONE]);
  await trainToEnd(page, TRAINED_MS);
  await expect(page.getByText("samples are of all classes")).toBeVisible();
  const choice = page.getByLabel("Class", { exact: true });
  for (const [number, degrees] of ANGLES.entries()) {
    await choice.selectOption(String(number));
    await expect(page.locator(".classes [aria-current]")).toHaveText(NAMES[number] ?? "");
    expect(await shareTowards(page, degrees), NAMES[number]).toBeGreaterThan(0.85);
  }
  expect(await stepsOf(page)).toEqual([700]);
  await expect(page.locator('[data-column="sliced W₂²"]')).toHaveText(/^\d/, { timeout: 60_000 });
  await expect(page.locator(".evidence")).toContainText("samples drawn by rk4 × 10, of southwest");
  await expect(page).toHaveURL(/asked=7/);
  const [picture, link] = [await pictureOf(page, ""), page.url()];

  await page.goto("about:blank");
  await page.goto(link);
  await firstView(page);
  await expect(page.getByText("The same weights as the link's, to the last bit")).toBeVisible({ timeout: 100_000 });
  await expect(choice).toHaveValue("7");
  await expect.poll(async () => layerOf(await pictureOf(page, ""), "samples")).toBe(layerOf(picture, "samples"));
  await expect(page).toHaveURL(link);
});

test("guidance draws samples past their class, is counted as two passes, and compared with nothing", async ({
  page,
}) => {
  await openFragment(page, `panels=${TOLD}&budget=steps/300&asked=0&${SMALL}&v=1`);
  await trainToEnd(page, TRAINED_MS);
  const cell = page.locator('[data-column="sliced W₂²"]');
  await expect(cell).toHaveText(/^\d/, { timeout: 60_000 });
  await page.getByLabel("Guidance weight", { exact: true }).fill("3");
  await expect(page.getByText("does not end at the tilted law")).toBeVisible();
  await expect(page.locator("fieldset.knobs legend").first()).toContainText("2 passes each under guidance");
  await expect(cell).toHaveText("–", { timeout: 60_000 });
  await expect(page.locator(".evidence")).toContainText("makes a law that is not the data's");
  await expect(page).toHaveURL(/guidance=3/);
  await page.getByLabel("Guidance weight", { exact: true }).fill("0");
  await expect(page.getByText("which leaves the class out")).toBeVisible();
  await expect(cell).toHaveText(/^\d/, { timeout: 60_000 });
});

test("the comparison of three guidance weights asks each panel for its own", async ({ page }) => {
  await choosePreset(page, "guidance");
  await expect(page.locator("select.method option:checked")).toHaveText([
    "Flow matching, w = 0",
    "Flow matching, w = 1",
    "Flow matching, w = 3",
  ]);
  await expect(page.getByText("does not end at the tilted law")).toHaveCount(1);
  await expect(page).toHaveURL(/guidance:0.*guidance:1.*guidance:3.*asked=0/);
});

/** Two clouds, left and right, in units of their own, with what they are called. */
const LABELLED = [
  "x,y,side",
  ...Array.from({ length: 160 }, (_, i) => {
    const [x, side] = i % 2 === 0 ? [100, "left"] : [104, "right"];
    return `${x + Math.sin(3 * i)},${Math.cos(5 * i)},${side}`;
  }),
].join("\n");

/** Of the samples on screen. */
async function meanX(page: Page): Promise<number> {
  const { bytes } = await taken(page, "", "Samples");
  const rows = bytes.toString().trim().split("\n").slice(1);
  return rows.reduce((sum, row) => sum + Number(row.split(",")[0]), 0) / rows.length;
}

test("a parameter is drawn given what is observed, which a slider moves without another training", async ({ page }) => {
  test.slow();
  const inferred = "panels=flow-matching;condition.kind:numbers&data=linear-gaussian&observed=1";
  await openFragment(page, `${inferred}&budget=steps/700&width=32&depth=2&play=no&t=0&solver=rk4&steps=10&v=1`);
  await trainToEnd(page, TRAINED_MS);
  const slider = page.getByRole("slider", { name: "Observed x" });
  await expect(slider).toHaveValue("1");
  for (const [x, shown] of [
    [1, "x = 1"],
    [-2, "x = −2"],
  ] as const) {
    await slider.fill(String(x));
    await expect(page.locator(".evidence")).toContainText(`given ${shown}`, { timeout: 60_000 });
    expect(Math.abs((await meanX(page)) - 0.8 * x), shown).toBeLessThan(0.15);
  }
  expect(await stepsOf(page)).toEqual([700]);
  await expect(page).toHaveURL(/observed=-2/);
  await expect(page.locator('[data-column="KL"]')).toHaveText(/^\d|^−/, { timeout: 60_000 });
});

test("a column of one's own points is the class once it is said to be, and the link carries it", async ({ page }) => {
  await openFragment(page, `panels=${TOLD}&budget=steps/400&${SMALL}&v=1`);
  await page.getByRole("button", { name: "Paste" }).click();
  await page.getByLabel("Points", { exact: true }).fill(LABELLED);
  await page.getByRole("button", { name: "Use these points" }).click();
  const label = page.getByLabel("Class of each point");
  await expect(label).toHaveValue("none");
  await label.selectOption({ label: "side (2 classes)" });
  await page.getByRole("button", { name: "Use these columns" }).click();
  await expect(legend(page)).toHaveText(["left", "right", OF_NONE]);
  await trainToEnd(page, TRAINED_MS);
  const choice = page.getByLabel("Class", { exact: true });
  for (const [number, x] of [100, 104].entries()) {
    await choice.selectOption(String(number));
    await expect(page.locator(".classes [aria-current]")).toHaveText(["left", "right"][number] ?? "");
    expect(Math.abs((await meanX(page)) - x)).toBeLessThan(0.7);
  }
  await expect(page).toHaveURL(/asked=1.*points=/);
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await firstView(page);
  await expect(page.locator(".classes [aria-current]")).toHaveText("right", { timeout: 60_000 });
  await expect(page.getByText("The same weights as the link's, to the last bit")).toBeVisible({ timeout: 100_000 });
});

test("points without a class are refused where the network is to be told one", async ({ page }) => {
  await openFragment(page, `panels=${TOLD}&${SMALL}&v=1`);
  await page.getByRole("button", { name: "Paste" }).click();
  await page.getByLabel("Points", { exact: true }).fill(LABELLED.replaceAll(/,[a-z]+$/gm, ""));
  await page.getByRole("button", { name: "Use these points" }).click();
  await expect(page.getByText("points of your own without labels")).toBeVisible();
  await expect(legend(page)).toHaveText([...NAMES, OF_NONE]);
});

test("a method that cannot be told a class says why, and so does data that has none", async ({ page }) => {
  await openFragment(page, `panels=normalizing-flow&${SMALL}&v=1`);
  await page.locator("details.options summary").click();
  await expect(page.locator("details.options")).toContainText(WHY_NOT_TOLD);
  const refusal = await page.evaluate(async () => {
    const url = new URL("flow-playground.js", location.href).href;
    const { createEngine } = (await import(url)) as typeof import("../../www/src/library");
    const engine = await createEngine({ device: "cpu" });
    const experiment = {
      method: { kind: "normalizing-flow" },
      condition: { kind: "class", drop: 0.1, pairs: "within" },
    };
    return engine.checkExperiment(experiment as never).then(String, ({ message }) => String(message));
  });
  // The engine's own words.
  expect(refusal).toContain(WHY_NOT_TOLD.replace(/^No condition/, "none"));

  await openFragment(page, `panels=flow-matching&${SMALL.replace("8-gaussians", "swiss-roll")}&v=1`);
  await page.locator("details.options summary").click();
  await page.getByLabel("Condition", { exact: true }).selectOption("class");
  await expect(page.locator('[data-knob="a condition.kind"] .notice.error')).toContainText("which has no classes");
});

test("the library asks for a class and says what there is to know of it", async ({ page }) => {
  const found = await page.evaluate(async () => {
    const url = new URL("flow-playground.js", location.href).href;
    const { createEngine } = (await import(url)) as typeof import("../../www/src/library");
    const engine = await createEngine({ device: "cpu" });
    const run = await engine.run({
      data: { kind: "moons" },
      method: { kind: "closed-form" },
      condition: { kind: "class", drop: 0.1, pairs: "within" },
    });
    const points = await run.data(50);
    const answers = [await run.ask({ class: 1 }), await run.ask({ class: 1, guidance: 2 })];
    const refused = await run.ask({ class: 2 }).then(String, ({ field }) => field);
    await run.ask({ class: 1 });
    const lower = await run.data(50);
    const { points: all, labels } = await run.labelled(50);
    await run.ask(null);
    const again = await run.data(50);
    engine.dispose();
    const isLower = [...labels].map((label, i) => [label, points[2 * i + 1] ?? 0] as const);
    return {
      classes: run.classes,
      answers,
      refused,
      isLower,
      lower: [...lower],
      same: String(again) === String(points) && String(all) === String(points),
    };
  });
  expect(found.classes).toEqual(["upper moon", "lower moon"]);
  expect(found.answers.map(({ passesPerEvaluation }) => passesPerEvaluation)).toEqual([1, 2]);
  expect(found.answers.map(({ whyNoTruth }) => whyNoTruth === null)).toEqual([true, false]);
  expect([found.refused, found.same]).toEqual(["class", true]);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const ofClass = (wanted: number) => found.isLower.flatMap(([label, y]) => (label === wanted ? [y] : []));
  expect(mean(ofClass(0))).toBeGreaterThan(mean(ofClass(1)));
  expect(mean(found.lower.filter((_, i) => i % 2 === 1))).toBeLessThan(mean(ofClass(0)));
});
