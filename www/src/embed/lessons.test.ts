// Lessons and guides as they are written: every figure is one that the playground takes, every formula one that can be set.
import { readdirSync, readFileSync } from "node:fs";
import katex from "katex";
import { expect, test } from "vitest";
import { proseOf } from "../../build/teaching";
import { KEYS } from "../link/keys";
import { readAttributes, readLink, writeLink } from "../link/link";
import { embeddedShared } from "../state/shared";

const FOLDERS = ["lessons", "docs"] as const;
const PAGES = FOLDERS.flatMap((folder) => {
  const at = new URL(`../../${folder}/`, import.meta.url);
  const names = readdirSync(at).filter((name) => name.endsWith(".md"));
  return names.map((name) => ({ name: `${folder}/${name}`, text: readFileSync(new URL(name, at), "utf8") }));
});
const LESSONS = PAGES.filter(({ name }) => /^lessons\/\d/.test(name));
const SETTINGS: readonly string[] = KEYS;

function figuresIn(text: string): Map<string, string>[] {
  return [...text.matchAll(/<flow-playground\b([^>]*)>/g)].map(([, tag = ""]) => {
    const attributes = [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(
      ([, key = "", value = ""]) => [key, value] as const,
    );
    return new Map(attributes.filter(([key]) => SETTINGS.includes(key)));
  });
}

function formulasIn(text: string): string[] {
  const formulas = text.matchAll(/\$\$([\s\S]+?)\$\$|\$([^\s$](?:[^$]*[^\s$])?)\$/g);
  return [...formulas].map(([, block, inline]) => block ?? inline ?? "");
}

test.each(PAGES)("the figures of $name can be shown", ({ text }) => {
  for (const figure of figuresIn(text)) {
    expect(readAttributes(figure, embeddedShared())).toMatchObject({ kind: "shared" });
  }
});

test.each(LESSONS)("$name has a figure, three exercises with answers, and sources", ({ text }) => {
  expect(figuresIn(text).length).toBeGreaterThan(0);
  // Within HTML nothing is set.
  for (const [caption] of text.matchAll(/<figcaption>[\s\S]*?<\/figcaption>/g)) expect(caption).not.toContain("$");
  expect(text.match(/<details><summary>Answer<\/summary>/g)).toHaveLength(3);
  expect(text.match(/^[123]\. /gm)?.slice(-3)).toEqual(["1. ", "2. ", "3. "]);
  expect(text).toMatch(/^## Sources$/m);
  const words = proseOf(text)
    .replace(/<[^>]*>/g, "")
    .split(/\s+/).length;
  expect(words).toBeGreaterThan(300);
  expect(words).toBeLessThan(1200);
});

test.each(PAGES)("the formulas of $name can be set", ({ text }) => {
  if (!/\$\$|\\\w/.test(text.replace(/```[\s\S]*?```/g, ""))) return;
  for (const tex of formulasIn(text)) {
    expect(() => katex.renderToString(tex, { throwOnError: true, strict: "error" })).not.toThrow();
  }
});

test.each(PAGES)("the playground opens with what $name links to", ({ text }) => {
  for (const [, fragment = ""] of text.matchAll(/\]\([^)\s]*index\.html#([^)\s]*)\)/g)) {
    const read = readLink(fragment);
    expect(read, fragment).toMatchObject({ kind: "shared" });
    // Whatever the link says is other than what the page opens with anyway.
    if (read.kind === "shared")
      expect(writeLink(read.shared).split("&").length, fragment).toBe(fragment.split("&").length);
  }
});

test("what papers report is marked so, with something to measure beside it", () => {
  const text = PAGES.find(({ name }) => name === "docs/published.md")?.text ?? "";
  const sections = text.split(/^## /m).slice(1, -1);
  expect(sections).toHaveLength(6);
  for (const section of sections) {
    expect(section).toMatch(/\*Reported by the (papers|deck), not measured here\.\*/);
    expect(section).toMatch(/\*\*Here:\*\* \[[^\]]+\]\(\.\.\/index\.html#/);
  }
});

test("every page that is linked is there", () => {
  const known = new Set(PAGES.map(({ name }) => name));
  for (const { name, text } of PAGES) {
    for (const [, target = ""] of text.matchAll(/\]\(([^):]+\.md)\)/g)) {
      expect(known).toContain(new URL(target, `https://x/${name}`).pathname.slice(1));
    }
  }
  const index = PAGES.find(({ name }) => name === "lessons/index.md")?.text ?? "";
  for (const { name } of LESSONS) expect(index).toContain(`(${name.replace("lessons/", "")})`);
});
