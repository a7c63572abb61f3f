// The built page, opened, and what every test of it reads and presses.
import { test as base, expect, type Page } from "@playwright/test";
import about from "../../www/public/package.json" with { type: "json" };
import { watch } from "./blank";

export type { Page };

/** In the name of every file that is taken away. */
export const VERSION = about.version;

/** Every test fails on an error in the console, an uncaught one, or a request that leaves the origin. */
export const test = base.extend<{ drawer: "pinned" | "closed" }>({
  /** The settings pinned, as a reader may have left them: most tests set something. */
  drawer: ["pinned", { option: true }],
  page: async ({ page, drawer }, use) => {
    const problems = watch(page);
    await leaveDrawer(page, drawer);
    await page.goto("./");
    await firstView(page);
    await use(page);
    expect(problems).toEqual([]);
  },
});

/** As at an earlier visit. */
export async function leaveDrawer(page: Page, drawer: "pinned" | "closed"): Promise<void> {
  await page.addInitScript((drawer) => {
    // Not where there is no store, as on a blank page.
    if (location.protocol === "http:") localStorage.setItem("flow-playground-room", JSON.stringify({ drawer }));
  }, drawer);
}

export async function firstView(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("first-view").length > 0);
}

export function trainButton(page: Page) {
  return page.locator("button.train");
}

export async function stepsOf(page: Page): Promise<number[]> {
  const texts = await page.locator(".status .step dd").allInnerTexts();
  return texts.map((text) => Number.parseInt(text.replaceAll(",", ""), 10));
}

/** As numbers are written for machines. */
export async function lossesOf(page: Page): Promise<string[]> {
  const texts = await page.locator(".status .loss dd").allInnerTexts();
  return texts.map((text) => text.replace("−", "-"));
}

/** How much of a panel's stage is painted: its pixels, as a number that changes when they do. */
export async function fingerprint(page: Page, slot: string): Promise<number> {
  return page.locator(`article[data-slot="${slot}"] .stage canvas`).evaluateAll((canvases) => {
    let sum = 0;
    for (const canvas of canvases as HTMLCanvasElement[]) {
      if (canvas.style.display === "none" || canvas.width === 0) continue;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      pixels.forEach((value, i) => {
        sum = (sum * 31 + value * (i % 251)) % 2147483647;
      });
    }
    return sum;
  });
}

/** Chooses a comparison, and does not wait for it. */
export async function pressPreset(page: Page, id: string): Promise<void> {
  await page.locator("button.choice").click();
  await page.locator(`[data-preset="${id}"]`).click();
}

export async function choosePreset(page: Page, id: string): Promise<void> {
  await pressPreset(page, id);
  await expect(page.locator("dialog[open]")).toHaveCount(0);
  await expect(page.getByText("starting …")).toHaveCount(0, { timeout: 60_000 });
}

/** What a link's fragment says, opened as by someone who comes from elsewhere. */
export async function openFragment(page: Page, fragment: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`./#${fragment}`);
  await firstView(page);
  await expect(page.getByText("starting …")).toHaveCount(0);
}

/** Trained to the end of its budget. */
export async function trainToEnd(page: Page, timeout = 60_000): Promise<void> {
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Done", { timeout });
}

/** A network that trains in no time. */
export async function smallNetwork(page: Page): Promise<void> {
  const width = page.getByLabel("Width", { exact: true });
  // A U-Net has its own size.
  if ((await width.count()) === 0) return;
  await width.first().selectOption("16");
  await page.getByLabel("Depth", { exact: true }).first().selectOption("1");
  await expect(page.getByText("Untrained: the initial weights")).toBeVisible();
}

export async function setBudget(page: Page, kind: string, limit: number): Promise<void> {
  await page.getByLabel("Budget", { exact: true }).first().selectOption(kind);
  await page.locator('[data-knob="budget"] input').fill(String(limit));
  await page.locator('[data-knob="budget"] input').press("Enter");
  await expect(page.getByText("Untrained: the initial weights")).toBeVisible();
}

export async function scrubTo(page: Page, t: number): Promise<void> {
  await page.getByRole("slider", { name: /^Time t/ }).fill(String(t));
}

/** What a panel is taken away as, by the words on the button; the first panel where the title is "". */
export async function taken(page: Page, title: string, button: string): Promise<{ name: string; bytes: Buffer }> {
  await page.locator(`button[aria-label^="Take away ${title}"]`).first().click();
  const download = page.waitForEvent("download");
  await page.locator("dialog").getByRole("button", { name: button, exact: true }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  await page.locator("dialog").getByRole("button", { name: "Close" }).click();
  // Drawn a frame later: until then nothing behind it can be typed into, by people.
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  return { name: (await download).suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** A panel's picture, taken along as SVG. */
export async function pictureOf(page: Page, title: string): Promise<string> {
  return (await taken(page, title, "SVG")).bytes.toString();
}

/** What is drawn of one layer of such a picture; empty where nothing is. */
export function layerOf(svg: string, layer: string): string {
  const [, rest = ""] = svg.split(`data-layer="${layer}">`);
  return rest.split(/<\/g>\n<(?:g data-layer=|\/svg)/)[0] ?? "";
}
