// Writes the service worker beside the site, with the list of what it keeps.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { OTHER_LANGUAGES } from "./languages.ts";

/**
 * Fonts for browsers older than any that the site supports; what only npm and programmers read; what only those fetch who make
 * previews of links.
 */
const NEVER = /\.(woff|ttf|map|d\.ts|md|json)$|^types\/|^previews\/|^LICENSE|^service-worker\.js$/;
/** More than 10 MB: for those who compute on a graphics card. */
const LATER = /^(\.\.\/)?assets\/flow_playground_bg.*\.wasm$/;
const LARGE_BYTES = 5_000_000;

/** The first 8 bytes of its SHA-256. */
function digestOf(contents: Buffer | string): string {
  return createHash("sha256").update(contents).digest("hex").slice(0, 16);
}

/** `shared` are the files of the site around a language's own, without which that one is not whole. */
export function offline(dist: string, source: string, shared: () => readonly string[]): Plugin {
  return {
    name: "offline",
    apply: "build",
    closeBundle() {
      const all = readdirSync(dist, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(dist.length).replaceAll("\\", "/").replace(/^\//, ""))
        // Other languages have lists of their own.
        .filter((path) => !OTHER_LANGUAGES.some((language) => path.startsWith(`${language}/`)))
        .concat(shared().map((path) => `../${path}`))
        .filter((path) => !NEVER.test(path))
        .sort();
      const contents = new Map(all.map((path) => [path, readFileSync(join(dist, path))]));
      const listed = [...contents].map(([path, bytes]) => [path, digestOf(bytes)] as const);
      const isLater = (path: string) => LATER.test(path) && (contents.get(path)?.length ?? 0) > LARGE_BYTES;
      const code = readFileSync(source, "utf8")
        .replace("__FILES__", JSON.stringify(listed.filter(([path]) => !isLater(path))))
        .replace("__LATER__", JSON.stringify(listed.filter(([path]) => isLater(path))))
        .replace("__VERSION__", digestOf(JSON.stringify(listed)));
      writeFileSync(join(dist, "service-worker.js"), code);
    },
  };
}
