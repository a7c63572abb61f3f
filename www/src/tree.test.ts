// How the sources stand to one another: folders in an order, and one name for one thing.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

type Sources = ReadonlyMap<string, string>;

const SRC = fileURLToPath(new URL(".", import.meta.url));
const NAMES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
  /(?<!\.test|\.d)\.ts$/.test(name),
);
const SOURCES: Sources = new Map(NAMES.map((name) => [name, readFileSync(SRC + name, "utf8")]));
const IMPORT = /^(?:import|export)\b[^;"]*"(\.[^"?]+)/gm;
const DECLARED = /^(export )?(?:abstract )?(?:async )?(?:interface|type|class|function|const) ([A-Za-z_]\w*)/gm;

/** The folders that can't be put in an order; a file in no folder is one of its own. */
function circleIn(sources: Sources): string[] {
  const folderOf = (name: string) => name.split("/")[0] ?? name;
  const left = new Map<string, string[]>();
  for (const [name, source] of sources) {
    const paths = [...source.matchAll(IMPORT)].map(([, path = ""]) => posix.join(posix.dirname(name), path));
    const imported = paths.map((path) => folderOf(sources.has(`${path}.ts`) ? `${path}.ts` : path));
    const others = imported.filter((folder) => folder !== folderOf(name));
    left.set(folderOf(name), [...(left.get(folderOf(name)) ?? []), ...others]);
  }
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const [folder, imported] of left) if (!imported.some((one) => left.has(one))) left.delete(folder);
  }
  return [...left.keys()];
}

/** Types and constants of a file count whether others can see them or not; functions where they can. */
function namesTwiceIn(sources: Sources): string[] {
  const declared = [...sources.values()].flatMap((source) => [...source.matchAll(DECLARED)]);
  const exported = new Set(declared.flatMap(([, isExported, name]) => (isExported ? [name] : [])));
  const names = declared.flatMap(([, isExported, name = ""]) => (isExported || /^[A-Z]/.test(name) ? [name] : []));
  return names.filter((name, i) => exported.has(name) && names.indexOf(name) !== i);
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
