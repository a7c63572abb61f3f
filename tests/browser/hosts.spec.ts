// Places that refuse something: each is worked with, or told of in one sentence.
import { test as base, expect, type FrameLocator, type Page } from "@playwright/test";
import type { FlowPlaygroundElement } from "../../www/src/element";

const test = base.extend<{ blank: Page }>({
  blank: async ({ page, baseURL }, use) => {
    await page.goto("/blank.html");
    await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
    await page.evaluate(() => {
      const one = document.createElement("flow-playground");
      Object.assign(one, { method: "flow-matching", width: 16, depth: 1, device: "cpu" });
      document.body.append(one);
    });
    await use(page);
  },
});

/** Of `train(5)`, or why it was refused; and which events there were. */
function train(page: Page) {
  return page.locator("flow-playground").evaluate(async (one: FlowPlaygroundElement) => {
    const told: string[] = [];
    for (const name of ["flow-ready", "flow-error"] as const) one.addEventListener(name, () => told.push(name));
    const refusal = await one.train(5).then(
      () => null,
      (error) => error.message as string,
    );
    // Told when it is next drawn.
    if (refusal !== null && !told.includes("flow-error"))
      await new Promise((resolve) => one.addEventListener("flow-error", resolve, { once: true }));
    return { step: one.run()?.step, refusal, told };
  });
}

for (const [name, files, refusal] of [
  ["its worker", "**/assets/worker-*.js", /^The cpu engine could not be started: its worker could not be loaded\.$/],
  ["its engine", "**/*.wasm", /^The cpu engine could not be loaded: /],
  ["its scripts", "**/assets/playground-*.js", /^The playground could not be loaded\.$/],
] as const) {
  test(`without ${name} training is refused, and goes on once it is there`, async ({ blank }) => {
    await blank.route(files, (route) => route.abort());
    const without = await train(blank);
    expect(without).toMatchObject({ step: undefined, told: ["flow-error"] });
    expect(without.refusal).toMatch(refusal);
    await blank.unroute(files);
    expect(await train(blank)).toMatchObject({ step: 5, refusal: null });
  });
}

/** A page of someone's at another origin than the site's; `headers` are what its host sends. */
async function host(page: Page, body: string, headers: Record<string, string> = {}): Promise<void> {
  const asked = new URLSearchParams({
    body: `<!doctype html><link rel="icon" href="data:,">${body}`,
    headers: JSON.stringify(headers),
  });
  await page.goto(`http://localhost:4179/host.html?${asked}`);
  // Defined or not, its script has come.
  await page.waitForLoadState("networkidle");
}

/** The site's own files, with what their host sends changed. */
async function send(page: Page, files: string, change: (headers: Record<string, string>) => Record<string, string>) {
  await page.route(files, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: change(response.headers()) });
  });
}

const SETTINGS = "method=flow-matching&width=16&depth=1&v=1";
const UNOPENED = /has not opened/;

function elementFrom(site: string): string {
  return `<flow-playground method="flow-matching" width="16" depth="1" device="cpu"></flow-playground>
    <script type="module" src="${site}flow-playground-element.js"></script>`;
}

async function trainByHand(frame: FrameLocator | Page): Promise<void> {
  await frame.getByRole("button", { name: "Train", exact: true }).click();
  const step = frame.locator(".status .step dd").first();
  await expect.poll(async () => Number.parseInt(await step.innerText(), 10)).toBeGreaterThan(0);
}

function uncaught(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  return errors;
}

for (const file of ["embed.html", "index.html"]) {
  test(`${file} trains in a sandboxed frame without an origin`, async ({ page, baseURL }) => {
    const errors = uncaught(page);
    await host(
      page,
      `<iframe sandbox="allow-scripts" width="900" height="700" src="${baseURL}${file}#${SETTINGS}"></iframe>`,
    );
    await trainByHand(page.frameLocator("iframe"));
    await page.waitForTimeout(3500);
    expect(errors).toEqual([]);
  });

  test(`${file} says why it is blank in such a frame of a host that sends no CORS headers`, async ({
    page,
    baseURL,
  }) => {
    const site = new URL("/closed/", baseURL).href;
    await host(
      page,
      `<iframe sandbox="allow-scripts" width="900" height="700" src="${site}${file}#${SETTINGS}"></iframe>`,
    );
    await expect(page.frameLocator("iframe").getByText(UNOPENED)).toBeVisible();
    await expect(page.frameLocator("iframe").getByText(UNOPENED)).toContainText("allow-same-origin");
  });

  test(`${file} says why it is blank where scripts are served as text`, async ({ page, baseURL }) => {
    await send(page, `${baseURL}**/*.js`, (headers) => ({ ...headers, "content-type": "text/plain" }));
    await page.goto(`./${file}`);
    await expect(page.getByText(UNOPENED)).toBeVisible();
  });

  test(`${file} says why it is blank when it is opened as a file`, async ({ page }) => {
    await page.goto(new URL(`../../www/dist/${file}`, import.meta.url).href);
    await expect(page.getByText(UNOPENED)).toBeVisible();
  });
}

test("it trains on plain HTTP in a local network", async ({ page, baseURL }) => {
  const errors = uncaught(page);
  await page.route("http://playground.lan/**", async (route) => {
    const path = new URL(route.request().url()).pathname.slice(1);
    await route.fulfill({ response: await route.fetch({ url: `${baseURL}${path}` }) });
  });
  await page.goto(`http://playground.lan/index.html#${SETTINGS}`);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await trainByHand(page);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("This browser lets the page copy nothing")).toBeVisible();
  await page.waitForTimeout(3500);
  expect(errors).toEqual([]);
});

test("it trains in a page that is isolated from other origins", async ({ page, baseURL }) => {
  const headers = { "cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin" };
  await host(page, elementFrom(baseURL as string), headers);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await train(page)).toMatchObject({ step: 5, refusal: null });
});

test("it trains in a frame of a page that is isolated from other origins", async ({ page, baseURL }) => {
  const errors = uncaught(page);
  const isolated = { "cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin" };
  const frame = (attributes: string) =>
    `<iframe ${attributes} width="900" height="700" src="${baseURL}embed.html#${SETTINGS}"></iframe>`;
  await host(page, frame("credentialless"), isolated);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await trainByHand(page.frameLocator("iframe"));
  expect(errors).toEqual([]);
});

test("it trains in a page that asks for CORP alone and is not isolated", async ({ page, baseURL }) => {
  await host(page, elementFrom(baseURL ?? ""), { "cross-origin-embedder-policy": "require-corp" });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(await train(page)).toMatchObject({ step: 5, refusal: null });
});

test("it trains where only the page is isolated, and not the worker beside it", async ({ page, baseURL }) => {
  const headers = { "cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin" };
  await send(page, `${baseURL}index.html*`, (sent) => ({ ...sent, ...headers }));
  await page.goto(`./index.html#${SETTINGS}`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await trainByHand(page);
});

const TRUSTED = "require-trusted-types-for 'script'; trusted-types";

test("it trains where its policies of trusted types are allowed, and says so where they are not", async ({
  page,
  baseURL,
}) => {
  const errors = uncaught(page);
  await host(page, elementFrom(baseURL as string), {
    "content-security-policy": `${TRUSTED} lit-html flow-playground`,
  });
  expect(await train(page)).toMatchObject({ step: 5, refusal: null });
  await host(page, elementFrom(baseURL as string), { "content-security-policy": `${TRUSTED} lit-html` });
  expect((await train(page)).refusal).toMatch(/^The engine's worker could not be started: .*policy/i);
  await host(page, elementFrom(baseURL as string), { "content-security-policy": `${TRUSTED} other` });
  expect((await train(page)).refusal).toBe("The playground could not be loaded.");
  expect(errors).toEqual([]);
});

test("it trains in a page with a base elsewhere", async ({ page, baseURL }) => {
  await host(page, `<base href="https://example.org/elsewhere/">${elementFrom(baseURL as string)}`);
  expect(await train(page)).toMatchObject({ step: 5, refusal: null });
  await expect(page.getByRole("link", { name: "Open in Flow Playground" })).toHaveAttribute(
    "href",
    new RegExp(`^${baseURL}`),
  );
});

test("keys that the focused control uses stay in the element, and all others are the page's", async ({
  page,
  baseURL,
}) => {
  await host(page, elementFrom(baseURL as string));
  // As slide decks do: every key that comes to the document is taken.
  await page.evaluate(() => {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Control") return;
      document.body.dataset.heard = `${document.body.dataset.heard ?? ""}[${event.key}]`;
      event.preventDefault();
    });
  });
  const heard = () => page.evaluate(() => document.body.dataset.heard ?? "");
  const one = page.locator("flow-playground");
  await one.locator(".poster").focus();
  await page.keyboard.press("Enter");
  const time = one.getByRole("slider", { name: /time/i });
  await time.focus();
  await one.evaluate((element: FlowPlaygroundElement) => {
    element.play(false);
    element.scrub(0.5);
  });
  await expect.poll(() => time.inputValue()).toBe("0.5");
  await page.keyboard.press("ArrowRight");
  expect(Number(await time.inputValue())).toBeGreaterThan(0.5);
  const seed = one.getByRole("textbox", { name: /seed/i });
  await seed.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("7n");
  expect(await seed.inputValue()).toBe("7n");
  expect(await heard()).toBe("");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("7");
  await one.getByRole("button", { name: "Train", exact: true }).focus();
  await page.keyboard.press("Space");
  await expect.poll(() => one.evaluate((element: FlowPlaygroundElement) => element.run()?.step)).toBeGreaterThan(0);
  expect(await heard()).toBe("");
  await page.keyboard.press("n");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  expect(await heard()).toBe("[n][ArrowRight][Escape]");
});
