// A scene on a canvas of its own, at any size, on the paper that it is shown on.
import { msg } from "../language";
import { signed } from "../made-by";
import { drawMarks } from "../stage/canvas";
import { readPalette } from "../stage/palette";
import { heightFor } from "../stage/projection";
import { marksOfScene, type Scene } from "../stage/scene";
import { svgFromScene } from "../stage/svg";

export function svgOf(scene: Scene, width: number): string {
  return signed(svgFromScene(scene, width));
}

/** In the colors of light, whatever it is shown in; `stage` knows them. */
export function svgOnWhite(scene: Scene, width: number, stage: Element): string {
  const place = document.createElement("span");
  place.style.colorScheme = "light";
  stage.append(place);
  try {
    return signed(svgFromScene({ ...scene, palette: readPalette(place) }, width, "white"));
  } finally {
    place.remove();
  }
}

/** Draws a scene, `scale` pixels for each of the screen's, onto a canvas that is made as large as it takes. */
export function drawScene(canvas: HTMLCanvasElement, scene: Scene, width: number, scale: number): void {
  const height = heightFor(width);
  // Film codecs take even numbers only.
  const even = (pixels: number) => 2 * Math.ceil(pixels / 2);
  const size = { width: even(width * scale), height: even(height * scale) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error(msg("This browser gives no canvas to draw on."));
  const { palette } = scene;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = palette.ramps.glyph[0] ?? "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const marks = marksOfScene(scene, width).flatMap((layer) => layer.marks);
  drawMarks(context, marks, palette);
}

export async function pngOf(scene: Scene, width: number, scale: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  drawScene(canvas, scene, width, scale);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error(msg("This browser could not write the picture."));
  return blob;
}
