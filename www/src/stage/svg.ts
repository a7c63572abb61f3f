// Draws marks as SVG: a text without scripts or references, for print and for comparison.

import { msg, num } from "../language";
import { escaped } from "../markup";
import { HOLLOW_DOT_PX, OUTLINE_PX } from "./canvas";
import { bytesOf } from "./color";
import type { NamedMarks } from "./layers";
import { arrowhead, colorOf, type Mark, type OfKind, type Palette, type Rectangle, rampIndex } from "./marks";
import { heightFor } from "./projection";
import { marksOfScene, type Scene } from "./scene";
import { cornersOf } from "./shapes";

export interface SvgOptions {
  width: number;
  height: number;
  palette: Palette;
  title: string;
  /** a color; without one what lies under the picture shows through */
  background?: string;
}

export function svgFromScene(scene: Scene, width: number, background?: string): string {
  const title = msg(`Flow at t = ${num(scene.t.toFixed(2))}`);
  const { palette } = scene;
  return svgFromMarks(marksOfScene(scene, width), {
    width,
    height: heightFor(width),
    palette,
    title,
    ...(background && { background }),
  });
}

/** One group a layer, in the order in which they are painted. */
export function svgFromMarks(
  layers: readonly NamedMarks[],
  { width, height, palette, title, background }: SvgOptions,
): string {
  const groups = layers.map(({ name, marks }) => {
    const drawn = marks.map((mark) => clipped(mark, svgFromMark(mark, palette)));
    return `<g data-layer="${escaped(name)}">\n${drawn.join("\n")}\n</g>\n`;
  });
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const behind = background === undefined ? "" : `<rect width="100%" height="100%" fill="${escaped(background)}"/>\n`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<title>${escaped(title)}</title>\n${clipPaths(layers)}${behind}${groups.join("")}</svg>\n`;
}

/** Named after its place and size: where two pictures share a page, what is of one name is of one shape. */
function clipId(clip: Rectangle): string {
  return `clip-${[clip.x, clip.y, clip.width, clip.height].map(px).join("-")}`;
}

function clipped({ clip }: Mark, drawn: string): string {
  return clip === undefined ? drawn : `<g clip-path="url(#${clipId(clip)})">${drawn}</g>`;
}

function clipPaths(layers: readonly NamedMarks[]): string {
  const clips = layers.flatMap(({ marks }) => marks.flatMap(({ clip }) => clip ?? []));
  const byId = new Map(clips.map((clip) => [clipId(clip), clip]));
  return [...byId].map(([id, clip]) => `<clipPath id="${id}">${rectangle(clip)}</clipPath>\n`).join("");
}

function svgFromMark(mark: Mark, palette: Palette): string {
  const color = colorOf(mark, palette);
  switch (mark.kind) {
    case "dots":
      return group(mark.hollow ? outline(color, HOLLOW_DOT_PX) : filled(color), mark, dots(mark));
    case "diamonds":
      return group(filled(color), mark, path(diamonds(mark)));
    case "lines": {
      const dash = mark.dash.length === 0 ? "" : ` stroke-dasharray="${mark.dash.join(" ")}"`;
      return group(`${outline(color, mark.width)} stroke-linejoin="round"${dash}`, mark, path(lines(mark)));
    }
    case "arrows":
      return group(`${outline(color, mark.width)} stroke-linejoin="round"`, mark, arrows(mark, color));
    case "area": {
      const rings = mark.rings.map((ring) => `${line(ring)}Z`).join("");
      return group(
        mark.hollow ? outline(color, OUTLINE_PX) : `${filled(color)} fill-rule="evenodd"`,
        mark,
        path(rings),
      );
    }
    case "cells":
      return group(`shape-rendering="crispEdges"`, mark, cells(mark, palette.ramps[mark.role]));
    case "rectangle":
      return group(outline(color, 1), mark, rectangle(mark));
    case "text":
      return group(filled(color), mark, text(mark));
  }
}

/** Opacity is each shape's own, as on a canvas: where dots overlap they add up. */
function group(style: string, { opacity }: Mark, shapes: string): string {
  return `<g ${style} fill-opacity="${rounded(opacity, 3)}" stroke-opacity="${rounded(opacity, 3)}">${shapes}</g>`;
}

function filled(color: string): string {
  return `fill="${color}"`;
}

function outline(color: string, width: number): string {
  return `fill="none" stroke="${color}" stroke-width="${width}"`;
}

function path(d: string): string {
  return `<path d="${d}"/>`;
}

function dots(mark: OfKind<"dots">): string {
  const corners = cornersOf(mark.shape);
  if (corners.length === 0) return circles(mark);
  const { radius } = mark;
  const shapes = pairs(mark.at).map(
    ([x, y]) => `M${corners.map(([dx, dy]) => `${px(x + radius * dx)} ${px(y + radius * dy)}`).join("L")}Z`,
  );
  return path(shapes.join(""));
}

function circles({ at, radius }: OfKind<"dots">): string {
  return pairs(at)
    .map(([x, y]) => `<circle cx="${px(x)}" cy="${px(y)}" r="${rounded(radius, 2)}"/>`)
    .join("");
}

function diamonds({ at, radius }: OfKind<"diamonds">): string {
  const [across, up] = [px(radius), px(-radius)];
  return pairs(at)
    .map(([x, y]) => `M${px(x - radius)} ${px(y)}l${across} ${up} ${across} ${across} ${up} ${across}Z`)
    .join("");
}

function lines({ vertices, numVertices }: OfKind<"lines">): string {
  const numLines = vertices.length / (2 * numVertices);
  return Array.from({ length: numLines }, (_, i) =>
    line(vertices.subarray(2 * i * numVertices, 2 * (i + 1) * numVertices)),
  ).join("");
}

function line(vertices: Float32Array): string {
  return pairs(vertices)
    .map(([x, y], i) => `${i === 0 ? "M" : "L"}${px(x)} ${px(y)}`)
    .join("");
}

/** All shafts, then all heads. */
function arrows({ vectors, head }: OfKind<"arrows">, color: string): string {
  let shafts = "";
  let heads = "";
  const at = ([x, y]: readonly [number, number]) => `${px(x)} ${px(y)}`;
  for (let i = 0; i + 3 < vectors.length; i += 4) {
    const from = [vectors[i] ?? 0, vectors[i + 1] ?? 0] as const;
    const { neck, left, right, tip } = arrowhead(from, vectors[i + 2] ?? 0, vectors[i + 3] ?? 0, head);
    shafts += `M${at(from)}L${at(neck)}`;
    heads += `M${at(left)}L${at(tip)}L${at(right)}Z`;
  }
  return `${path(shafts)}<path fill="${color}" d="${heads}"/>`;
}

/** Neighbors of one color in a row become one rectangle. */
function cells({ columns, rows, values, colored, ...square }: OfKind<"cells">, ramp: readonly string[]): string {
  const [width, height] = [square.width / columns, square.height / rows];
  let runs = "";
  for (let row = 0; row < rows; row++) {
    for (let start = 0, stop = 0; start < columns; start = stop) {
      const fill = (column: number) => {
        const at = row * columns + column;
        if (colored) return lightAt(values.subarray(3 * at, 3 * at + 3));
        return ramp[rampIndex(ramp, values[at] ?? Number.NaN)] ?? "";
      };
      const color = fill(start);
      for (stop = start + 1; stop < columns && fill(stop) === color; ) stop++;
      if (color === "") continue;
      const box = { x: square.x + start * width, y: square.y + row * height, width: (stop - start) * width, height };
      runs += rectangle(box, `${filled(color)} `);
    }
  }
  return runs;
}

/** Nothing where there is none. */
function lightAt(light: Float32Array): string {
  return Number.isNaN(light[0]) ? "" : `rgb(${bytesOf(light).join(", ")})`;
}

/** Its edges are rounded, not its size: neighbors share theirs. */
function rectangle({ x, y, width, height }: Rectangle, style = ""): string {
  const [left, top] = [px(x), px(y)];
  const size = `width="${px(Number(px(x + width)) - Number(left))}" height="${px(Number(px(y + height)) - Number(top))}"`;
  return `<rect ${style}x="${left}" y="${top}" ${size}/>`;
}

const ANCHOR = { left: "start", center: "middle", right: "end" } as const;

function text({ x, y, text, align, size }: OfKind<"text">): string {
  const font = `font-family="system-ui, sans-serif" font-size="${size}" text-anchor="${ANCHOR[align]}"`;
  return `<text x="${px(x)}" y="${px(y)}" ${font}>${escaped(text)}</text>`;
}

function pairs(flat: Float32Array): [number, number][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);
}

function px(pixels: number): string {
  return rounded(pixels, 1);
}

function rounded(value: number, numDigits: number): string {
  const power = 10 ** numDigits;
  return String(Math.round(value * power) / power + 0);
}
