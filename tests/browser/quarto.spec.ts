// The Quarto extension, run by the pandoc that Quarto is made of: a page with a live element, and a link on paper.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import type { FlowPlaygroundElement } from "../../www/src/element";
import { watched as test } from "./blank";

/** Set by `cargo xtask test --slow`. */
const PANDOC = process.env.PANDOC ?? "";
const EXAMPLE = new URL("../../www/docs/examples/quarto/", import.meta.url);
const EXTENSION = fileURLToPath(new URL("_extensions/flow-playground/flow-playground.lua", EXAMPLE));
const SITE = "https://example.org/flow-playground/";
const DOCUMENT = readFileSync(new URL("lesson.qmd", EXAMPLE), "utf8");

test.skip(PANDOC === "", "no pandoc is named");

function rendered(text: string, to: string, site: string): string {
  const filter = fileURLToPath(new URL("shortcodes.lua", import.meta.url));
  const options = ["--from", "markdown-smart", "--to", to, "--standalone", "--lua-filter", filter];
  return execFileSync(PANDOC, options, {
    input: text.replaceAll(SITE, site),
    encoding: "utf8",
    env: { ...process.env, EXTENSION },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

test("the shortcode's figure trains in a page", async ({ page, baseURL }) => {
  const html = rendered(DOCUMENT, "html", baseURL as string);
  await page.route("**/lesson.html", (route) =>
    route.fulfill({ contentType: "text/html", body: html.replace("<head>", '<head><link rel="icon" href="data:,">') }),
  );
  await page.goto("/lesson.html");
  const one = page.locator("flow-playground");
  await expect(one).toHaveAttribute("panels", "flow-matching,ot-coupling");
  const steps = await one.evaluate(async (element: FlowPlaygroundElement) => {
    await element.train(5);
    return [element.run("a")?.step, element.run("b")?.step, element.shown.includes("columns=straightness")];
  });
  expect(steps).toEqual([5, 5, true]);
});

test("on paper it is a link to the same state", async ({ page, baseURL }) => {
  const tex = rendered(DOCUMENT, "latex", baseURL as string);
  const url = /\\url\{([^}]*)\}/.exec(tex)?.[1]?.replace(/\\(.)/g, "$1") ?? "";
  expect(url).toContain(`${baseURL}index.html#`);
  await page.goto(url);
  await expect(page.locator("article")).toHaveCount(2);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("what it cannot use it refuses in a sentence", () => {
  const refused = (shortcode: string) => {
    try {
      return rendered(`---\nflow-playground:\n  site: ${SITE}\n---\n\n${shortcode}\n`, "html", SITE);
    } catch (error) {
      return String((error as { stderr: string }).stderr);
    }
  };
  expect(refused("{{< flow-playground preset=none >}}")).toContain("there is no preset “none”.");
  expect(refused("{{< flow-playground sead=3 >}}")).toContain("there is no setting “sead”.");
});
