// The element and the frame in other people's pages.
import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import { expect, type Frame, type Page } from "@playwright/test";
import type { FlowPlaygroundElement } from "../../www/src/element";
import { watched as test } from "./blank";

/** Another origin than the site's, which is on 127.0.0.1. */
const HOSTILE = "http://localhost:4179/hosts/hostile.html";

function element(page: Page, id: string) {
  return page.locator(`#${id}`);
}

async function start(page: Page, id: string): Promise<void> {
  await element(page, id).evaluate((one: FlowPlaygroundElement) => one.start());
  await expect(element(page, id).locator(".stage").first()).toBeVisible();
}

async function stepOf(page: Page, id: string): Promise<number> {
  const text = await element(page, id).locator(".status .step dd").first().innerText();
  return Number.parseInt(text.replaceAll(",", ""), 10);
}

/** What a screen reader finds in each live region that waits for its turn. */
async function spokenOn(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const isLive = ({ properties = [] }: (typeof nodes)[number]) =>
    properties.some(({ name, value }) => name === "live" && value.value === "polite");
  const isRoot = (node: (typeof nodes)[number]) =>
    isLive(node) && !nodes.some((other) => other.nodeId === node.parentId && isLive(other));
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const textOf = ({ name, childIds = [] }: (typeof nodes)[number]): string =>
    String(name?.value ?? "") ||
    childIds
      .map((id) => byId.get(id))
      .map((child) => (child ? textOf(child) : ""))
      .join(" ");
  return nodes.filter(isRoot).map(textOf);
}

test("with nothing but its poster and the recording in it an element costs at most 50 kB", async ({
  page,
  baseURL,
}) => {
  const bodies: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (response.url().startsWith(baseURL as string)) bodies.push(response.body());
  });
  await page.goto("/blank.html");
  await page.setContent(`<flow-playground></flow-playground>
    <script type="module" src="${baseURL}flow-playground-element.js"></script>`);
  await expect(page.locator("flow-playground .poster")).toHaveText("▶ Run it live");
  await page.waitForLoadState("networkidle");
  const sizes = (await Promise.all(bodies)).map((body) => brotliCompressSync(body).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${(total / 1000).toFixed(1)} kB`);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(50_000);
});

test("three elements live in a hostile page", async ({ page }) => {
  const engines: string[] = [];
  page.on("request", (request) => {
    if (/flow_playground_bg.*\.wasm$/.test(request.url())) engines.push(request.url());
  });
  await page.goto(HOSTILE);
  const place = () =>
    element(page, "first").evaluate(({ offsetTop, offsetHeight }: HTMLElement) => [offsetTop, offsetHeight]);
  const before = await place();
  expect(before[1]).toBe(640);
  expect(engines).toEqual([]);

  await element(page, "first").locator(".poster").click();
  await expect(element(page, "first").locator("article")).toHaveCount(2);
  await element(page, "first").getByRole("button", { name: "Train" }).click();
  await expect(element(page, "first").getByRole("button", { name: "Done" })).toBeVisible();
  expect(await stepOf(page, "first")).toBe(40);
  // Nothing moved, nothing sticks out.
  expect(await place()).toEqual(before);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  // None of its styles get in, but its dark does.
  const [color, font, paper, spacing] = await element(page, "first")
    .locator(".train")
    .evaluate((button) => {
      const paper = button.closest(".playground") as Element;
      const { fontFamily, letterSpacing } = getComputedStyle(button);
      return [getComputedStyle(paper).color, fontFamily, getComputedStyle(paper).backgroundColor, letterSpacing];
    });
  expect([color, paper, spacing]).toEqual(["rgb(234, 240, 245)", "rgb(14, 19, 25)", "normal"]);
  expect(font).toContain("system-ui");
  // And none of its get out.
  expect(await page.locator("h1").evaluate((title) => getComputedStyle(title).letterSpacing)).toBe("4px");

  // The second runs once it is seen; a setting that can't be used is said in one sentence.
  await expect(element(page, "second").locator(".poster")).toHaveCount(1);
  await element(page, "second").scrollIntoViewIfNeeded();
  await expect(element(page, "second").locator("article")).toHaveCount(1);
  await start(page, "third");
  await expect(element(page, "third").getByRole("alert").first()).toHaveText(
    "This element's seed is “-1”, and must be a whole number from 0 to 4294967295.",
  );
  expect(new Set(engines).size).toBe(engines.length);
  expect(engines).toHaveLength(1);
});

test("what is scrolled away does not compute, and goes on when it is seen again", async ({ page }) => {
  await page.goto(HOSTILE);
  await element(page, "second").scrollIntoViewIfNeeded();
  await start(page, "second");
  await element(page, "second").getByRole("button", { name: "Train" }).click();
  await expect.poll(() => stepOf(page, "second")).toBeGreaterThan(0);
  await page.evaluate(() => scrollTo(0, 0));
  const steps = () =>
    element(page, "second").evaluate((one: FlowPlaygroundElement) => one.run()?.training.step ?? Number.NaN);
  const moves = async () => {
    const before = await steps();
    // Longer than any chunk of steps takes on a busy machine.
    await page.waitForTimeout(1000);
    return (await steps()) !== before;
  };
  await expect.poll(moves).toBe(false);
  const rested = await steps();
  await page.waitForTimeout(500);
  expect(await steps()).toBe(rested);
  await element(page, "second").scrollIntoViewIfNeeded();
  await expect.poll(steps).toBeGreaterThan(rested);
});

test("the host keeps its keys, its wheel and its focus", async ({ page }) => {
  await page.goto(HOSTILE);
  await page.getByLabel("the host's own").focus();
  await start(page, "first");
  await expect(page.getByLabel("the host's own")).toBeFocused();
  await page.keyboard.type("a b");
  await expect(page.getByLabel("the host's own")).toHaveValue("a b");
  await page.evaluate(() => {
    addEventListener("wheel", ({ defaultPrevented }) => {
      document.body.dataset.wheel = defaultPrevented ? "taken" : "kept";
    });
  });
  await element(page, "first").locator(".stage").first().hover();
  const before = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 400);
  await expect(page.locator("body")).toHaveAttribute("data-wheel", "kept");
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
});

test("a frame tells how high it is, and trains", async ({ page }) => {
  await page.goto(HOSTILE);
  const heights = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        addEventListener("message", ({ data }) => {
          if (data?.type === "flow-playground-height" && data.height > 400) resolve(data.height);
        });
        const frame = document.querySelector("iframe") as HTMLIFrameElement;
        frame.scrollIntoView();
        frame.src = frame.dataset.src as string;
      }),
  );
  expect(await heights).toBeLessThan(2000);
  const frame = page.frames().find((one) => one.url().includes("embed.html")) as Frame;
  await frame.getByRole("button", { name: "Train" }).click();
  await expect
    .poll(async () => Number.parseInt(await frame.locator(".status .step dd").innerText(), 10))
    .toBeGreaterThan(0);
  await expect(frame.getByRole("link", { name: "Open in Flow Playground" })).toBeVisible();
});

test("properties, methods and events are the page's to use", async ({ page, baseURL }) => {
  await page.goto("/blank.html");
  await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
  const result = await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    Object.assign(one, { method: "flow-matching", width: 16, depth: 1, budget: "steps/30", device: "cpu" });
    const told: string[] = [];
    for (const name of ["flow-ready", "flow-progress", "flow-done", "flow-change", "flow-error"] as const) {
      one.addEventListener(name, () => told.push(name));
    }
    document.body.append(one);
    const before = one.isRunning;
    await one.train(10);
    const ten = one.run()?.step;
    const done = new Promise((resolve) =>
      one.addEventListener("flow-done", ({ detail }) => resolve(detail), { once: true }),
    );
    await one.train();
    const last = await done;
    one.scrub(0.25);
    one.setAttribute("seed", "5");
    await new Promise((resolve) => one.addEventListener("flow-ready", resolve, { once: true }));
    const changed = one.shown;
    const samples = await one.run()?.sample(3);
    one.stop();
    return {
      before,
      after: one.isRunning,
      ten,
      last,
      told: [...new Set(told)].sort(),
      changed,
      samples: samples?.length,
    };
  });
  expect(result).toMatchObject({
    before: false,
    after: false,
    ten: 10,
    last: { share: 1, panels: [{ slot: "a", step: 30, spent: 1 }] },
  });
  expect(result.told).toEqual(["flow-change", "flow-done", "flow-progress", "flow-ready"]);
  expect(result.changed).toContain("seed=5");
  expect(result.samples).toBe(6);
});

test("time and theme change while it trains; properties set before the module came are kept", async ({
  page,
  baseURL,
}) => {
  await page.goto("/blank.html");
  await page.evaluate(() => {
    const early = document.createElement("flow-playground");
    Object.assign(early, { id: "early", method: "exact-field", seed: 3, theme: "light" });
    document.body.append(early);
  });
  await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
  await expect(element(page, "early")).toHaveAttribute("method", "exact-field");
  const result = await element(page, "early").evaluate(async (one: FlowPlaygroundElement) => {
    Object.assign(one, { method: "flow-matching", width: 16, depth: 1, device: "cpu" });
    await one.train(5);
    const run = one.run();
    one.t = "0.25";
    one.theme = "dark";
    // As frameworks set it, and as it is called.
    Object.assign(one, { play: false });
    one.play(false);
    one.label = "Again";
    await new Promise((resolve) => setTimeout(resolve, 200));
    const kept = one.run() === run && one.shown.includes("t=0.25");
    one.seed = "4";
    await new Promise((resolve) => one.addEventListener("flow-ready", resolve, { once: true }));
    return { kept, anew: one.run() !== run, shown: one.shown };
  });
  expect(result).toMatchObject({ kept: true, anew: true });
  expect(result.shown).toContain("seed=4");
  await expect(element(page, "early").locator(".playground")).toHaveAttribute("data-theme", "dark");
});

test("started before it is anywhere it waits for a page; with an exact field beside it, it is done all the same", async ({
  page,
  baseURL,
}) => {
  await page.goto("/blank.html");
  await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
  const done = await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    await one.start();
    Object.assign(one, {
      panels: "flow-matching,exact-field",
      width: 16,
      depth: 1,
      budget: "steps/5",
      device: "cpu",
      loop: false,
    });
    document.body.append(one);
    const told = new Promise((resolve) => one.addEventListener("flow-done", () => resolve(true), { once: true }));
    await one.train();
    return [await told, one.getAttribute("loop"), one.shown.includes("loop=no")];
  });
  expect(done).toEqual([true, "no", true]);
});

test("moved about in the page it goes on, and taken out of it it ends", async ({ page, baseURL }) => {
  await page.goto("/blank.html");
  await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
  const kept = await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    Object.assign(one, { method: "flow-matching", width: 16, depth: 1, device: "cpu" });
    document.body.append(one);
    await one.train(5);
    const section = document.body.appendChild(document.createElement("section"));
    section.append(one);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const moved = one.run()?.step;
    one.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { moved, removed: one.isRunning };
  });
  expect(kept).toEqual({ moved: 5, removed: false });
});

test("the guide's examples run as they are written", async ({ page }) => {
  await page.goto("./docs/embed.html");
  await expect(page.locator("flow-playground")).toHaveCount(5);
  await expect(page.getByText("flow-playground-element.js").first()).toContainText(
    page.url().replace("docs/embed.html", ""),
  );
  const react = page.locator("#react flow-playground");
  await react.scrollIntoViewIfNeeded();
  await react.locator(".poster").click();
  await page.locator("#react label select").selectOption("pinwheel");
  await expect.poll(() => react.evaluate((one: FlowPlaygroundElement) => one.shown)).toContain("data=pinwheel");
  await react.getByRole("button", { name: "Step" }).click();
  await expect(page.getByText("Step 1", { exact: true })).toBeVisible();
  const notebook = page.locator("#notebook");
  await notebook.locator(".poster").click();
  await notebook.getByRole("button", { name: "Step" }).click();
  await expect(page.locator("#notebook > output")).toHaveText(/step 1, loss \d/);
});

test("the site is a package whose exports are all there", async ({ request }) => {
  const described = await (await request.get("./package.json")).json();
  const workspace = await readFile(new URL("../../Cargo.toml", import.meta.url), "utf8");
  expect(described.version).toBe(/^version = "(.*)"$/m.exec(workspace)?.[1]);
  const targets = Object.values(described.exports).flatMap((target) =>
    typeof target === "string" ? target : Object.values(target as object),
  );
  for (const target of [...targets, described.customElements, "README.md", "LICENSE-MIT", "LICENSE-APACHE"]) {
    expect((await request.get(`./${target}`)).status(), target).toBe(200);
  }
});

test("the Embed dialog writes what a page shows", async ({ page }) => {
  await page.goto("./#method=exact-field&data=rings&v=1");
  await page.getByRole("button", { name: "Embed" }).click();
  const snippet = await page.getByLabel("To be pasted").inputValue();
  expect(snippet).toContain('panels="exact-field" data="rings"');
  await page.getByLabel("A frame, for hosts").check();
  await expect(page.getByLabel("To be pasted")).toHaveValue(/embed\.html#panels=exact-field&#38;data=rings&#38;v=1"/);
  await page.goto("/blank.html");
  await page.setContent(snippet);
  await page.locator("flow-playground .poster").click();
  await expect(page.locator("flow-playground").getByLabel("Method of panel A")).toHaveValue("exact-field");
});

test("a pressed poster says how much has come while its film goes on; all elements share one live region", async ({
  page,
  baseURL,
}) => {
  // Half of the engine, and the rest when the test lets it come.
  await page.addInitScript(() => {
    const { fetch } = globalThis;
    globalThis.fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!String(input).endsWith(".wasm")) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      const half = Math.ceil(bytes.length / 2);
      const pull = async (controller: ReadableStreamDefaultController) => {
        controller.enqueue(bytes.slice(0, half));
        await new Promise((resolve) => addEventListener("rest", resolve, { once: true }));
        controller.enqueue(bytes.slice(half));
        controller.close();
      };
      return new Response(new ReadableStream({ pull }), { headers: { "content-type": "application/wasm" } });
    };
  });
  await page.goto("/blank.html");
  await page.setContent(`<flow-playground id="one"></flow-playground><flow-playground id="two"></flow-playground>
    <script type="module" src="${baseURL}flow-playground-element.js"></script>`);
  const [one, two] = [element(page, "one"), element(page, "two")];
  const shares = await one.evaluateHandle((one: FlowPlaygroundElement) => {
    const shares: number[] = [];
    one.addEventListener("flow-progress", ({ detail: { phase, share } }) => phase === "loading" && shares.push(share));
    return shares;
  });
  await expect(one.locator(".film")).toBeVisible();
  await one.locator(".poster").click();
  await expect(one.locator(".poster")).toContainText("Loading the playground: 50 %");
  await expect(one.locator(".poster")).toContainText("this network is slow");
  expect(await spokenOn(page)).toEqual([expect.stringContaining("Loading the playground")]);
  await two.evaluate((two: FlowPlaygroundElement) => void two.start());
  await expect(two.locator(".poster")).toContainText("Loading the playground: 50 %");
  await expect(one.locator(".film")).toBeVisible();

  await page.evaluate(() => dispatchEvent(new Event("rest")));
  for (const each of [one, two]) await expect(each.locator("article")).toHaveCount(2);
  const told = await shares.jsonValue();
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect([told[0], told.at(-1)]).toEqual([0, 1]);
  expect(told.some((share) => share > 0.4 && share < 0.6)).toBe(true);
  expect(await spokenOn(page)).toHaveLength(1);
});
