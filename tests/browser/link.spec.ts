// Links: the page's address says all of what is on it, and opens as the same again.
import { expect } from "@playwright/test";
import type {} from "../../www/src/element";
import {
  firstView,
  leaveDrawer,
  type Page,
  pressPreset,
  setBudget,
  smallNetwork,
  stepsOf,
  test,
  trainButton,
} from "./opened";

async function open(page: Page, fragment: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`./#${fragment}`);
  await firstView(page);
}

const SMALL = "panels=flow-matching&width=16&depth=1&budget=steps/40";

test("what is changed is in the address, a comparison alone in the history, and opens again", async ({ page }) => {
  const before = await page.evaluate(() => history.length);
  expect(new URL(page.url()).hash).toBe("");
  await pressPreset(page, "couplings");
  await page.getByRole("button", { name: "Streamlines" }).click();
  await page.getByLabel("Seed", { exact: true }).fill("11");
  await page.getByLabel("Seed", { exact: true }).press("Enter");
  await expect(page).toHaveURL(
    /#panels=flow-matching,ot-coupling&seed=11&layers=[^&]*streamlines[^&]*&columns=straightness&v=1$/,
  );
  expect(await page.evaluate(() => history.length)).toBe(before + 1);
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await firstView(page);
  await expect(page.getByLabel("Seed", { exact: true })).toHaveValue("11");
  await expect(page.locator("article.panel")).toHaveCount(2);
  await expect(page.locator('article[data-method="ot-coupling"]')).toBeVisible();
  await expect(page.getByRole("button", { name: "Streamlines" })).toHaveAttribute("aria-pressed", "true");
  expect(page.url()).toBe(link);
});

test("a link to a training trains again to the same bits", async ({ page }) => {
  await smallNetwork(page);
  await setBudget(page, "steps", 40);
  await page.getByRole("button", { name: "Remove panel A" }).click();
  await trainButton(page).click();
  await expect(page.getByText("The budgets are spent.")).toBeVisible();
  await expect(page).toHaveURL(/step:40;bits:[0-9a-f]{8}/);
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await firstView(page);
  await expect(page.getByText("The same weights as the link's, to the last bit")).toBeVisible();
  expect(await stepsOf(page)).toEqual([40]);
  expect(page.url()).toBe(link);
  await page.goto("about:blank");
  await page.goto(link.replace(/bits:[0-9a-f]{8}/, "bits:00000000"));
  await expect(page.getByText(/Other weights than the link's: [0-9a-f]{8} here, 00000000 there/)).toBeVisible();
});

test("Copy link is one press", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await pressPreset(page, "couplings");
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("Copied: the link opens all of this")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(copied).hash).toContain("#panels=flow-matching,ot-coupling");
});

test("points that are too many for a link are said to be, and the address is that of nothing else", async ({
  page,
}) => {
  await pressPreset(page, "couplings");
  await expect(page).toHaveURL(/#panels=/);
  await page.getByRole("button", { name: "Paste" }).click();
  const points = Array.from({ length: 2001 }, (_, i) => `${Math.sin(i + 1)},${Math.cos(3 * i)}`);
  // Typed in, they would take the browser seconds.
  await page.getByLabel("Points", { exact: true }).evaluate((area: HTMLTextAreaElement, text) => {
    area.value = text;
  }, points.join("\n"));
  await page.getByRole("button", { name: "Use these points" }).click();
  await expect(page).not.toHaveURL(/#./);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "more than a link carries, which is 4,000" })).toHaveCount(1);
});

test("a link that can't be read opens the default with one sentence, and stays in the address", async ({ page }) => {
  for (const [fragment, reason] of [
    ["panels=flow-matching&seed=7", "This link was cut off"],
    ["seed=-1&v=1", "This link's seed is “-1”"],
    ["%E0%A4%A", "This link has"],
    ["seed=7&v=99", "it was made by a newer playground"],
    ["<script>alert(1)</script>=1&v=1", "a setting that is not known here"],
  ] as const) {
    await open(page, fragment);
    await expect(page.getByRole("alert").filter({ hasText: reason })).toHaveCount(1);
    await expect(page.getByText("Pre-trained. Press Train")).toBeVisible();
    await page.waitForTimeout(1200);
    expect(new URL(page.url()).hash).not.toBe("");
  }
});

test("parts can be left out, and light or dark be chosen", async ({ page }) => {
  await open(page, `${SMALL}&hide=title,share,comparisons,data,knobs,engine,layers,options,evidence&theme=dark&v=1`);
  await expect(page.getByText("Untrained: the initial weights")).toBeVisible();
  for (const gone of ["Settings", "Share and keep", "What is compared"]) {
    await expect(page.getByLabel(gone)).toHaveCount(0);
  }
  await expect(page.locator("section.evidence")).toHaveCount(0);
  await trainButton(page).click();
  await expect(page.getByText("The budgets are spent.")).toBeVisible();
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await paper()).toBe("rgb(14, 19, 25)");
  await open(page, `${SMALL}&v=1`);
  await page.getByLabel("Light or dark", { exact: true }).selectOption("dark");
  await expect.poll(paper).toBe("rgb(14, 19, 25)");
  await expect(page).toHaveURL(/theme=dark/);
});

test("another link pasted into the address bar opens", async ({ page }) => {
  await page.evaluate(() => {
    location.hash = "#panels=exact-field&data=rings&v=1";
  });
  await expect(page.locator('article[data-method="exact-field"]')).toBeVisible();
});

test("a link with points opens wherever it is first met, before anything has read one", async ({
  page,
  browser,
  baseURL,
}) => {
  await page.getByRole("button", { name: "Paste" }).click();
  const points = Array.from({ length: 20 }, (_, i) => `${Math.sin(i + 1)},${Math.cos(3 * i)}`);
  await page.getByLabel("Points", { exact: true }).fill(points.join("\n"));
  await page.getByRole("button", { name: "Use these points" }).click();
  await expect(page).toHaveURL(/#data=points&points=/);
  const { hash } = new URL(page.url());
  const cold = await browser.newPage({ baseURL: baseURL ?? "" });
  await leaveDrawer(cold, "pinned");
  const isOpened = () => expect(cold.getByText("20 points of column 1")).toBeVisible({ timeout: 60_000 });

  await cold.goto(`./${hash}`);
  await isOpened();
  await cold.goto("about:blank");
  await cold.goto("./");
  await firstView(cold);
  await cold.evaluate((hash) => location.assign(hash), hash);
  await isOpened();
  await cold.goto("about:blank");
  await cold.goto(`./embed.html${hash.replace("&v=1", "&hide=&v=1")}`);
  await firstView(cold);
  await expect(cold.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
  await cold.goto("./");
  await cold.getByRole("button", { name: "Present", exact: true }).click();
  await cold.getByRole("textbox", { name: "Slides" }).fill(`${hash} Mine`);
  await expect(cold.locator("dialog").getByText("Mine", { exact: true })).toBeVisible();
  await cold.goto("/blank.html");
  await cold.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
  const shown = await cold.evaluate(async (link) => {
    await customElements.whenDefined("flow-playground");
    const one = document.body.appendChild(document.createElement("flow-playground"));
    one.setAttribute("link", link);
    await one.start();
    return one.shown;
  }, hash.slice(1));
  const pointsOf = (link: string) => new URLSearchParams(link).get("points");
  expect(pointsOf(shown)).toBe(pointsOf(hash.slice(1)));
  await cold.close();
});
