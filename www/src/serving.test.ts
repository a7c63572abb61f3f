import { fileURLToPath } from "node:url";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

let server: ViteDevServer;
let address = "";

beforeAll(async () => {
  const configFile = fileURLToPath(new URL("../vite.config.ts", import.meta.url));
  // Nothing that others serve or keep is touched.
  const cacheDir = fileURLToPath(new URL("../../node_modules/.vite-serving-test", import.meta.url));
  server = await createServer({
    configFile,
    cacheDir,
    logLevel: "silent",
    server: { port: 0, hmr: false, watch: null },
  });
  await server.listen();
  address = server.resolvedUrls?.local[0] ?? "";
});

afterAll(() => server.close());

test.each([
  ["", "<title>Flow Playground"],
  ["embed.html", "embed"],
  ["lessons/", "<title>Lessons"],
  ["lessons", "<title>Lessons"],
  ["lessons/index.html", "<title>Lessons"],
  ["lessons/04-density.html", "<title>Reading a density"],
  ["docs/", "<title>Guides"],
  ["docs/embed.html", "<title>Embed the playground"],
  ["docs/embed.html?a=1", "<title>Embed the playground"],
])("the development server answers /%s with its own page", async (path, text) => {
  const response = await fetch(address + path);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain(text);
});

test("and what there is not, as missing", async () => {
  const response = await fetch(`${address}lessons/none.html`, { headers: { accept: "text/html" } });
  expect(response.status).toBe(404);
});
