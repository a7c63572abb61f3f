// What a panel can be taken away as, opened by others.

import { expect } from "@playwright/test";
import { unzipSync } from "fflate";
import {
  firstView,
  openFragment,
  type Page,
  setBudget,
  smallNetwork,
  stepsOf,
  taken,
  test,
  trainButton,
  VERSION,
} from "./opened";

const TITLE = "Flow matching";

async function openSmall(page: Page, more = ""): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`./#panels=flow-matching&width=16&depth=1&budget=steps/40${more}&v=1`);
  await firstView(page);
}

async function train(page: Page): Promise<void> {
  await trainButton(page).click();
  await expect(page.getByText("The budgets are spent.")).toBeVisible();
}

function lines(bytes: Buffer): string[][] {
  return bytes
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.replace(/^"(.*)"$/, "$1")));
}

/** Played in the browser, by its first frames. */
async function film(page: Page, type: string, bytes: Buffer) {
  return page.evaluate(
    async ([type, base64]) => {
      const video = document.createElement("video");
      const binary = atob(base64 as string);
      const data = Uint8Array.from(binary, (character) => character.charCodeAt(0));
      video.src = URL.createObjectURL(new Blob([data], { type }));
      video.muted = true;
      await video.play();
      await new Promise((resolve) => video.addEventListener("ended", resolve, { once: true }));
      return { width: video.videoWidth, height: video.videoHeight, seconds: video.currentTime };
    },
    [type, bytes.toString("base64")],
  );
}

test("pictures are as large as they say, and not blank", async ({ page }) => {
  await openSmall(page);
  const width = (await page.locator(".stage").boundingBox())?.width ?? 0;
  for (const scale of [1, 3]) {
    const { name, bytes } = await taken(page, TITLE, `PNG ${scale}×`);
    expect(name).toBe(`flow-matching@${scale}x-${VERSION}.png`);
    const picture = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      context?.drawImage(image, 0, 0);
      const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
      const colors = new Set(new Uint32Array(pixels.buffer));
      return { width: image.width, colors: colors.size };
    }, bytes.toString("base64"));
    expect(Math.abs(picture.width - scale * width)).toBeLessThanOrEqual(scale + 2);
    expect(picture.colors).toBeGreaterThan(50);
  }
});

test("a film plays, and a GIF has its frames", async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 700, height: 800 });
  await openSmall(page);
  const { name, bytes } = await taken(page, TITLE, "WebM");
  expect(name).toBe(`flow-matching-${VERSION}.webm`);
  const { width, height, seconds } = await film(page, "video/webm", bytes);
  expect(width).toBeGreaterThan(400);
  expect(height).toBeGreaterThan(200);
  expect(seconds).toBeGreaterThan(3);

  const gif = await taken(page, TITLE, "GIF");
  expect(gif.bytes.subarray(0, 6).toString()).toBe("GIF89a");
  const frames = await page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const { ImageDecoder } = window as unknown as { ImageDecoder: new (init: object) => Decoder };
    interface Decoder {
      completed: Promise<void>;
      tracks: { ready: Promise<void>; selectedTrack: { frameCount: number } };
    }
    const decoder = new ImageDecoder({ data, type: "image/gif" });
    await decoder.tracks.ready;
    await decoder.completed;
    return decoder.tracks.selectedTrack.frameCount;
  }, gif.bytes.toString("base64"));
  expect(frames).toBeGreaterThan(40);
});

test("numbers come as tables", async ({ page }) => {
  await openSmall(page);
  await train(page);
  await expect(page.locator("table.comparison")).toContainText(/\d/);
  const samples = lines((await taken(page, TITLE, "Samples")).bytes);
  expect(samples[0]).toEqual(["x", "y"]);
  expect(samples).toHaveLength(2001);
  const [head, ...curves] = lines((await taken(page, TITLE, "Trajectories")).bytes);
  expect(head).toEqual(["point", "t", "x", "y"]);
  // Ten steps of a hundred points, both ends included, from noise to data.
  expect(curves).toHaveLength(1100);
  expect(curves.slice(0, 11).map(([point, t]) => [point, Number(t)])).toEqual(
    Array.from({ length: 11 }, (_, i) => ["0", expect.closeTo(1 - i / 10, 6)]),
  );
  const [titles, ...losses] = lines((await taken(page, TITLE, "Losses")).bytes);
  expect([titles, losses.length]).toEqual([["step", "loss"], 40]);
  const metrics = lines((await taken(page, TITLE, "Metrics")).bytes);
  expect(metrics[0]?.slice(0, 4)).toEqual(["step", "seconds", "networkEvaluations", "nll (nats)"]);
  expect(metrics.at(-1)?.[0]).toBe("40");
});

test("experiment and weights make the same run again, and weights are loaded back", async ({ page, baseURL }) => {
  await smallNetwork(page);
  await setBudget(page, "steps", 40);
  await page.getByRole("button", { name: "Remove panel A" }).click();
  await train(page);
  const experiment = JSON.parse((await taken(page, TITLE, "Experiment (JSON)")).bytes.toString());
  const weights = await taken(page, TITLE, "Weights (safetensors)");
  expect(weights.name).toBe(`flow-matching-${VERSION}.safetensors`);
  const before = (await taken(page, TITLE, "Trajectories")).bytes.toString();

  const again = await page.evaluate(
    async ([experiment, base64, library]) => {
      const { createEngine } = await import(library as string);
      const engine = await createEngine({ device: "cpu" });
      const run = await engine.run(experiment);
      await run.train();
      const trained: Uint8Array = await run.weights();
      engine.dispose();
      return btoa(String.fromCharCode(...trained)) === base64;
    },
    [experiment, weights.bytes.toString("base64"), `${baseURL}flow-playground.js`],
  );
  expect(again).toBe(true);

  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect.poll(() => stepsOf(page)).toEqual([0]);
  await page.getByRole("button", { name: `Take away ${TITLE}` }).click();
  const file = { name: "weights.safetensors", mimeType: "application/octet-stream", buffer: weights.bytes };
  await page.getByLabel("Load weights").setInputFiles(file);
  await expect(page.locator(".status .step dd")).toHaveText("loaded");
  expect((await taken(page, TITLE, "Trajectories")).bytes.toString()).toBe(before);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await expect.poll(() => stepsOf(page)).toEqual([1]);

  await page.getByRole("button", { name: `Take away ${TITLE}` }).click();
  await page.getByLabel("Load weights").setInputFiles({ ...file, buffer: weights.bytes.subarray(0, 200) });
  await expect(
    page
      .getByText(/weights/i)
      .filter({ hasText: /\.$/ })
      .last(),
  ).toBeVisible();
  // Refused, the run that there was goes on.
  expect(await stepsOf(page)).toEqual([1]);
});

test("the Python is one file with the weights beside it", async ({ page }) => {
  await openSmall(page, "&data=rings");
  const { name, bytes } = await taken(page, TITLE, "Python and weights (zip)");
  expect(name).toBe(`flow-matching-pytorch-${VERSION}.zip`);
  const files = unzipSync(bytes);
  expect(Object.keys(files).sort()).toEqual(["data.npy", "experiment.json", "flow-matching.py", "weights.safetensors"]);
  const python = Buffer.from(files["flow-matching.py"] as Uint8Array).toString();
  expect(python).toContain('sample_data = points_from_file("data.npy")');
  expect(python).toContain("#panels=flow-matching&data=rings");
  for (const unused of ["jko", "potential", "sinkhorn"]) expect(python).not.toContain(`def ${unused}`);
});

test("what is saved opens again, and trains on as if nothing had been", async ({ page }) => {
  // More points than a link carries.
  const rows = Array.from({ length: 2500 }, (_, i) => `${Math.cos(i)},${Math.sin(i) + (i % 7)}`).join("\n");
  const open = (name: string, buffer: Buffer) =>
    page.locator('input[type="file"][multiple]').setInputFiles({ name, mimeType: "", buffer });
  await openSmall(page, "&seed=5");
  await open("ring.csv", Buffer.from(`u,v\n${rows}`));
  await expect(page.getByText("2,500 points of u and v")).toBeVisible();
  await train(page);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("“Save” keeps all of it in a file")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  const samples = (await taken(page, TITLE, "Samples")).bytes.toString();

  await page.goto("about:blank");
  await page.goto("./");
  await firstView(page);
  await open("flow-playground.zip", Buffer.concat(chunks));
  await expect(page.getByText("2,500 points of u and v")).toBeVisible();
  await expect(page.getByText("The budgets are spent.")).toBeVisible();
  expect(await stepsOf(page)).toEqual([40]);
  expect((await taken(page, TITLE, "Samples")).bytes.toString()).toBe(samples);
  expect(lines((await taken(page, TITLE, "Losses")).bytes)).toHaveLength(41);
});

test("an experiment that was taken away opens alone", async ({ page }) => {
  await openFragment(page, "panels=ot-coupling;optimizer.batch:64&data=rings&seed=5&v=1");
  const { bytes } = await taken(page, "", "Experiment (JSON)");
  await openFragment(page, "panels=flow-matching&v=1");
  await page
    .locator('input[type="file"]:not([webkitdirectory])')
    .setInputFiles({ name: "mine.json", mimeType: "application/json", buffer: bytes });
  await expect(page).toHaveURL(/panels=ot-coupling;optimizer\.batch:64&data=rings&seed=5&|seed=5.*data=rings/);
  await expect(page.locator('article[data-method="ot-coupling"]')).toBeVisible();
  await expect(page.locator(".notice.info")).toHaveCount(0);
});
