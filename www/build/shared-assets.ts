// What has no words in it, such as engines, recorded films and fonts, is the source language's file: another language's site, in
// a folder of it, leads there and has none of its own.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Plugin } from "vite";

/** `dist` is the source language's site, which is built before; `folder` that of the language in it. */
export function sharedAssets(dist: string, folder: string): Plugin & { used(): readonly string[] } {
  const used = new Set<string>();
  const isThere = (path: string) => existsSync(join(dist, path));
  /** From the folder of a file of this language on. */
  const wayTo = (path: string, host: string) => {
    const way = relative(dirname(join(folder, host)), path).replaceAll("\\", "/");
    return way.startsWith(".") ? way : `./${way}`;
  };
  return {
    name: "shared-assets",
    apply: "build",
    config: () => ({
      build: { copyPublicDir: false },
      experimental: {
        renderBuiltUrl(filename, { type, hostId, hostType }) {
          if (filename.endsWith(".css") || filename.endsWith(".js") || !isThere(filename)) return undefined;
          if (type !== "public") used.add(filename);
          const way = wayTo(filename, hostId);
          return hostType === "js" ? { runtime: `new URL(${JSON.stringify(way)}, import.meta.url).href` } : way;
        },
      },
    }),
    generateBundle(_, bundle) {
      for (const path of used) {
        const one = bundle[path];
        if (one?.type !== "asset") continue;
        // A like name means like contents; what differs was not built from the same source.
        if (!readFileSync(join(dist, path)).equals(Buffer.from(one.source)))
          throw new Error(`dist/${path} is of another build: build the site in English first.`);
        delete bundle[path];
      }
    },
    used: () => [...used].sort(),
  };
}
