// Places that refuse something: each is worked with, or told of in one sentence.
import { test as base, expect, type Page } from "@playwright/test";
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
