// Tells the element's module what file it has become: an app that takes it apart has chunks of like names, but not this one.
import type { Plugin } from "vite";

const PLACEHOLDER = "__ELEMENT_FILE__";

export function ownName(): Plugin {
  return {
    name: "own-name",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
      const holders = chunks.filter(({ code }) => code.includes(PLACEHOLDER));
      if (holders.length !== 1) throw new Error(`${holders.length} files hold the place for the element's own name`);
      for (const chunk of holders) chunk.code = chunk.code.replace(PLACEHOLDER, chunk.fileName);
    },
  };
}
