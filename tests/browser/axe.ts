// What axe-core finds on a page, by its rules for WCAG A and AA, those of 2.2 too, and its best practices.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";

const AXE = fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url));

/** A line for each element that breaks a rule; none is what a test asks for. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Evaluated, not added to the page: a content security policy may forbid a script element.
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    // Of what is off unless asked for, the one that is not AAA or outdated.
    const rules = { "target-size": { enabled: true } };
    // What passes is thousands of elements, each told by a selector of its own.
    return axe.run({ rules, resultTypes: ["violations"] });
  });
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const summary = (failureSummary ?? "")
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
      return `${id} (${impact}): ${help}: ${target.join(" ")}: ${summary.join("; ")}`;
    }),
  );
}
