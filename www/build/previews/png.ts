// SVG to PNG without a browser, the same on every machine: its letters are KaTeX's, which the site has anyway.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type UPNG from "@pdf-lib/upng";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const require = createRequire(import.meta.url);
const { resolve } = require;
// Its modules are of the old kind, which every loader takes for something else.
const { encode } = (require("@pdf-lib/upng") as { default: typeof UPNG }).default;
const FONTS = ["SansSerif-Regular", "SansSerif-Bold", "Main-Regular", "Main-Bold"].map(
  (name) => new Uint8Array(readFileSync(join(dirname(resolve("katex")), `fonts/KaTeX_${name}.ttf`))),
);
/** Few enough that a file is 70 kB instead of 250, and more than anyone sees. */
const NUM_COLORS = 128;
/** Of all that decides a file beside its SVG. */
const VERSION = "resvg-wasm 2.6.2, upng 1.0.1, 128 colors";

let ready: Promise<void> | undefined;

/** From the folder, if it was made before: drawing one takes half a second. */
export async function keptPngFrom(svg: string, folder: string): Promise<Uint8Array> {
  const path = join(folder, `${createHash("sha256").update(VERSION).update(svg).digest("hex")}.png`);
  if (existsSync(path)) return readFileSync(path);
  const png = await pngFrom(svg);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, png);
  return png;
}

export async function pngFrom(svg: string): Promise<Uint8Array> {
  ready ??= initWasm(readFileSync(resolve("@resvg/resvg-wasm/index_bg.wasm")));
  await ready;
  // The fonts have the dot of a product alone.
  const spelled = svg.replaceAll("·", "⋅");
  const drawing = new Resvg(spelled, { font: { fontBuffers: FONTS, defaultFontFamily: "KaTeX_Main" } });
  const { width, height, pixels } = drawing.render();
  return new Uint8Array(encode([Uint8Array.from(pixels).buffer], width, height, NUM_COLORS));
}
