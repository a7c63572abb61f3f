import { expect, test } from "vitest";
import { defaultShared, embeddedShared, type Shared } from "../state/shared";
import { POINTS } from "./late-points";
import { readAttributes, readLink } from "./link";
import { elementSnippet, frameSnippet } from "./snippets";

await POINTS.load();

const PLACING = { site: "https://example.org/flow/", height: 640, autoplay: false };
const SHARED: Shared = {
  ...defaultShared(),
  setup: { ...defaultShared().setup, data: "points", seed: 11 },
  user: { name: 'a "b" & <c>', points: Float64Array.from({ length: 40 }, (_, i) => i * i - 3), columns: ["x", "y"] },
  hidden: ["evidence"],
  theme: "dark",
};

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

function attributesOf(snippet: string): Map<string, string> {
  const [, tag = ""] = /<flow-playground ([^>]*)>/.exec(snippet) ?? [];
  const pairs = [...tag.matchAll(/([a-z-]+)="([^"]*)"/g)].map(
    ([, key = "", text = ""]) => [key, unescaped(text)] as const,
  );
  return new Map(pairs.filter(([key]) => key !== "style"));
}

test("an element's attributes say all of it", () => {
  const snippet = elementSnippet(SHARED, PLACING);
  expect(snippet).toContain('src="https://example.org/flow/flow-playground-element.js"');
  expect(readAttributes(attributesOf(snippet), embeddedShared())).toEqual({ kind: "shared", shared: SHARED });
  expect(elementSnippet(embeddedShared(), { ...PLACING, autoplay: true })).toContain(
    "<flow-playground autoplay style=",
  );
});

test("and so does a frame's address", () => {
  const [, src = ""] = /src="([^"]*)"/.exec(frameSnippet(SHARED, PLACING)) ?? [];
  const { hash, pathname } = new URL(unescaped(src));
  expect(pathname).toBe("/flow/embed.html");
  expect(readLink(hash, embeddedShared())).toEqual({ kind: "shared", shared: SHARED });
});

test("what an element can't use is refused in its own name", () => {
  expect(readAttributes(new Map([["seed", "-1"]]), embeddedShared())).toEqual({
    kind: "refused",
    reason: "This element's seed is “-1”, and must be a whole number from 0 to 4294967295.",
  });
});
