// Handouts as PDF, looked at as a printer would: their pages, their text, their fonts, their codes. With HANDOUTS naming a
// folder, every lesson is written there: `cargo xtask handouts`.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import jsQR from "jsqr";
import { firstView, type Page, test } from "./opened";

const FOLDER = process.env.HANDOUTS;
const FORMAT = process.env.PAPER ?? "A4";
const LESSONS = readdirSync(fileURLToPath(new URL("../../www/lessons/", import.meta.url)))
  .filter((name) => /^\d.*\.md$/.test(name))
  .map((name) => basename(name, ".md"));

function hasPoppler(): boolean {
  try {
    execFileSync("pdftoppm", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

interface Gray {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** Each page as a picture. */
function pagesOf(pdf: string, resolution: number): Gray[] {
  const stem = pdf.replace(/\.pdf$/, "-page");
  execFileSync("pdftoppm", ["-r", String(resolution), "-gray", pdf, stem]);
  const folder = join(pdf, "..");
  const names = readdirSync(folder).filter((name) => name.startsWith(basename(stem)) && name.endsWith(".pgm"));
  return names.sort().map((name) => {
    const bytes = readFileSync(join(folder, name));
    rmSync(join(folder, name));
    const [head = "", width, height] =
      /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString("latin1")) ?? [];
    return { width: Number(width), height: Number(height), pixels: bytes.subarray(head.length) };
  });
}

function inkOf({ pixels }: Gray): number {
  return pixels.reduce((sum, value) => sum + (value < 200 ? 1 : 0), 0) / pixels.length;
}

/** The link in the code in the lower half of a page, wherever it is. */
function codesOf({ width, height, pixels }: Gray): string[] {
  const found = new Set<string>();
  const strip = Math.round(width / 3);
  // The codes are at the left margin, one below the other.
  for (let top = 0; top + strip <= height; top += Math.round(strip / 4)) {
    const part = new Uint8ClampedArray(4 * strip * strip).fill(255);
    for (let y = 0; y < strip; y++) {
      for (let x = 0; x < strip; x++)
        part.fill(pixels[(top + y) * width + x] ?? 255, 4 * (y * strip + x), 4 * (y * strip + x) + 3);
    }
    const code = jsQR(part, strip, strip);
    // Rows of dots can look like the corners of one.
    if (code !== null && code.data !== "") found.add(code.data);
  }
  return [...found];
}

/** Wherever its lines were broken. */
function wordsOf(pdf: string): string {
  return textOf(pdf).replace(/\s+/g, " ");
}

function textOf(pdf: string): string {
  return execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" });
}

function expectFontsEmbedded(pdf: string): void {
  const fonts = execFileSync("pdffonts", [pdf], { encoding: "utf8" }).trim().split("\n").slice(2);
  expect(fonts.length).toBeGreaterThan(0);
  for (const font of fonts) expect(font).toMatch(/\s(yes)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$/);
}

async function printLesson(page: Page, name: string, path: string, format: string, answers = true): Promise<void> {
  await page.goto(`./lessons/${name}.html`);
  await page.evaluate(() => {
    window.print = () => undefined;
  });
  await page.getByLabel("with answers").setChecked(answers);
  await page.getByRole("button", { name: "Print this lesson" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-handout", "ready", { timeout: 180_000 });
  await page.pdf({ path, format });
}

if (FOLDER !== undefined) {
  for (const name of LESSONS) {
    test(`${name} as a handout`, async ({ page }) => {
      test.setTimeout(300_000);
      await printLesson(page, name, join(FOLDER, `${name}.pdf`), FORMAT);
    });
  }
} else {
  test.describe("printed", () => {
    test.skip(!hasPoppler(), "there is no pdftoppm");

    test("a lesson prints whole, with its answers behind it or without", async ({ page }, info) => {
      test.slow();
      const pdf = info.outputPath("lesson.pdf");
      await page.emulateMedia({ colorScheme: "dark" });
      await printLesson(page, "02-normalizing-flow", pdf, "A4");
      const pages = pagesOf(pdf, 50);
      expect(pages.length).toBeLessThanOrEqual(5);
      for (const one of pages) {
        expect(inkOf(one)).toBeGreaterThan(0.004);
        expect(inkOf(one)).toBeLessThan(0.5);
      }
      const text = wordsOf(pdf);
      expect(text).toContain("How a density changes along the way");
      expect(text).toContain("seed 7. A network of 2 × 32, after 300 training steps");
      expect(text.indexOf("Answers")).toBeGreaterThan(text.indexOf("Sources"));
      expect(text.slice(0, text.indexOf("Sources"))).not.toContain("Right.");
      expect(text).toContain("Quiz 2: b");
      expect(text).not.toContain("Run it live");
      expectFontsEmbedded(pdf);
      const [link] = pagesOf(pdf, 200).flatMap(codesOf);
      expect(link).toMatch(
        /\/some\/sub-path\/#panels=normalizing-flow;method\.kineticPenalty:0;step:300;bits:[0-9a-f]{8}&.*v=1$/,
      );
      await page.goto(link as string);
      await firstView(page);
      await expect(page.getByText("The same weights as the link's, to the last bit")).toBeVisible({ timeout: 60_000 });

      await printLesson(page, "02-normalizing-flow", pdf, "Letter", false);
      expect(pagesOf(pdf, 50).length).toBeLessThan(pages.length);
      expect(textOf(pdf)).not.toContain("Answers");
      expect(textOf(pdf)).not.toContain("Right.");
    });

    test("any state prints, with its evidence and the way back", async ({ page }, info) => {
      const pdf = info.outputPath("state.pdf");
      await page.goto("about:blank");
      await page.goto("./#panels=flow-matching;step:40&width=16&depth=1&budget=steps/40&theme=dark&v=1");
      await firstView(page);
      await expect(
        page.getByText("The same weights as the link's").or(page.getByText("Trained to step 40")),
      ).toBeVisible();
      await page.evaluate(() => {
        window.print = () => document.body.setAttribute("data-asked", "");
      });
      await page.getByRole("button", { name: "Print this" }).click();
      await expect(page.locator("body")).toHaveAttribute("data-asked", "");
      await page.pdf({ path: pdf, format: "A4" });
      const pages = pagesOf(pdf, 50);
      expect(pages.length).toBeGreaterThanOrEqual(2);
      for (const one of pages) {
        expect(inkOf(one)).toBeGreaterThan(0.004);
        expect(inkOf(one)).toBeLessThan(0.5);
      }
      const text = textOf(pdf);
      expect(text).toContain("Flow matching: moons");
      expect(wordsOf(pdf)).toContain("after 40 training steps");
      for (const control of ["Copy link", "Train", "Reseed", "Noise Q"])
        expect(text).not.toMatch(new RegExp(`^\\s*${control}\\s*$`, "m"));
      expectFontsEmbedded(pdf);
      const [link] = pagesOf(pdf, 200).flatMap(codesOf);
      expect(link).toMatch(/#panels=flow-matching;step:40/);
    });
  });
}
