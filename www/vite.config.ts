import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

export default defineConfig({
  root: at("."),
  // Relative URLs: the site works from any host and any sub-path.
  base: "./",
  cacheDir: at("../node_modules/.vite"),
  worker: { format: "es" },
  build: {
    target: "es2022",
    outDir: at("dist"),
    emptyOutDir: true,
    // Nothing becomes a data: URL, so that a strict content security policy can serve the site.
    assetsInlineLimit: 0,
    // A script that a page imports may not touch that page's document before it is asked to.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: at("index.html"), "flow-playground": at("src/library.ts") },
      // The page imports the library as well; its exports must survive although no import of them is seen.
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: (chunk) => (chunk.name === "flow-playground" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: { include: ["src/**/*.test.ts"], testTimeout: 30_000 },
});
