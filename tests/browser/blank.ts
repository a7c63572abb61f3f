// The built library on a page that isn't ours, with a watch on everything that must not happen there.
import { test as base, expect } from "@playwright/test";
import type * as Library from "../../www/src/library";

declare global {
  interface Window {
    flow: typeof Library;
  }
}

/** What went wrong on a page, or left it, without any test asking. */
export function watch(page: import("@playwright/test").Page): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    // Failed shader validation is only logged (cubecl #1641), and stale numbers come back: any error counts.
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isLocal = protocol === "blob:" || protocol === "data:" || ["127.0.0.1", "localhost"].includes(hostname);
    if (!isLocal) problems.push(`request: ${request.url()}`);
  });
  return problems;
}

/** Any page, watched: each test opens its own. */
export const watched = base.extend({
  page: async ({ page }, use) => {
    const problems = watch(page);
    await use(page);
    expect(problems).toEqual([]);
  },
});

/** A page that isn't ours and knows the element. */
export const withElement = watched.extend({
  page: async ({ page, baseURL }, use) => {
    await page.goto("/blank.html");
    await page.addScriptTag({ type: "module", url: `${baseURL}flow-playground-element.js` });
    await page.waitForFunction(() => customElements.get("flow-playground") !== undefined);
    await use(page);
  },
});

/** `page` has the library at `window.flow`. A test that breaks something says which errors it allows. */
export const test = base.extend<{ allowedErrors: RegExp | null }>({
  allowedErrors: [null, { option: true }],
  page: async ({ page, baseURL, allowedErrors }, use) => {
    const problems = watch(page);
    await page.goto("/blank.html");
    const url = new URL("flow-playground.js", baseURL).href;
    await page.addScriptTag({ type: "module", content: `import * as flow from "${url}"; window.flow = flow;` });
    await page.waitForFunction(() => window.flow !== undefined);
    await use(page);
    expect(problems.filter((problem) => !allowedErrors?.test(problem))).toEqual([]);
  },
});

export { expect };
