import { defineConfig } from "@playwright/test";
import browser from "../browser/playwright.config";

/** The tests' browser; each app is served by its own bundler, or as the plain files that it wrote. */
export default defineConfig({
  ...browser,
  testDir: ".",
  outputDir: "../../test-results/bundlers",
  // Next builds for most of a minute on two cores.
  timeout: 240_000,
  webServer: undefined,
  projects: browser.projects?.filter(({ name }) => name === "cpu"),
});
