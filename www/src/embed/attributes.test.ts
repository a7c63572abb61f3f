import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FIELDS, SHORTHANDS } from "../link/fields";
import { KEYS } from "../link/keys";
import { embeddedShared } from "../state/shared";
import { ATTRIBUTES, type FlowEvents } from "./attributes";
import { inOwnUnit } from "./styles";

const EVENTS: Record<keyof FlowEvents, true> = {
  "flow-ready": true,
  "flow-progress": true,
  "flow-done": true,
  "flow-change": true,
  "flow-error": true,
};

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

const manifest = JSON.parse(read("../../public/custom-elements.json")).modules[0].declarations[0];
const names = (entries: { name: string }[]) => entries.map(({ name }) => name).sort();

test("an element's settings are a link's", () => {
  expect([...FIELDS, ...SHORTHANDS].map(({ key }) => key).sort()).toEqual([...KEYS].sort());
});

test("the manifest names every attribute, event and color", () => {
  expect(names(manifest.attributes)).toEqual([...ATTRIBUTES].sort());
  expect(names(manifest.events)).toEqual(Object.keys(EVENTS).sort());
  const used = new Set(read("../controls/theme.css").match(/--flow-[a-z-]+/g));
  expect(names(manifest.cssProperties)).toEqual([...used, "--flow-radius", "--flow-size"].sort());
});

test("the guide says every attribute and event", () => {
  const guide = read("../../docs/embed.md");
  for (const name of [...ATTRIBUTES, ...Object.keys(EVENTS)]) expect(guide, name).toContain(`\`${name}\``);
});

test("a notebook's playground leaves out what an element does", () => {
  const [, hidden] = /^HIDDEN = "(.*)"$/m.exec(read("../../../notebook/flow_playground/_widget.py")) ?? [];
  expect(hidden?.split(",").sort()).toEqual([...embeddedShared().hidden].sort());
});

test("lengths in rem become the element's own, and nothing else does", () => {
  expect(inOwnUnit("a { width: min(30rem, 2px); margin: -0.5rem .25rem }")).toBe(
    "a { width: min(calc(30 * var(--rem)), 2px); margin: calc(-0.5 * var(--rem)) calc(.25 * var(--rem)) }",
  );
  expect(inOwnUnit(".a1rem { --rem: 2px; color: #1rem }")).toBe(".a1rem { --rem: 2px; color: #1rem }");
});
