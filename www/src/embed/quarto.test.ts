// The Quarto extension knows the comparisons and the attributes; it is of this version.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "../../public/package.json" with { type: "json" };
import { PRESET_IDS } from "../experiment/presets";
import { settingsOfPreset } from "../film/requests";
import { KEYS } from "../link/keys";
import { ATTRIBUTES } from "./attributes";

const FOLDER = new URL("../../docs/examples/quarto/_extensions/flow-playground/", import.meta.url);
const LUA = new URL("flow-playground.lua", FOLDER);
const MARKED = /(-- begin generated\n)[\s\S]*?(-- end generated\n)/;

function tables(): string {
  const quoted = (text: string) => JSON.stringify(text);
  const presets = PRESET_IDS.map((id) => {
    const settings = [...settingsOfPreset(id)].map(([name, text]) => `[${quoted(name)}] = ${quoted(text)}`);
    return `  [${quoted(id)}] = ${settings.length === 0 ? "{}" : `{ ${settings.join(", ")} }`},\n`;
  });
  const isOfLink = (name: string) => (KEYS as readonly string[]).includes(name);
  const attributes = ATTRIBUTES.map((name) => `  [${quoted(name)}] = "${isOfLink(name) ? "link" : "element"}",\n`);
  return `local PRESETS = {\n${presets.join("")}}\n-- Those of a link, and those of an element alone.\nlocal ATTRIBUTES = {\n${attributes.join("")}}\n`;
}

/** `UPDATE=1` writes them. */
test("its tables are the playground's", () => {
  const written = readFileSync(LUA, "utf8");
  const right = written.replace(MARKED, (_, begin, end) => begin + tables() + end);
  expect(right).toMatch(MARKED);
  if (process.env.UPDATE) writeFileSync(LUA, right);
  else expect(written).toBe(right);
});

test("it is of this version", () => {
  expect(readFileSync(new URL("_extension.yml", FOLDER), "utf8")).toContain(`\nversion: ${version}\n`);
});
