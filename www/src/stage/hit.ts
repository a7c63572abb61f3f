// Which mark lies under the pointer.
import type { Mark, OfKind, Rectangle } from "./marks";

/** How near, in pixels, is on it. */
const DOT_PX = 6;
const ARROW_PX = 5;
const LINE_PX = 4;
/** Width of a letter, of the text's size. */
const LETTER = 0.6;

/** The name of the topmost group with a mark at a pixel; groups stand in the order in which they were painted. */
export function hitTest<Name extends string>(
  groups: readonly { name: Name; marks: readonly Mark[] }[],
  x: number,
  y: number,
): Name | null {
  return groups.findLast(({ marks }) => marks.some((mark) => isOn(mark, x, y)))?.name ?? null;
}

function isOn(mark: Mark, x: number, y: number): boolean {
  if (mark.clip !== undefined && !isInside(mark.clip, x, y)) return false;
  switch (mark.kind) {
    case "dots":
    case "diamonds":
      return isNearPoint(mark.at, x, y);
    case "lines":
      return isNearLines(mark.vertices, mark.numVertices, x, y);
    case "arrows":
      return isNearArrow(mark.vectors, x, y);
    case "area":
      if (!mark.hollow) return isInsideRings(mark.rings, x, y);
      return mark.rings.some((ring) => isNearLines(ring, ring.length / 2, x, y));
    case "cells":
      return isOnCell(mark, x, y);
    case "rectangle":
      return isInside(grown(mark, LINE_PX), x, y) && !isInside(grown(mark, -LINE_PX), x, y);
    case "text":
      return isInside(boxOfText(mark), x, y);
  }
}

function isInside({ x: left, y: top, width, height }: Rectangle, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

function grown({ x, y, width, height }: Rectangle, by: number): Rectangle {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function boxOfText({ x, y, text, align, size }: OfKind<"text">): Rectangle {
  const width = LETTER * size * text.length;
  const before = { left: 0, center: width / 2, right: width }[align];
  return { x: x - before, y: y - size, width, height: 1.2 * size };
}

function isNearPoint(at: Float32Array, x: number, y: number): boolean {
  for (let i = 0; i + 1 < at.length; i += 2) {
    const dx = (at[i] ?? 0) - x;
    const dy = (at[i + 1] ?? 0) - y;
    if (dx * dx + dy * dy <= DOT_PX * DOT_PX) return true;
  }
  return false;
}

/** Line after line, `numVertices` each. */
function isNearLines(vertices: Float32Array, numVertices: number, x: number, y: number): boolean {
  for (let i = 0; i + 3 < vertices.length; i += 2) {
    if ((i / 2 + 1) % numVertices === 0) continue;
    const fromX = vertices[i] ?? 0;
    const fromY = vertices[i + 1] ?? 0;
    const dx = (vertices[i + 2] ?? 0) - fromX;
    const dy = (vertices[i + 3] ?? 0) - fromY;
    if (distanceToSegment(x - fromX, y - fromY, dx, dy) <= LINE_PX) return true;
  }
  return false;
}

function isNearArrow(vectors: Float32Array, x: number, y: number): boolean {
  for (let i = 0; i + 3 < vectors.length; i += 4) {
    const [fromX, fromY] = [vectors[i] ?? 0, vectors[i + 1] ?? 0];
    if (distanceToSegment(x - fromX, y - fromY, vectors[i + 2] ?? 0, vectors[i + 3] ?? 0) <= ARROW_PX) return true;
  }
  return false;
}

/** From (x, y) to the segment between the origin and (dx, dy). */
function distanceToSegment(x: number, y: number, dx: number, dy: number): number {
  const along = (x * dx + y * dy) / (dx * dx + dy * dy || 1);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - part * dx, y - part * dy);
}

/** Even-odd: how often a ray to the right crosses the rings. */
function isInsideRings(rings: readonly Float32Array[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, before = ring.length - 2; i + 1 < ring.length; before = i, i += 2) {
      const y0 = ring[before + 1] ?? 0;
      const y1 = ring[i + 1] ?? 0;
      if (y0 > y === y1 > y) continue;
      const x0 = ring[before] ?? 0;
      const crossing = x0 + (((ring[i] ?? 0) - x0) * (y - y0)) / (y1 - y0);
      if (x < crossing) inside = !inside;
    }
  }
  return inside;
}

function isOnCell({ columns, rows, values, colored, ...rectangle }: OfKind<"cells">, x: number, y: number): boolean {
  if (!isInside(rectangle, x, y)) return false;
  const column = Math.min(columns - 1, Math.floor(((x - rectangle.x) / rectangle.width) * columns));
  const row = Math.min(rows - 1, Math.floor(((y - rectangle.y) / rectangle.height) * rows));
  return !Number.isNaN(values[(row * columns + column) * (colored ? 3 : 1)]);
}
