// Lazy imports stay as they are written. Vite wraps each in a helper that preloads what it will import; where the site is a
// package, other bundlers follow that helper's addresses and fail. A page's own scripts are preloaded by its HTML as before.
import type { Plugin } from "vite";

/** The parts of Vite that wrap imports, and fill in what is preloaded. */
const WRAPPERS = ["vite:build-import-analysis", "native:import-analysis-build"];

export function plainImports(): Plugin {
  return {
    name: "plain-imports",
    apply: "build",
    configResolved({ plugins }) {
      const all = plugins as Plugin[];
      for (const name of WRAPPERS) {
        const at = all.findIndex((plugin) => plugin.name === name);
        if (at < 0) throw new Error(`Vite no longer has the plugin ${name}, which wraps imports`);
        all.splice(at, 1);
      }
    },
  };
}
