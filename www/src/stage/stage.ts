// One panel's picture: two canvases, one for what stays while t moves and one for what moves.
import { drawMarks } from "./canvas";
import type { Picture } from "./frame";
import { type LayerSwitches, movingLayers, stillLayers } from "./layers";
import type { Frame, Layer } from "./layers/layer";
import type { Palette } from "./marks";
import { heightFor, project } from "./projection";
import { viewBox } from "./view";

export interface Scene {
  picture: Picture;
  /** where the data's own units were centered, and scaled by */
  center: readonly number[];
  scale: readonly number[];
  layers: LayerSwitches;
  palette: Palette;
  t: number;
}

const STILL_INPUTS = ["center", "scale", "layers", "palette"] as const;
const STILL_PICTURES = ["data", "noise", "paths", "density"] as const;

export class Stage {
  readonly element = document.createElement("div");
  readonly #still = document.createElement("canvas");
  readonly #moving = document.createElement("canvas");
  #width = 0;
  #shown: Scene | undefined;

  /** `onResize` is called when the size has changed and the scene must be drawn again. */
  constructor(onResize: () => void) {
    this.element.className = "stage";
    this.element.append(this.#still, this.#moving);
    new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      if (width === this.#width) return;
      this.#width = width;
      this.#shown = undefined;
      onResize();
    }).observe(this.element);
  }

  /** Draws what has changed since the last scene. False if there is no room to draw in yet. */
  draw(scene: Scene): boolean {
    if (this.#width === 0) return false;
    const before = this.#shown;
    const projection = project(this.#width, viewBox(scene.center, scene.scale));
    const frame: Frame = { picture: scene.picture, t: scene.t, projection };
    const replaced = before === undefined || STILL_INPUTS.some((input) => before[input] !== scene[input]);
    const moved = before?.t !== scene.t;
    const stillChanged = replaced || STILL_PICTURES.some((part) => before.picture[part] !== scene.picture[part]);
    if (stillChanged || (moved && projection.kind === "square")) {
      this.#paint(this.#still, stillLayers(scene.layers), scene, frame);
    }
    if (replaced || moved || before.picture.generated !== scene.picture.generated) {
      this.#paint(this.#moving, movingLayers(scene.layers), scene, frame);
    }
    this.#shown = scene;
    return true;
  }

  #paint(canvas: HTMLCanvasElement, layers: Layer[], { palette }: Scene, frame: Frame): void {
    const context = sized(canvas, this.#width, heightFor(this.#width));
    if (context === null) return;
    for (const layer of layers) drawMarks(context, layer(frame), palette);
  }
}

/** The canvas at this size in CSS pixels, cleared, at the screen's resolution. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const pixelRatio = Math.min(devicePixelRatio, 2);
  const deviceWidth = Math.round(width * pixelRatio);
  const deviceHeight = Math.round(height * pixelRatio);
  if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
    canvas.width = deviceWidth;
    canvas.height = deviceHeight;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context?.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}
