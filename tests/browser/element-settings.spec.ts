// An element whose host sets things while it runs, wrongly too, and starts, stops and moves it at odd times.
import { expect, type Page } from "@playwright/test";
import type {} from "../../www/src/element";
import { withElement as test } from "./blank";

/** One that has trained five steps. */
async function trained(page: Page) {
  return page.evaluateHandle(async () => {
    const one = document.createElement("flow-playground");
    Object.assign(one, { method: "flow-matching", width: 16, depth: 1, device: "cpu" });
    document.body.append(one);
    await one.train(5);
    return one;
  });
}

test("a setting that is refused changes nothing that runs, and is told", async ({ page }) => {
  const element = await trained(page);
  for (const [name, value, sentence] of [
    ["theme", "Dark", /theme is “Dark”, and must be one of/],
    ["method", "nonsense", /method is “nonsense”, and must be one of/],
    ["seed", "-1", /seed is “-1”/],
    ["data", "points", /data is points, and it has none/],
    ["link", "seed=1", /cut off/],
    ["site", "javascript:alert(1)", /site is “javascript:alert\(1\)”, and must be an address of the web/],
  ] as const) {
    const told = await element.evaluate(
      async (one, [name, value]) => {
        const run = one.run();
        const error = new Promise((resolve) =>
          one.addEventListener("flow-error", ({ detail }) => resolve(detail), { once: true }),
        );
        one.setAttribute(name, value);
        const sentence = await error;
        const kept = run !== undefined && one.run() === run;
        one.removeAttribute(name);
        return { sentence, kept };
      },
      [name, value] as const,
    );
    expect(told.sentence, name).toMatch(sentence);
    expect(told.kept, name).toBe(true);
    // Taken back it may start anew.
    await element.evaluate((one) => one.train(5));
  }
});

test("a time from a host's slider is the nearest there is, and no number is none", async ({ page }) => {
  const element = await trained(page);
  const shown = await element.evaluate(async (one) => {
    const run = one.run();
    const times: string[] = [];
    const note = () => times.push(/\bt=([^&]*)/.exec(`${one.shown}&t=1`)?.[1] ?? "");
    for (const t of ["0.25", "1.0001", "-3", "0.5"]) {
      one.t = t;
      await Promise.resolve();
      await Promise.resolve();
      note();
    }
    one.scrub(Number.NaN);
    note();
    await one.train(Number.NaN).catch(({ message }) => times.push(message));
    return { times, kept: one.run() === run };
  });
  expect(shown.times).toEqual(["0.25", "1", "0", "0.5", "0.5", expect.stringMatching(/^numSteps is NaN/)]);
  expect(shown.kept).toBe(true);
});

test("autoplay may be set later, and what was stopped stays so wherever it is moved", async ({ page }) => {
  const states = await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    Object.assign(one, { method: "exact-field", device: "cpu" });
    document.body.append(one);
    const settled = () => new Promise((resolve) => setTimeout(resolve, 500));
    await settled();
    const before = one.isRunning;
    const ready = new Promise((resolve) => one.addEventListener("flow-ready", resolve, { once: true }));
    one.setAttribute("autoplay", "");
    await ready;
    const late = one.isRunning;
    one.stop();
    // Moved, out of the page and in again within a task.
    document.body.append(document.createElement("p"), one);
    await settled();
    return { before, late, moved: one.isRunning };
  });
  expect(states).toEqual({ before: false, late: true, moved: false });
});

test("moved before it was seen, and stopped, it does not start by itself", async ({ page }) => {
  const states = await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    Object.assign(one, { method: "exact-field", device: "cpu", autoplay: "" });
    const far = document.body.appendChild(document.createElement("div"));
    far.style.height = "5000px";
    document.body.append(one);
    document.body.append(one);
    await new Promise((resolve) => setTimeout(resolve, 200));
    one.stop();
    one.scrollIntoView();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return one.isRunning;
  });
  expect(states).toBe(false);
});

test("stopped while it is being loaded it stays a poster; started again then it runs once", async ({ page }) => {
  const ready = await page.evaluate(async () => {
    const one = document.createElement("flow-playground");
    Object.assign(one, { method: "exact-field", device: "cpu" });
    document.body.append(one);
    let told = 0;
    one.addEventListener("flow-ready", () => told++);
    const first = one.start();
    one.stop();
    await first;
    const stopped = one.isRunning;
    const second = one.start();
    one.stop();
    await Promise.all([second, one.start()]);
    return { stopped, told, runs: one.isRunning };
  });
  expect(ready).toEqual({ stopped: false, told: 1, runs: true });
});

test("a site is an address of the web, or it is the element's own", async ({ page, baseURL }) => {
  const hrefs = await page.evaluate(async () => {
    const hrefs: string[] = [];
    for (const site of ["javascript:alert(1)", "data:text/html,x", "http://[", "https://example.org/a/index.html"]) {
      const one = document.createElement("flow-playground");
      Object.assign(one, { method: "exact-field", device: "cpu", site });
      document.body.append(one);
      await one.start();
      hrefs.push(one.shadowRoot?.querySelector<HTMLAnchorElement>(".way-out a")?.href ?? "");
      one.remove();
    }
    return hrefs;
  });
  expect(hrefs).toEqual([baseURL, baseURL, baseURL, "https://example.org/a/"]);
});
