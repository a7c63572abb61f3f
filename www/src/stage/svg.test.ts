import { expect, test } from "vitest";
import { PALETTE, SCENE } from "./fixture";
import type { Mark } from "./marks";
import { marksOfScene } from "./scene";
import { svgFromMarks, svgFromScene } from "./svg";

const SIZE = { width: 100, height: 50, palette: PALETTE, title: "test" };
const DOTS: Mark = {
  kind: "dots",
  at: Float32Array.of(1, 2, 3.149, 4),
  radius: 2,
  hollow: false,
  role: "data",
  opacity: 0.5,
};

/** Throws unless every element is closed in its order and every attribute quoted. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, closing, name = "", rest = ""] of xml.matchAll(/<(\/?)([a-z]+)([^<>]*)>/gi)) {
    if (closing === "/") {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    if (!/^(\s+[a-zA-Z:-]+="[^"<]*")*\s*\/?$/.test(rest)) throw new Error(`<${name}${rest}>`);
    seen.push(name);
    if (!rest.endsWith("/")) open.push(name);
  }
  if (open.length > 0) throw new Error(`${open} left open`);
  return seen;
}

test("the stack parser sees what is wrong", () => {
  expect(() => elementsOf("<a><b></a></b>")).toThrow();
  expect(() => elementsOf("<a x=1/>")).toThrow();
});

test.each([320, 600, 1600])("a scene %i pixels wide is well-formed, and says nothing that is not a number", (width) => {
  for (const t of [0, 0.3, 1]) {
    const svg = svgFromScene({ ...SCENE, t }, width);
    elementsOf(svg);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|null|-0[^.]/);
    expect(svg).not.toMatch(/script|href|url\((?!#)|style=|onload/);
    expect(svg.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
  }
});

test("there are as many dots as in the marks, and a group for each layer in the order of painting", () => {
  const layers = marksOfScene(SCENE, 600);
  const svg = svgFromScene(SCENE, 600);
  const numDots = layers
    .flatMap(({ marks }) => marks)
    .reduce((n, mark) => n + (mark.kind === "dots" ? mark.at.length / 2 : 0), 0);
  expect(elementsOf(svg).filter((name) => name === "circle").length).toBe(numDots);
  expect([...svg.matchAll(/data-layer="(\w+)"/g)].map(([, name]) => name)).toEqual(layers.map(({ name }) => name));
});

test("numbers are rounded to a tenth of a pixel, text is escaped, and nothing is behind unless asked for", () => {
  const layers = [{ name: "data", marks: [DOTS] }] as const;
  const svg = svgFromMarks(layers, { ...SIZE, title: `<a href="x"> & 'b'` });
  elementsOf(svg);
  expect(svg).toContain('cx="3.1" cy="4"');
  expect(svg).toContain("<title>&#60;a href=&#34;x&#34;&#62; &#38; 'b'</title>");
  expect(svg).not.toContain("<rect");
  expect(svgFromMarks(layers, { ...SIZE, background: "white" })).toContain(
    '<rect width="100%" height="100%" fill="white"/>',
  );
});

test("neighboring cells of one color are one rectangle, empty ones none", () => {
  const cells: Mark = {
    ...{ kind: "cells", x: 0, y: 0, width: 40, height: 20, columns: 4, rows: 2, smooth: true },
    values: Float32Array.of(0, 0, 0, 1, Number.NaN, Number.NaN, 1, 0),
    role: "glyph",
    opacity: 1,
  };
  const svg = svgFromMarks([{ name: "glyphs", marks: [cells] }], SIZE);
  expect(elementsOf(svg).filter((name) => name === "rect").length).toBe(4);
  expect(svg).toContain('x="0" y="0" width="30" height="10"');
});

// To renew after a change that is meant: vitest run -u, and look at the picture.
test.each([
  ["span", 600],
  ["square", 320],
] as const)("the %s is drawn as before", async (kind, width) => {
  await expect(svgFromScene(SCENE, width)).toMatchFileSnapshot(`golden/${kind}.svg`);
});
