// What is done on the stages, and in the time and the training that they show.
import { expect } from "@playwright/test";
import { METHOD_IDS } from "../../www/src/experiment/methods";
import {
  choosePreset,
  fingerprint,
  layerOf,
  lossesOf,
  type Page,
  pictureOf,
  scrubTo,
  setBudget,
  smallNetwork,
  stepsOf,
  test,
  trainButton,
} from "./opened";

async function inspect(page: Page, slot: string, x: number, y: number): Promise<void> {
  const stage = page.locator(`article[data-slot="${slot}"] .stage`);
  const box = await stage.boundingBox();
  if (box === null) throw new Error("the stage is there");
  await stage.click({ position: { x: x * box.width, y: y * box.height } });
}

test("every layer switches on and off", async ({ page }) => {
  test.slow();
  await scrubTo(page, 0.5);
  for (const chip of await page.locator(".layers .chip").all()) {
    const name = (await chip.textContent())?.trim();
    const pressed = await chip.getAttribute("aria-pressed");
    const layer = (await chip.getAttribute("data-layer")) ?? "";
    // Of this layer alone: others are refined meanwhile.
    const isDrawn = async () => /<\w/.test(layerOf(await pictureOf(page, "Flow matching"), layer));
    const expectDrawn = (drawn: boolean) => expect.poll(isDrawn, { timeout: 30_000, message: name }).toBe(drawn);
    await expectDrawn(pressed === "true");
    await chip.click();
    await expect(chip).toHaveAttribute("aria-pressed", pressed === "true" ? "false" : "true");
    await expectDrawn(pressed !== "true");
    await chip.click();
    await expect(chip).toHaveAttribute("aria-pressed", pressed ?? "");
    await expectDrawn(pressed === "true");
  }
});

test("trajectories are colored by time and by curvature", async ({ page }) => {
  await scrubTo(page, 0.5);
  await page.getByText("More", { exact: true }).click();
  const seen = new Set([await fingerprint(page, "b")]);
  for (const color of ["time", "curvature"]) {
    await page.getByLabel("Trajectories", { exact: true }).selectOption(color);
    await expect.poll(async () => seen.has(await fingerprint(page, "b"))).toBe(false);
    seen.add(await fingerprint(page, "b"));
  }
});

test("a point is inspected: the network's velocity, the paths' mean, divergence and log-density", async ({ page }) => {
  await scrubTo(page, 0);
  await inspect(page, "b", 0.2, 0.5);
  const readout = page.locator('article[data-slot="b"] .inspector');
  await expect(readout).toContainText(/f\(x, t\)\s*\(−?\d+\.\d\d, −?\d+\.\d\d\)/);
  await expect(readout).toContainText(/mean of paths\s*\(−?\d+\.\d\d, −?\d+\.\d\d\)/);
  await expect(readout).toContainText(/ln p\s*−?\d+\.\d\d/);
  expect(await pictureOf(page, "Flow matching")).toMatch(/data-layer="inspection">\s*<\w/);
  // Every panel is asked about the same point; a likelihood method has no paths to average.
  await expect(page.locator('article[data-slot="a"] .inspector')).toContainText("none pass here");
  const before = await readout.innerText();
  await page.locator('article[data-slot="b"] .stage').press("ArrowRight");
  await expect.poll(() => readout.innerText()).not.toBe(before);
  await page.locator('article[data-slot="b"] .stage').press("Escape");
  await expect(readout).toHaveCount(0);
  // With it go its marks.
  const svg = await pictureOf(page, "Flow matching");
  expect(svg).toContain('data-layer="samples"');
  expect(svg).not.toMatch(/data-layer="inspection">\s*<\w/);
});

test("the learned velocity is compared with the exact one: the pre-trained network's is near the paths' mean", async ({
  page,
}) => {
  await scrubTo(page, 0.6);
  await inspect(page, "b", 0.55, 0.4);
  const readout = page.locator('article[data-slot="b"] .inspector');
  const pair = async (name: string) => {
    const text = await readout.locator("div", { hasText: name }).last().locator("dd").innerText();
    return (text.replaceAll("−", "-").match(/-?\d+\.\d+/g) ?? []).map(Number);
  };
  await expect(readout).toContainText("mean of paths");
  const [learned, mean] = [await pair("f(x, t)"), await pair("mean of paths")];
  expect(Math.hypot((learned[0] ?? 9) - (mean[0] ?? 0), (learned[1] ?? 9) - (mean[1] ?? 0))).toBeLessThan(0.6);
});

test("what is pointed at is explained, and the whole legend on asking", async ({ page }) => {
  const answer = page.locator(".answer p");
  await page.locator('.chip[data-layer="noise"]').hover();
  await expect(answer).toContainText("Hollow gray dots");
  await page.locator('.chip[data-layer="density"]').focus();
  await expect(answer).toContainText("Green bands");
  await scrubTo(page, 1);
  const stage = page.locator('article[data-slot="b"] .stage');
  const box = await stage.boundingBox();
  await stage.hover({ position: { x: (box?.width ?? 0) * 0.765, y: (box?.height ?? 0) * 0.47 } });
  await expect(answer).toContainText(/Orange|Hollow|Dashed|Solution/);
  await page.getByRole("button", { name: "What am I seeing?" }).click();
  await expect(page.locator(".legend")).toContainText("Diamonds: where the solver stood");
});

test("four Euler steps look like four Euler steps", async ({ page }) => {
  await scrubTo(page, 0.4);
  const before = await fingerprint(page, "b");
  await page.getByLabel("Solver", { exact: true }).selectOption("euler");
  await page.getByRole("slider", { name: "Solver steps" }).fill("4");
  await expect(page.getByText("NFE 4", { exact: true })).toBeVisible();
  await expect.poll(() => fingerprint(page, "b")).not.toBe(before);
  await page.getByRole("button", { name: "Solver: back to the default" }).click();
  await expect(page.getByLabel("Solver", { exact: true })).toHaveValue("rk4");
});

test("training is rewound like a film, and goes on from there to the same numbers", async ({ page }) => {
  test.slow();
  await page.getByLabel("Method of panel A").selectOption("exact-field");
  await smallNetwork(page);
  // A small network comes to the end of the default one before anybody can pause it.
  await setBudget(page, "steps", 50_000);
  const rewinder = page.getByLabel("Rewind training");
  await expect(rewinder).toHaveCount(0);
  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[1], { timeout: 60_000 }).toBeGreaterThan(300);
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Continue");
  const [, reached = 0] = await stepsOf(page);
  const latest = await fingerprint(page, "b");

  await rewinder.fill("0");
  await expect.poll(async () => (await stepsOf(page))[1]).toBe(0);
  await expect(page.getByText("Rewound. Continue trains on from here.")).toBeVisible();
  await expect.poll(() => fingerprint(page, "b")).not.toBe(latest);
  await rewinder.fill("0.5");
  await expect.poll(async () => (await stepsOf(page))[1]).toBeGreaterThan(0);
  const [, half = 0] = await stepsOf(page);
  expect(half).toBeLessThanOrEqual(Math.round(reached / 2));
  await rewinder.fill("1");
  await expect.poll(async () => (await stepsOf(page))[1]).toBe(reached);

  // One step from the very start gives the loss that the first step gave.
  await rewinder.fill("0");
  await expect.poll(async () => (await stepsOf(page))[1]).toBe(0);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(async () => (await stepsOf(page))[1]).toBe(1);
  const [, again] = await lossesOf(page);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect.poll(async () => (await stepsOf(page))[1]).toBe(0);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(async () => (await lossesOf(page))[1]).toBe(again);
});

test("time is played one way, at any speed, and stays at the end without a loop", async ({ page }) => {
  await scrubTo(page, 0.3);
  await page.getByLabel("Direction").selectOption("generate");
  await page.getByLabel("Speed").selectOption("4");
  await page.getByRole("button", { name: "Loop" }).click();
  await page.getByRole("button", { name: "Play the animation" }).click();
  await expect(page.locator("output.now")).toHaveText("t = 0.000");
  await expect(page.getByRole("button", { name: "Play the animation" })).toBeVisible();
});

test("the camera zooms in all panels and shows all again", async ({ page }) => {
  await scrubTo(page, 0);
  await page.waitForTimeout(500);
  const data = async () => {
    const pictures = [await pictureOf(page, "Normalizing flow"), await pictureOf(page, "Flow matching")];
    return pictures.map((svg) => layerOf(svg, "data"));
  };
  const whole = await data();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(page.getByRole("button", { name: "Show all" })).toBeEnabled();
  const near = await data();
  for (const [i, picture] of near.entries()) expect(picture).not.toBe(whole[i]);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(page.getByRole("button", { name: "Show all" })).toBeDisabled();
  // All is shown as it was, and not only said to be.
  expect(await data()).toEqual(whole);
});

test("the camera is worked by keys, by buttons and by two fingers", async ({ page }) => {
  await scrubTo(page, 0);
  const camera = async () => {
    const { hash } = new URL(page.url());
    const [x, y, zoom] = (new URLSearchParams(hash.slice(1)).get("camera") ?? "0,0,1").split(/[,/]/).map(Number);
    return { x, y, zoom };
  };
  const stage = page.locator(".stage").first();
  await stage.press("+");
  await stage.press("Shift+ArrowRight");
  await expect.poll(camera).toEqual({ x: 0.714, y: 0, zoom: 1.4 });
  await page.getByRole("button", { name: "Look up" }).click();
  await expect.poll(camera).toEqual({ x: 0.714, y: 0.714, zoom: 1.4 });
  await stage.press("0");
  await expect.poll(camera).toEqual({ x: 0, y: 0, zoom: 1 });
  await expect(page.getByRole("button", { name: "Look up" })).toHaveCount(0);
  // Twice as far apart.
  await stage.evaluate((element) => {
    const { left, top } = element.getBoundingClientRect();
    const touch = (type: string, pointerId: number, x: number) =>
      element.dispatchEvent(
        new PointerEvent(type, { pointerId, pointerType: "touch", button: 0, clientX: left + x, clientY: top + 99 }),
      );
    touch("pointerdown", 7, 100);
    touch("pointerdown", 8, 150);
    touch("pointermove", 8, 200);
    touch("pointerup", 8, 200);
    touch("pointerup", 7, 100);
  });
  await expect.poll(async () => (await camera()).zoom).toBe(2);
  await expect(page.getByRole("button", { name: "Close the inspector" })).toHaveCount(0);
});

test("points are drawn, undone, redone, and trained on", async ({ page }) => {
  await page.getByRole("button", { name: "Draw", exact: true }).click();
  const pad = page.locator("dialog .pad");
  const box = await pad.boundingBox();
  if (box === null) throw new Error("the pad is there");
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  const stroke = async (y: number) => {
    await page.mouse.move(...at(0.2, y));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, y + 0.1), { steps: 8 });
    await page.mouse.move(...at(0.8, y), { steps: 8 });
    await page.mouse.up();
  };
  await page.getByRole("button", { name: "Use these points" }).click();
  await expect(page.locator("dialog .notice.error")).toContainText("at least 16");
  await stroke(0.3);
  await stroke(0.6);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Redo" }).click();
  await page.getByRole("button", { name: "Use these points" }).click();
  await expect(page.locator("dialog")).toHaveCount(0);
  await expect(page.getByText(/points of x and y, centered at/)).toBeVisible();
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([1, 1]);
});

test("any two ends are joined by flow matching, and a likelihood method says why it can't", async ({ page }) => {
  await choosePreset(page, "couplings");
  await page.getByText("Noise Q").click();
  await page.getByRole("button", { name: "noise: 8 Gaussians" }).click();
  await expect(page.getByRole("button", { name: "noise: 8 Gaussians" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([1, 1]);

  await trainButton(page).click();
  await expect.poll(async () => (await stepsOf(page))[0], { timeout: 60_000 }).toBeGreaterThan(20);
  await page.getByLabel("Method of panel A").selectOption("normalizing-flow");
  await expect(page.locator('article[data-slot="a"] .notice.error')).toContainText(
    /noise\.kind is "8-gaussians"; allowed: "gaussian"/,
  );
  await expect(page.getByLabel("Method of panel A")).toHaveValue("flow-matching");
  // What was there before goes on from where it was.
  const [kept = 0] = await stepsOf(page);
  expect(kept).toBeGreaterThan(20);
  await expect(trainButton(page)).toHaveText("Pause");
  await expect.poll(async () => (await stepsOf(page))[0]).toBeGreaterThan(kept);
});

for (const data of ["glyphs, 8 × 8 pixels", "5 Gaussians in 43 dimensions"]) {
  test(`${data}: seen on a plane, trained and measured`, async ({ page }) => {
    await choosePreset(page, "couplings");
    await page.getByRole("button", { name: data, exact: true }).click();
    await expect(page.getByText(/^Points of \d\d coordinates, seen on a plane/).first()).toBeVisible({
      timeout: 60_000,
    });
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toEqual([1, 1]);
    await expect(page.locator('tr[data-slot="b"] [data-column="sliced W₂²"]')).toHaveText(/^[\d,.]+/, {
      timeout: 90_000,
    });
    const before = await fingerprint(page, "b");
    await page.getByLabel("Plane", { exact: true }).selectOption("pair");
    await expect.poll(() => fingerprint(page, "b")).not.toBe(before);
    await page.getByLabel("Horizontal coordinate").selectOption("5");
    await expect(page.locator('[data-layer="glyphs"]')).toHaveCount(data.startsWith("glyphs") ? 1 : 0);
  });
}

test("a picture is taken along as SVG: valid, without scripts, with the layers by name", async ({ page }) => {
  await scrubTo(page, 0.4);
  const svg = await pictureOf(page, "Flow matching");
  const found = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    const layers = [...parsed.querySelectorAll("g[data-layer]")].map((group) => group.getAttribute("data-layer"));
    return {
      isBroken: parsed.querySelector("parsererror") !== null,
      scripts: parsed.querySelectorAll("script").length,
      layers,
    };
  }, svg);
  expect(found).toMatchObject({ isBroken: false, scripts: 0 });
  expect(found.layers).toEqual(expect.arrayContaining(["data", "noise", "samples", "trajectories"]));
});

test("every method is explained in words and formulas", async ({ page }) => {
  expect(METHOD_IDS.length).toBeGreaterThan(10);
  await page.getByRole("button", { name: "About Flow matching" }).click();
  await expect(page.locator("dialog math").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog")).toHaveCount(0);
});

test("what cannot be set is refused beside it, and the old value stands", async ({ page }) => {
  const entry = page.locator('[data-knob="budget"] input');
  await page.getByLabel("Budget", { exact: true }).selectOption("steps");
  await expect(entry).toHaveValue("1000");
  for (const bad of ["0", "-4", "1.5", "many", ""]) {
    await entry.fill(bad);
    await entry.press("Enter");
    await expect(page.locator('[data-knob="budget"] .notice.error')).toHaveText(
      /^Training steps is a whole number from 1 to/,
    );
    await expect(entry).toHaveValue("1000");
  }
  await entry.fill("500");
  await entry.press("Enter");
  await expect(page.locator('[data-knob="budget"] .notice.error')).toHaveCount(0);
  await expect(page.locator('article[data-slot="b"] .step dd')).toHaveText("0 / 500");

  await page.getByLabel("Seed", { exact: true }).fill("-1");
  await page.getByLabel("Seed", { exact: true }).press("Enter");
  await expect(page.getByText("A seed is a whole number from 0 to 4294967295.")).toBeVisible();
  await expect(page.getByLabel("Seed", { exact: true })).toHaveValue("7");
});

test("nothing trains in a hidden tab or off screen, and then it goes on", async ({ page }) => {
  test.slow();
  await page.getByLabel("Method of panel A").selectOption("exact-field");
  await smallNetwork(page);
  await setBudget(page, "steps", 1_000_000);
  await trainButton(page).click();
  const steps = async () => (await stepsOf(page))[1] ?? 0;
  const expectRunning = async () => {
    const before = await steps();
    await expect.poll(steps, { timeout: 30_000 }).toBeGreaterThan(before + 5);
  };
  const expectResting = async () => {
    await page.waitForTimeout(600);
    const before = await steps();
    await page.waitForTimeout(800);
    expect(await steps()).toBe(before);
  };
  await expectRunning();

  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await expectResting();
  await expect(trainButton(page)).toHaveText("Pause");
  await hide(false);
  await expectRunning();

  await page.evaluate(() => {
    const below = Object.assign(document.createElement("div"), { id: "below" });
    below.style.height = "3000px";
    document.body.append(below);
    below.scrollIntoView({ block: "end" });
  });
  await expectResting();
  await page.evaluate(() => document.getElementById("below")?.remove());
  await expectRunning();
  await trainButton(page).click();
  await expect(trainButton(page)).toHaveText("Continue");
});
