import { defineConfig } from "@playwright/test";
import browser from "../browser/playwright.config";

/** The tests' browser; each notebook program is started by its test. */
export default defineConfig({
  ...browser,
  testDir: ".",
  outputDir: "../../test-results/notebook",
  timeout: 240_000,
  webServer: undefined,
  projects: browser.projects?.filter(({ name }) => name === "cpu"),
});
