import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  build: { target: "es2023", emptyOutDir: true, chunkSizeWarningLimit: 10_000 },
  // One of TensorFlow.js's files is written for a bundler's worker.
  worker: { format: "es" },
});
