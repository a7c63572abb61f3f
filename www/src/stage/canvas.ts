// Draws marks on a canvas.
import { bytesOf, packed, packedBytes } from "./color";
import { arrowhead, colorOf, type Mark, type OfKind, type Palette, rampIndex } from "./marks";
import { cornersOf } from "./shapes";

type Context = CanvasRenderingContext2D;

export const OUTLINE_PX = 0.6;
export const HOLLOW_DOT_PX = 0.9;

export function drawMarks(context: Context, marks: readonly Mark[], palette: Palette): void {
  for (const mark of marks) {
    context.save();
    if (mark.clip !== undefined) {
      context.beginPath();
      context.rect(mark.clip.x, mark.clip.y, mark.clip.width, mark.clip.height);
      context.clip();
    }
    context.globalAlpha = mark.opacity;
    context.fillStyle = context.strokeStyle = colorOf(mark, palette);
    drawMark(context, mark, palette);
    context.restore();
  }
}

function drawMark(context: Context, mark: Mark, palette: Palette): void {
  switch (mark.kind) {
    case "dots":
      drawDots(context, mark);
      break;
    case "diamonds":
      drawDiamonds(context, mark);
      break;
    case "lines":
      drawLines(context, mark);
      break;
    case "arrows":
      drawArrows(context, mark);
      break;
    case "area":
      drawArea(context, mark);
      break;
    case "cells":
      drawCells(context, mark, palette.ramps[mark.role]);
      break;
    case "rectangle":
      context.lineWidth = 1;
      context.strokeRect(mark.x, mark.y, mark.width, mark.height);
      break;
    case "text":
      context.font = `${mark.size}px system-ui, sans-serif`;
      context.textAlign = mark.align;
      context.fillText(mark.text, mark.x, mark.y);
      break;
  }
}

/**
 * Dots to a path. Measured on 1,600 dots a frame without a GPU (ms of the main thread): a stamp drawn for each 5.4, one
 * path for all 1.5, paths of 50 0.9.
 */
const DOTS_A_PATH = 50;

function drawDots(context: Context, { at, radius, hollow, shape }: OfKind<"dots">): void {
  const corners = cornersOf(shape);
  context.lineWidth = HOLLOW_DOT_PX;
  for (let start = 0; start < at.length; start += 2 * DOTS_A_PATH) {
    const stop = Math.min(at.length, start + 2 * DOTS_A_PATH);
    context.beginPath();
    for (let i = start; i + 1 < stop; i += 2) {
      const x = at[i] ?? 0;
      const y = at[i + 1] ?? 0;
      if (corners.length === 0) {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      } else {
        for (const [k, [dx, dy]] of corners.entries()) {
          context[k === 0 ? "moveTo" : "lineTo"](x + radius * dx, y + radius * dy);
        }
        context.closePath();
      }
    }
    if (hollow) context.stroke();
    else context.fill();
  }
}

function drawDiamonds(context: Context, { at, radius }: OfKind<"diamonds">): void {
  context.beginPath();
  for (let i = 0; i + 1 < at.length; i += 2) {
    const x = at[i] ?? 0;
    const y = at[i + 1] ?? 0;
    context.moveTo(x - radius, y);
    context.lineTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.closePath();
  }
  context.fill();
}

function drawLines(context: Context, { vertices, numVertices, width, dash }: OfKind<"lines">): void {
  context.beginPath();
  for (let i = 0; i + 1 < vertices.length; i += 2) {
    const x = vertices[i] ?? 0;
    const y = vertices[i + 1] ?? 0;
    if ((i / 2) % numVertices === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash([...dash]);
  context.stroke();
}

/** All shafts, then all heads; these have an outline too, so that a wider arrow surrounds a narrower one. */
function drawArrows(context: Context, { vectors, width, head }: OfKind<"arrows">): void {
  const heads = new Path2D();
  context.beginPath();
  for (let i = 0; i + 3 < vectors.length; i += 4) {
    const from = [vectors[i] ?? 0, vectors[i + 1] ?? 0] as const;
    const { neck, left, right, tip } = arrowhead(from, vectors[i + 2] ?? 0, vectors[i + 3] ?? 0, head);
    context.moveTo(...from);
    context.lineTo(...neck);
    heads.moveTo(...left);
    heads.lineTo(...tip);
    heads.lineTo(...right);
    heads.closePath();
  }
  context.lineWidth = width;
  context.lineJoin = "round";
  context.stroke();
  context.stroke(heads);
  context.fill(heads);
}

function drawArea(context: Context, { rings, hollow }: OfKind<"area">): void {
  context.beginPath();
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      if (i === 0) context.moveTo(ring[0] ?? 0, ring[1] ?? 0);
      else context.lineTo(ring[i] ?? 0, ring[i + 1] ?? 0);
    }
    context.closePath();
  }
  context.lineWidth = OUTLINE_PX;
  if (hollow) context.stroke();
  else context.fill("evenodd");
}

const OPAQUE = 0xff << 24;
const shadesOf = new WeakMap<readonly string[], Uint32Array>();

function packedRamp(ramp: readonly string[]): Uint32Array {
  const shades = shadesOf.get(ramp) ?? Uint32Array.from(ramp, (color) => packed(color) | OPAQUE);
  shadesOf.set(ramp, shades);
  return shades;
}

/** Each cell as the bytes of a pixel; transparent where there is nothing. */
export function packedCells({ values, colored }: Pick<OfKind<"cells">, "values" | "colored">, ramp: readonly string[]) {
  const numbers = colored ? 3 : 1;
  const pixels = new Uint32Array(values.length / numbers);
  const shades = packedRamp(ramp);
  for (let i = 0; i < pixels.length; i++) {
    const value = values[i * numbers] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    pixels[i] = colored
      ? packedBytes(bytesOf(values.subarray(3 * i, 3 * i + 3))) | OPAQUE
      : (shades[rampIndex(ramp, value)] ?? 0);
  }
  return pixels;
}

/** One pixel a cell, then scaled: the browser's smoothing between cells costs next to nothing. */
function drawCells(context: Context, mark: OfKind<"cells">, ramp: readonly string[]): void {
  const { columns, rows } = mark;
  const small = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  new Uint32Array(image.data.buffer).set(packedCells(mark, ramp));
  small.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = mark.smooth;
  context.drawImage(small, mark.x, mark.y, mark.width, mark.height);
}

/** Pixels of the screen to one of the style sheet's, larger by as much as it is zoomed; more than 2 cost more than they show. */
export function pixelRatio({ currentCSSZoom = 1 }: { currentCSSZoom?: number }): number {
  return Math.min(devicePixelRatio * currentCSSZoom, 2);
}

/** The canvas at this size in CSS pixels, cleared, at the screen's resolution. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): Context | null {
  const ratio = pixelRatio(canvas);
  const deviceWidth = Math.round(width * ratio);
  const deviceHeight = Math.round(height * ratio);
  if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
    canvas.width = deviceWidth;
    canvas.height = deviceHeight;
  }
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}
