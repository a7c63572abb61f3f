// What Lighthouse says of the built site, on a desk and on a phone. Accessibility, best practices and SEO must reach 95;
// performance depends on the machine and is only printed.
import { chromium, expect, test } from "@playwright/test";
import lighthouse, { type Config, desktopConfig, type Result } from "lighthouse";
import { type Figure, report } from "./figures";

const PORT = 4180;
const LEAST = 95;
const FORM_FACTORS: readonly { name: string; config: Config | undefined }[] = [
  { name: "desktop", config: desktopConfig },
  { name: "mobile", config: undefined },
];

const figures: Figure[] = [];

for (const { name, config } of FORM_FACTORS) {
  test(`Lighthouse, ${name}`, async ({ baseURL }) => {
    const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
    const flags = [...args, "--no-sandbox", `--remote-debugging-port=${PORT}`];
    const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: flags });
    try {
      const run = await lighthouse(baseURL, { port: PORT, logLevel: "error" }, config);
      if (run === undefined) throw new Error("Lighthouse gave no result.");
      tell(name, run.lhr);
    } finally {
      await browser.close();
    }
  });
}

test.afterAll(() => report("lighthouse", figures, test.info()));

/** Every score, and what lowered it. */
function tell(formFactor: string, { categories, audits, runtimeError }: Result): void {
  expect(runtimeError).toBeUndefined();
  const lines: string[] = [];
  for (const { id, title, score, auditRefs } of Object.values(categories)) {
    const value = Math.round(100 * (score ?? 0));
    const isBound = id !== "performance";
    figures.push({ name: `${formFactor}: ${title}`, value, unit: "", ...(isBound && { bar: { atLeast: LEAST } }) });
    if (isBound) expect.soft(value, `${formFactor}: ${title}`).toBeGreaterThanOrEqual(LEAST);
    for (const { id: audit, weight } of auditRefs) {
      const found = audits[audit];
      if (found === undefined || found.score === null || found.score >= 1) continue;
      lines.push(`${formFactor}: ${title}: ${found.title} (${audit}, weight ${weight}) ${found.displayValue ?? ""}`);
      if (isBound || weight > 0) lines.push(...itemsOf(found.details).map((item) => `    ${item}`));
    }
  }
  console.log(lines.join("\n"));
}

/** Where it was found. */
function itemsOf(details: Result["audits"][string]["details"]): string[] {
  const items = details !== undefined && "items" in details ? (details.items as unknown[]) : [];
  return items.slice(0, 10).map((item) => JSON.stringify(item).slice(0, 240));
}
