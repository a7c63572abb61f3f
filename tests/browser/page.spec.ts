// The built page as a reader uses it.
import { test as base, expect } from "@playwright/test";
import {
  fingerprint,
  firstView,
  layerOf,
  lossesOf,
  type Page,
  pictureOf,
  scrubTo,
  stepsOf,
  taken,
  test,
  trainButton,
} from "./opened";

const PANELS = ["a", "b"] as const;

/** Runs in the page: both losses once both are numbers, else false. */
function readFirstLosses(): number[] | false {
  const cells = [...document.querySelectorAll(".status .loss dd")];
  const losses = cells.map((cell) => Number.parseFloat(cell.textContent?.replace("−", "-") ?? ""));
  return losses.every(Number.isFinite) && losses;
}

async function upload(page: Page, name: string, content: string | Buffer): Promise<void> {
  const buffer = typeof content === "string" ? Buffer.from(content) : content;
  await page.locator('input[type="file"]:not([webkitdirectory])').setInputFiles({ name, mimeType: "text/csv", buffer });
}

function spiral(numPoints: number, row = (x: number, y: number) => `${x},${y}`): string {
  return Array.from({ length: numPoints }, (_, i) => {
    const turn = (i / numPoints) * 6;
    return row(1000 + 30 * turn * Math.cos(turn), -5 + 0.2 * turn * Math.sin(turn));
  }).join("\n");
}

/** A file as NumPy writes it, of float32; `shape` as Python prints it. */
function npy(shape: string, numValues: number): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, "latin1");
  return Buffer.concat([head, Buffer.from(Float32Array.from({ length: numValues }, (_, i) => Math.sin(i)).buffer)]);
}

test("something alive is on screen at once, and says what it is", async ({ page }) => {
  await expect(page.getByText("Pre-trained. Press Train")).toBeVisible();
  await expect(trainButton(page)).toHaveText("Train");
  for (const slot of PANELS) {
    const before = await fingerprint(page, slot);
    await expect.poll(() => fingerprint(page, slot)).not.toBe(before);
  }
  const row = page.locator('tr[data-slot="b"]');
  await expect(row.locator('[data-column="NLL"]')).toHaveText(/^\d\.\d+ ± 0\.\d+/, { timeout: 60_000 });
  await expect(row.locator('[data-column="training"]')).toHaveText("pre-trained");
});

test("t is scrubbed in both panels, pauses the animation and moves the particles", async ({ page }) => {
  await scrubTo(page, 1);
  await expect(page.getByRole("button", { name: "Play the animation" })).toBeVisible();
  const noise = await Promise.all(PANELS.map((slot) => fingerprint(page, slot)));
  await scrubTo(page, 0);
  await expect(page.locator("output.now")).toHaveText("t = 0.000");
  for (const [i, slot] of PANELS.entries()) expect(await fingerprint(page, slot)).not.toBe(noise[i]);
});

test("both train from scratch with falling loss, pause and go on", async ({ page }) => {
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Pause");
  // A dash before the first report, then the mean of the first few training steps.
  const reported = await page.waitForFunction(readFirstLosses);
  const first = (await reported.jsonValue()) || [];
  await expect.poll(async () => (await stepsOf(page))[0], { timeout: 90_000 }).toBeGreaterThan(8);
  await expect.poll(async () => (await stepsOf(page))[1], { timeout: 90_000 }).toBeGreaterThan(200);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Continue");
  const paused = await stepsOf(page);
  const losses = (await lossesOf(page)).map(Number);
  for (const [i, slot] of PANELS.entries()) expect(losses[i], slot).toBeLessThan(first[i] ?? 0);
  // Charts are drawn when they are looked at.
  for (const slot of PANELS) {
    const figure = page.locator(`figure[data-slot="${slot}"]`);
    await figure.scrollIntoViewIfNeeded();
    await expect(figure.locator(".chart svg")).toBeVisible();
  }

  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[1], { timeout: 60_000 }).toBeGreaterThan(paused[1] ?? 0);
});

test("a reset starts from the same weights: the same steps give the same numbers", async ({ page }) => {
  // Nine single steps, each of which is drawn whole.
  test.slow();
  async function threeSteps(): Promise<string[]> {
    for (let step = 1; step <= 3; step++) {
      await page.getByRole("button", { name: "Step", exact: true }).click();
      await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([step, step]);
    }
    return lossesOf(page);
  }
  const first = await threeSteps();
  await page.getByRole("button", { name: "Reset" }).click();
  await expect.poll(() => stepsOf(page)).toEqual([0, 0]);
  expect(await threeSteps()).toEqual(first);

  await page.getByLabel("Seed", { exact: true }).fill("8");
  await page.getByLabel("Seed", { exact: true }).press("Enter");
  await expect.poll(() => stepsOf(page)).toEqual([0, 0]);
  expect(await threeSteps()).not.toEqual(first);
});

test("what is being typed stays, whatever is drawn meanwhile", async ({ page }) => {
  await page.getByLabel("Budget", { exact: true }).first().selectOption("steps");
  const field = page.locator('[data-knob="budget"] input');
  await expect(field).toHaveValue("1000");
  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[1]).toBeGreaterThan(0);
  await field.fill("48");
  const [before = 0] = await stepsOf(page);
  await expect.poll(async () => (await stepsOf(page))[0]).toBeGreaterThan(before);
  await expect(field).toHaveValue("48");
});

test("another data set is a click on its picture", async ({ page }) => {
  await scrubTo(page, 0);
  const data = async () => layerOf(await pictureOf(page, "Flow matching"), "data");
  const moons = await data();
  expect(moons).toMatch(/<\w/);
  await page.getByRole("button", { name: "checkerboard" }).click();
  await expect(page.getByRole("button", { name: "checkerboard" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("Untrained: the initial weights")).toBeVisible();
  // The dots of the data themselves, not only what other weights make of a picture.
  await expect.poll(data).not.toBe(moons);
  await page.getByRole("button", { name: "moons" }).click();
  await expect.poll(data).toBe(moons);
});

test("Train right after another data set trains on that", async ({ page }) => {
  await page.getByRole("button", { name: "8 Gaussians" }).click();
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Pause");
  await expect(page.getByRole("button", { name: "8 Gaussians" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "rings", exact: true }).click();
  await expect(page.getByRole("button", { name: "rings", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(trainButton(page)).toHaveText("Pause");
  await expect.poll(async () => (await stepsOf(page))[1], { timeout: 60_000 }).toBeGreaterThan(0);
});

test("one's own file is centered, scaled and trained on, and the export undoes it", async ({ page }) => {
  await upload(page, "spiral.csv", `east,north\r\n${spiral(400)}\r\n`);
  await expect(page.getByText(/^400 points of east and north, centered at \(/)).toBeVisible();
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([1, 1]);

  const { bytes } = await taken(page, "Flow matching", "Samples");
  const [header, ...rows] = bytes.toString().trim().split("\n");
  expect(header).toBe('"east","north"');
  expect(rows).toHaveLength(2000);
  const meanEast = rows.reduce((sum, row) => sum + Number.parseFloat(row), 0) / rows.length;
  expect(Math.abs(meanEast - 1000)).toBeLessThan(150);
});

test("text is pasted, and of many columns two are chosen", async ({ page }) => {
  await page.getByRole("button", { name: "Paste" }).click();
  await page.getByRole("textbox", { name: "Points" }).fill(spiral(50, (x, y) => `${x}\t${y}`));
  await page.getByRole("button", { name: "Use these points" }).click();
  await expect(page.getByText(/^50 points of column 1 and column 2/)).toBeVisible();

  await upload(page, "wide.csv", `a;label;b\n${spiral(60, (x, y) => `${x};red;${y}`)}`);
  await expect(page.getByRole("heading", { name: "Which columns?" })).toBeVisible();
  await expect(page.getByLabel("Vertical")).toHaveValue("2");
  await page.getByRole("button", { name: "Use these columns" }).click();
  await expect(page.getByText(/^60 points of a and b/)).toBeVisible();
});

test("a file that may mean two things is asked about with what each gives", async ({ page }) => {
  await upload(
    page,
    "preise.csv",
    `x;y\n${Array.from({ length: 40 }, (_, i) => `1.${100 + i};0,${i + 1}`).join("\n")}`,
  );
  await expect(page.getByRole("heading", { name: "What do these numbers mean?" })).toBeVisible();
  await expect(page.getByText(/^In preise.csv, “1.100” \(row 2, column 1\) may mean 1.1 or 1100/)).toBeVisible();
  await page.getByRole("radio").first().check();
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByText(/^40 points of x and y/)).toBeVisible();
});

test("a file that arrives leaves a drawing alone, and asks after it", async ({ page }) => {
  await page.getByRole("button", { name: "Draw", exact: true }).click();
  await expect(page.locator("dialog .drawing, dialog canvas, dialog svg").first()).toBeVisible();
  const transfer = await page.evaluateHandle(
    (text) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([text], "dropped.csv"));
      return dropped;
    },
    `a;b;c\n${spiral(60, (x, y) => `${x};${y};${x + y}`)}`,
  );
  await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  await expect(page.getByRole("button", { name: "Use these points" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Which columns?" })).toBeVisible();
});

test("of an .npy file's columns two are chosen too", async ({ page }) => {
  await upload(page, "wide.npy", npy("(40, 3)", 120));
  await expect(page.getByRole("heading", { name: "Which columns?" })).toBeVisible();
  await page.getByRole("button", { name: "Use these columns" }).click();
  await expect(page.getByText(/^40 points of column 1 and column 2/)).toBeVisible();
});

test("a dropped file is read", async ({ page }) => {
  const transfer = await page.evaluateHandle((text) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([text], "dropped.tsv"));
    return dropped;
  }, spiral(32));
  await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  await expect(page.getByText(/^32 points of/)).toBeVisible();
});

const BAD_FILES: readonly [name: string, content: string | Buffer, sentence: RegExp][] = [
  ["empty", "", /^The file is empty/],
  ["one column of words", spiral(20, () => "some"), /^Row 2, column 1 \(some\) is “some”, which is not a number/],
  ["text in a cell", `x,y\n${spiral(20)}\n3,four`, /^Row 22, column 2 \(y\) is “four”, which is not a number/],
  ["not finite", `${spiral(20)}\nnan,3`, /^Row 21, column 1 \(column 1\) is “nan”, which is not a finite number/],
  ["too few", spiral(15), /^The file has 15 points; at least 16 are needed/],
  ["constant", spiral(20, (x) => `${x},5`), /^Column 2 \(column 2\) is 5 in every row/],
  ["an .npy of three dimensions", npy("(20, 1, 1)", 20), /^The .npy array has the shape \(20, 1, 1\)/],
  ["image", Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 89) % 256)), /^This is not a text file/],
];

test("what can't be used is said in one sentence and nothing on screen is lost", async ({ page }) => {
  await scrubTo(page, 0.5);
  for (const [name, content, sentence] of BAD_FILES) {
    await upload(page, `${name}.csv`, content);
    await expect(page.locator(".data .notice"), name).toHaveText(sentence);
    await expect(page.getByRole("button", { name: "moons" })).toHaveAttribute("aria-pressed", "true");
    await expect(page.getByText("Pre-trained. Press Train")).toBeVisible();
  }
});

test("a million rows are thinned, and it is said", async ({ page }) => {
  await upload(
    page,
    "million.csv",
    spiral(1_000_000, (x, y) => `${x.toFixed(3)},${y.toFixed(3)}`),
  );
  await expect(page.getByText("1,000,000 rows were thinned evenly to 100,000.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^100,000 points of/)).toBeVisible();
});

base("with reduced motion nothing moves until it is asked to", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("./");
  await firstView(page);
  await expect(page.getByRole("button", { name: "Play the animation" })).toBeVisible();
  await expect(page.locator("output.now")).toHaveText("t = 0.000");
});

base("on a phone everything is reached by scrolling down alone", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("./");
  await firstView(page);
  await expect(page.getByRole("slider", { name: /^Time t/ })).toBeInViewport();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  const [first, second] = await Promise.all(
    PANELS.map((slot) => page.locator(`article[data-slot="${slot}"]`).boundingBox()),
  );
  expect(second?.y).toBeGreaterThanOrEqual((first?.y ?? 0) + (first?.height ?? 0));
});
