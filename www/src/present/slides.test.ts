import { expect, test } from "vitest";
import { linkTo } from "../link/address";
import { writeLink } from "../link/link";
import { defaultShared, type Shared } from "../state/shared";
import { slidesIn, withLine, withLines } from "./slides";

const PAGE = "https://example.org/flows/";

function shared(seed: number): Shared {
  const { setup, ...rest } = defaultShared();
  return { ...rest, setup: { ...setup, seed } };
}

/** Of states that differ from what nobody chose: those have a fragment. */
const SEEDS = [1, 2, 3, 4, 5];

test("every link comes back as the state that it was made of, with its title, in order", () => {
  let text = "";
  for (const seed of SEEDS)
    text = withLine(text, linkTo(shared(seed), PAGE) ?? "", seed % 2 ? `No. ${seed}: a title` : "");
  const { slides, skipped } = slidesIn(text, PAGE);
  expect(skipped).toEqual([]);
  expect(slides.map(({ shared }) => writeLink(shared))).toEqual(SEEDS.map((seed) => writeLink(shared(seed))));
  expect(slides.map(({ title }) => title)).toEqual(["No. 1: a title", "", "No. 3: a title", "", "No. 5: a title"]);
});

test("the page's own bare address is what it opens with", () => {
  expect(linkTo(defaultShared(), PAGE)).toBe(PAGE);
  expect(slidesIn(`${PAGE} The first view`, PAGE).slides).toEqual([
    { title: "The first view", shared: defaultShared() },
  ]);
});

test.each([
  (link: string) => `Rings — ${link}`,
  (link: string) => `${link} | Rings`,
  (link: string) => `  ${link}\tRings  `,
  (link: string) => `#${link.split("#")[1]} Rings`,
  (link: string) => `Rings: ${link.replace(PAGE, "https://other.example/a/b.html")}`,
])("a title stands before or behind, and the link may be of another copy of the site (%#)", (write) => {
  const { slides } = slidesIn(write(linkTo(shared(9), PAGE) ?? ""), PAGE);
  expect(slides).toEqual([{ title: "Rings", shared: shared(9) }]);
});

test("a bad line is named in one sentence and skipped, and the others stay", () => {
  const good = linkTo(shared(3), PAGE) ?? "";
  const bad = [
    "just words",
    "https://example.org/",
    "#data=rings",
    `${PAGE}#data=cubes&v=1`,
    "https://%%%#a=b",
    `${PAGE}#top`,
  ];
  const { slides, skipped } = slidesIn([good, "", ...bad, good].join("\r\n"), PAGE);
  expect(slides).toHaveLength(2);
  expect(skipped.map((one) => Number(/^Line (\d+) is skipped: /.exec(one)?.[1]))).toEqual([3, 4, 5, 6, 7, 8]);
  for (const one of skipped) {
    expect(one).toMatch(/^[^.]*(?:\.\w[^.]*)*\.$/);
    expect(one).not.toMatch(/undefined|null|NaN/);
  }
  expect(skipped[0]).toBe("Line 3 is skipped: “just words” holds no link.");
  expect(skipped[2]).toMatch(/cut off/);
  expect(skipped[3]).toMatch(/cubes/);
});

test("nothing is lost where something is added: every line stays as it was", () => {
  const before = "a bad line\n\n#data=rings&v=1 Rings";
  expect(withLines(before, "\nmore\nof it\n")).toBe(`${before}\nmore\nof it`);
  expect(withLines("", "one")).toBe("one");
  expect(withLines(before, "")).toBe(before);
});
