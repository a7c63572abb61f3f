import { defineConfig } from "@playwright/test";
import browser from "../browser/playwright.config";

/** The tests' browser and server; the figures are read by people, so nothing here passes or fails by its speed. */
export default defineConfig({
  ...browser,
  testDir: ".",
  testMatch: "*.bench.ts",
  reporter: "line",
  timeout: 300_000,
  // Recording would be measured too.
  use: { ...browser.use, trace: "off" },
  projects: browser.projects?.map(({ name = "", use }) => ({
    name,
    use,
    ...(name === "webgpu" ? { grep: /@webgpu/ } : { grepInvert: /@webgpu/ }),
  })),
});
