// What is taken away says which version made it: every file in its name, and those with a place for it inside as well.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { version } from "../public/package.json" with { type: "json" };
import { resultsJson, resultsLatex, resultsMarkdown } from "./evidence/kept-files";
import { MADE_BY, signed, withVersion } from "./made-by";
import { initialState } from "./state/initial";
import { KEPT_NAME, keptFiles } from "./take-away/kept";
import { exercises } from "./take-away/notebook";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (name: string) => readFileSync(`${ROOT}${name}`, "utf8");

test("a file's name has the version before its ending", () => {
  expect(withVersion("flow-matching@2x.png")).toBe(`flow-matching@2x-${version}.png`);
});

test("only one place hands files to the browser", () => {
  const names = readdirSync(`${ROOT}www/src`, { recursive: true, encoding: "utf8" });
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  expect(sources.filter((name) => /\bdownload(?:: (?!")|\s*=)/.test(read(`www/src/${name}`)))).toEqual(["save.ts"]);
});

test("texts say it inside", async () => {
  const kept = await keptFiles(
    () => initialState(true),
    () => undefined,
  );
  const texts = {
    picture: signed("<svg><title>A</title></svg>\n"),
    save: new TextDecoder().decode(kept[KEPT_NAME]),
    results: resultsJson([]),
    latex: resultsLatex([]),
    markdown: resultsMarkdown([]),
    exercises: exercises(),
  };
  for (const [name, text] of Object.entries(texts)) expect(text, name).toContain(MADE_BY);
});

test("one version, one license and one name for the authors wherever they stand", () => {
  const workspace = read("Cargo.toml");
  const said = (text: string, pattern: RegExp) => pattern.exec(text)?.[1];
  const cited = read("CITATION.cff");
  const described = JSON.parse(read("www/public/package.json"));
  expect(said(workspace, /^version = "(.*)"$/m)).toBe(version);
  expect(said(cited, /^version: (.*)$/m)).toBe(version);
  expect(said(read("notebook/pyproject.toml"), /^version = "(.*)"$/m)).toBe(version);
  const author = said(workspace, /^authors = \["(.*)"\]$/m);
  expect(author).toBeDefined();
  expect(said(read("LICENSE-MIT"), /^Copyright \(c\) \d+ (.*)$/m)).toBe(author);
  expect(said(cited, /^authors:\n {2}- name: (.*)$/m)).toBe(author);
  expect(described.author).toBe(author);
  expect(said(read("notebook/pyproject.toml"), /^authors = \[\{ name = "(.*)" \}\]$/m)).toBe(author);
  expect(said(read("notebook/pyproject.toml"), /^license = "(.*)"$/m)).toBe(described.license);
  expect(said(read("paper/paper.md"), /^authors:\n {2}- name: (.*)$/m)).toBe(author);
  const [, licenses = ""] = /^license:\n((?: {2}- .*\n)+)/m.exec(cited) ?? [];
  expect(licenses.trim().replace(/\s*- /g, " OR ").replace(/^ OR /, "")).toBe(described.license);
});
