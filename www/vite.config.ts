import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { languagePages, otherSites } from "./build/language-pages.ts";
import { catalogOf, isSourceLanguage, LANGUAGE, LANGUAGE_DEFINES } from "./build/languages.ts";
import { linkPreviews } from "./build/link-previews.ts";
import { offline } from "./build/offline.ts";
import { ownName } from "./build/own-name.ts";
import { markdownPages, pagesIn } from "./build/pages.ts";
import { plainImports } from "./build/plain-imports.ts";
import { contentSecurityPolicy } from "./build/policy.ts";
import { sharedAssets } from "./build/shared-assets.ts";
import { SITE } from "./build/site.ts";
import { translation } from "./build/translation.ts";
import about from "./public/package.json" with { type: "json" };

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Where the deployed site keeps this version for ever; "" where it keeps only the newest. */
const versionFolder = process.env.FLOW_PLAYGROUND_VERSIONED ? `v${about.version}/` : "";
/** A language's site is a folder of the source's. */
const dist = at(isSourceLanguage ? "dist" : `dist/${LANGUAGE}`);
const shared = isSourceLanguage ? null : sharedAssets(at("dist"), LANGUAGE);
const words = () => translation(LANGUAGE, isSourceLanguage ? null : catalogOf(LANGUAGE));

/** Of an engine, uncompressed; 0 where it is not built yet. */
function bytesOf(engine: string): number {
  return statSync(at(`generated/${engine}/flow_playground_bg.wasm`), { throwIfNoEntry: false })?.size ?? 0;
}

export default defineConfig({
  define: {
    ...LANGUAGE_DEFINES,
    "import.meta.env.VITE_VERSION": JSON.stringify(about.version),
    "import.meta.env.VITE_VERSION_FOLDER": JSON.stringify(
      isSourceLanguage || versionFolder === "" ? versionFolder : `../${versionFolder}${LANGUAGE}/`,
    ),
    "import.meta.env.VITE_HOMEPAGE": JSON.stringify(about.homepage),
    "import.meta.env.VITE_SITE": JSON.stringify(isSourceLanguage ? SITE : `${SITE}${LANGUAGE}/`),
    "import.meta.env.VITE_LANGUAGES": JSON.stringify(otherSites()),
    "import.meta.env.VITE_ENGINE_BYTES": JSON.stringify({ cpu: bytesOf("cpu"), gpu: bytesOf("gpu") }),
  },
  root: at("."),
  // What is at no address is told to be missing, as static hosts do, rather than answered with the playground.
  appType: "mpa",
  plugins: [
    words(),
    languagePages(at("."), SITE),
    markdownPages(at(".")),
    linkPreviews(at("."), SITE, at("../node_modules/.cache/flow-playground-previews")),
    contentSecurityPolicy(),
    plainImports(),
    ownName(),
    shared,
    offline(dist, at("build/service-worker.js"), shared?.used ?? (() => [])),
  ],
  // Templates alone: the whole of Lit brings its elements, of which the site has none, and 3 kB of every first visit.
  resolve: { alias: [{ find: /^lit$/, replacement: "lit/html.js" }] },
  // Relative URLs: the site works from any host and any sub-path.
  base: "./",
  cacheDir: at("../node_modules/.vite"),
  // One file that imports nothing: a bundler that takes the package in copies it as it is.
  worker: { format: "iife", plugins: () => [words()], rolldownOptions: { output: { codeSplitting: false } } },
  build: {
    target: "es2022",
    // The first with light-dark(): what stands in for it elsewhere does not see what a page around an element has chosen.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    outDir: dist,
    emptyOutDir: true,
    // Nothing becomes a data: URL, so that a strict content security policy can serve the site.
    assetsInlineLimit: 0,
    // A script that a page imports may not touch that page's document before it is asked to.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: at("index.html"),
        embed: at("embed.html"),
        ...pagesIn(at(".")),
        "flow-playground": at("src/library.ts"),
        "flow-playground-element": at("src/element.ts"),
      },
      // The page imports the library as well; its exports must survive although no import of them is seen.
      preserveEntrySignatures: "exports-only",
      output: {
        // What others import keeps its name.
        entryFileNames: ({ name }) => (name.startsWith("flow-playground") ? "[name].js" : "assets/[name]-[hash].js"),
        // A plane's layers in one file, though what draws a torus or a globe takes some of them: in pieces they are 1.6 kB more of
        // every first visit.
        codeSplitting: {
          groups: [{ name: "layers", test: /src\/stage\/(layers|layers\/(?!decoded)[\w-]+)\.ts$/ }],
        },
        sanitizeFileName: (name) => name.replace(/[^\w.-]/g, "-"),
      },
    },
  },
  test: { include: ["src/**/*.test.ts"], testTimeout: 30_000 },
});
