import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const PORT = Number(process.env.PORT ?? 4179);
const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));
/** A software adapter everywhere alike; "default" is the machine's own, for the benchmark. */
const ADAPTER = process.env.WEBGPU_ADAPTER ?? "swiftshader";
const WEBGPU = [
  "--enable-unsafe-webgpu",
  ...(ADAPTER === "default" ? ["--enable-features=Vulkan"] : [`--use-webgpu-adapter=${ADAPTER}`]),
];
/** Chromium's own traffic, which a test of "no request leaves the origin" should not meet. */
const QUIET = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Set by `cargo xtask test`; without it Playwright takes its own Chromium. */
const executablePath = process.env.CHROME || undefined;

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  // A page draws and trains on two cores: two at a time are a seventh faster, and all that they do is late.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: "list",
  // The site kept for offline would answer in the server's place; offline.spec.ts lets it.
  // No trace: it takes a picture of every frame. `--trace on` records one of a test that fails.
  use: {
    serviceWorkers: "block",
    baseURL: `http://127.0.0.1:${PORT}/some/sub-path/`,
    screenshot: "only-on-failure",
  },
  webServer: {
    command: `node "${SERVER}" ${PORT}`,
    url: `http://127.0.0.1:${PORT}/blank.html`,
    reuseExistingServer: process.env.CI === undefined,
  },
  projects: [
    // Without the flags there is no adapter: the CPU engine, and the fallback to it.
    { name: "cpu", testIgnore: ["webgpu*", "everywhere*"], use: { launchOptions: { executablePath, args: QUIET } } },
    {
      name: "webgpu",
      testMatch: "webgpu*",
      use: { launchOptions: { executablePath, args: [...QUIET, ...WEBGPU] } },
    },
    // Chromium, Firefox and WebKit, each by its own driver.
    { name: "everywhere", testMatch: "everywhere.spec.ts" },
  ],
});
