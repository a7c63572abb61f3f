// How the sources stand to one another: folders in one order, and one name for one thing.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL(".", import.meta.url));
const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
  /(?<!\.test|\.d)\.ts$/.test(name),
);
const SOURCES = new Map(FILES.map((name) => [name, readFileSync(SRC + name, "utf8")]));

/** What stands in no folder is one of its own. */
const folderOf = (name: string) => name.split("/")[0] ?? name;

function importsOf(source: string): string[] {
  return [...source.matchAll(/^(?:import|export)\b[^;"]*"(\.[^"?]+)/gm)].map(([, path = ""]) => path);
}

/** By folder, what its files import of others. */
function importedBy(sources: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const [name, source] of sources) {
    const known = all.get(folderOf(name)) ?? new Set();
    all.set(folderOf(name), known);
    for (const path of importsOf(source)) {
      const target = posix.join(posix.dirname(name), path);
      const folder = folderOf(sources.has(`${target}.ts`) ? `${target}.ts` : target);
      if (folder !== folderOf(name)) known.add(folder);
    }
  }
  return all;
}

/** What is left once nothing can be put below all others any more. */
function circleIn(sources: ReadonlyMap<string, string>): string[] {
  const left = importedBy(sources);
  const isFree = (imported: Set<string>) => [...imported].every((one) => !left.has(one));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const [folder, imported] of left) if (isFree(imported)) left.delete(folder);
  }
  return [...left.keys()];
}

/** Types and constants of a file count for others whether they are exported or not; functions where they are. */
function namesTwiceIn(sources: ReadonlyMap<string, string>): string[] {
  const exported = new Set<string>();
  const declared: string[] = [];
  for (const source of sources.values()) {
    for (const [, isExported, name = ""] of source.matchAll(
      /^(export )?(?:abstract )?(?:async )?(?:interface|type|class|function|const) ([A-Za-z_]\w*)/gm,
    )) {
      if (isExported || /^[A-Z]/.test(name)) declared.push(name);
      if (isExported) exported.add(name);
    }
  }
  return declared.filter((name, i) => exported.has(name) && declared.indexOf(name) !== i);
}

test("folders import one another in no circle", () => {
  expect(circleIn(SOURCES)).toEqual([]);
});

test("an exported name is no other file's name for another thing", () => {
  expect(namesTwiceIn(SOURCES)).toEqual([]);
});

test("the laws find a circle over a file in no folder, and a name that is used twice", () => {
  const sources = (from: string) =>
    new Map([
      ["a/one.ts", 'import type {\n  Two,\n} from "../two";\ninterface Named {}\n'],
      ["two.ts", `export * from "./${from}";\n`],
      ["b/three.ts", "export interface Named {}\n"],
    ]);
  expect(circleIn(sources("b/three"))).toEqual([]);
  expect(circleIn(sources("a/one"))).toEqual(["a", "two.ts"]);
  expect(namesTwiceIn(sources("b/three"))).toEqual(["Named"]);
});
