// The widget as one module, which is what a notebook loads; all that it fetches lies beside it, for the kernel to hand over.
import { readdirSync, readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import site from "../www/vite.config.ts";

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

const WWW = at("../www/");
const BUILT = at("../www/dist/assets/");

/** `x?url` is the name of a file in assets/, which `fetchAsset` asks for; a worker's script is made here, and has an address. */
function assetsOfTheWheel(): Plugin {
  return {
    name: "assets-of-the-wheel",
    enforce: "pre",
    load(id) {
      const [path = "", query = ""] = id.split("?");
      const asked = new URLSearchParams(query);
      if (!asked.has("url")) return null;
      if (asked.has("worker")) return workerModule(basename(path, ".ts"));
      const name = relative(WWW, path).replaceAll(/[^\w.-]+/g, "-");
      this.emitFile({ type: "asset", fileName: `assets/${name}`, source: readFileSync(path) });
      return `export default ${JSON.stringify(`flow-asset:${name}`)};`;
    },
  };
}

/** As the site has built it: one file that imports nothing. */
function workerModule(name: string): string {
  const file = readdirSync(BUILT).find((one) => new RegExp(`^${name}-[\\w-]+\\.js$`).test(one));
  if (file === undefined) throw new Error(`The site has no ${name}: build it first (cargo xtask build).`);
  const text = JSON.stringify(readFileSync(BUILT + file, "utf8"));
  return `export default URL.createObjectURL(new Blob([${text}], { type: "text/javascript" }));`;
}

/** Of each font the one form that every browser here takes. */
function oneFontEach(): Plugin {
  return {
    name: "one-font-each",
    enforce: "pre",
    transform: (code, id) =>
      id.includes("katex.min.css") ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g, "") : null,
  };
}

export default defineConfig({
  root: at("."),
  define: site.define ?? {},
  resolve: site.resolve ?? {},
  publicDir: false,
  plugins: [assetsOfTheWheel(), oneFontEach()],
  cacheDir: at("../node_modules/.vite-notebook"),
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    outDir: at("flow_playground/static"),
    emptyOutDir: true,
    assetsInlineLimit: (path) => path.endsWith(".woff2"),
    modulePreload: { polyfill: false },
    // One file is what a notebook takes.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: { widget: at("widget.ts") },
      preserveEntrySignatures: "strict",
      transform: { inject: { fetch: [at("assets.ts"), "fetchAsset"] } },
      output: { entryFileNames: "[name].js", codeSplitting: false },
    },
  },
});
