// One panel's picture: canvases on top of each other, so that only what has changed is drawn again.
import { drawMarks, sized } from "./canvas";
import { Cloud, isCloud } from "./cloud";
import { hitTest } from "./hit";
import {
  backdropLayers,
  type LayerName,
  marksOf,
  movingLayers,
  type NamedLayer,
  type NamedMarks,
  stillLayers,
} from "./layers";
import { type Frame, visibilityAt } from "./layers/layer";
import { type Projection, squareAt } from "./projection";
import { frameOf, type Scene } from "./scene";

export { heightFor } from "./projection";
export type { Scene } from "./scene";

const INPUTS = ["dim", "center", "scale", "camera", "layers", "options", "palette"] as const;
const STILL_PICTURES = ["data", "noise", "paths", "density", "decoder"] as const;
const MOVING_PICTURES = ["generated", "field", "lattice", "inspection", "pictures", "decoder", "ghost"] as const;
/** How far outside a square the pointer is still on it. */
const POINTER_MARGIN_PX = 8;

interface StageSheet {
  canvas: HTMLCanvasElement;
  drawn: NamedMarks[];
}

function newSheet(): StageSheet {
  return { canvas: document.createElement("canvas"), drawn: [] };
}

export class Stage {
  readonly element = document.createElement("div");
  readonly #backdrop = newSheet();
  readonly #still = newSheet();
  readonly #cloud = new Cloud();
  readonly #moving = newSheet();
  #width = 0;
  #height = 0;
  #shown: Scene | undefined;
  #projection: Projection | undefined;
  /** how far each end has faded in what is painted */
  #fading = "";

  /** `onResize` is called when the size has changed and the scene must be drawn again. */
  constructor(onResize: () => void) {
    this.element.className = "stage";
    this.element.append(this.#backdrop.canvas, this.#still.canvas, this.#cloud.canvas, this.#moving.canvas);
    new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      const height = Math.round(entry?.contentRect.height ?? 0);
      if (width === this.#width && height === this.#height) return;
      this.#width = width;
      this.#height = height;
      this.#shown = undefined;
      onResize();
    }).observe(this.element);
  }

  /** Draws what has changed since the last scene. False if there is no room to draw in yet. */
  draw(scene: Scene): boolean {
    if (this.#width === 0 || this.#height === 0) return false;
    const before = this.#shown;
    const frame = frameOf(scene, this.#width, this.#height);
    const replaced = before === undefined || INPUTS.some((input) => before[input] !== scene[input]);
    const moved = before?.t !== scene.t;
    const changed = (parts: readonly (keyof Scene["picture"])[]) =>
      replaced || parts.some((part) => before.picture[part] !== scene.picture[part]);
    const times = [0, 1, ...(scene.picture.times ?? [])];
    const fading = times.map((time) => visibilityAt(time, frame)).join(" ");
    if (changed(STILL_PICTURES) || fading !== this.#fading) {
      this.#fading = fading;
      this.#paint(this.#still, stillLayers(scene.layers), scene, frame);
    }
    if (moved || changed(["field"])) this.#paint(this.#backdrop, backdropLayers(scene.layers), scene, frame);
    if (moved || changed(MOVING_PICTURES)) this.#paint(this.#moving, movingLayers(scene.layers), scene, frame);
    this.#shown = scene;
    this.#projection = frame.projection;
    return true;
  }

  /** The data coordinates under the pointer at time t; null outside the square that shows t. */
  pointAt(clientX: number, clientY: number, t: number): { x: number; y: number } | null {
    if (this.#projection === undefined) return null;
    const { x, y } = this.#pixelAt(clientX, clientY);
    const square = squareAt(this.#projection, t);
    const isOff = (beyond: number, side: number) => beyond < -POINTER_MARGIN_PX || beyond > side + POINTER_MARGIN_PX;
    return isOff(x - square.x, square.width) || isOff(y - square.y, square.height)
      ? null
      : this.#projection.dataFromScreen(x, y, t);
  }

  /** Draws all of it again, whatever was drawn before. */
  forget(): void {
    this.#shown = undefined;
  }

  /** How much a pixel of the pointer's way shows, in the models' units; 0 while nothing is shown. */
  unitsPerPixel(): number {
    if (this.#projection === undefined || this.#shown === undefined) return 0;
    const { box, side } = this.#projection;
    const drawnPerShown = this.#width / (this.element.getBoundingClientRect().width || this.#width);
    return ((box.y[1] - box.y[0]) / (this.#shown.scale[1] ?? 1) / side) * drawnPerShown;
  }

  /** What lies under the pointer, topmost first. */
  whatIsAt(clientX: number, clientY: number): LayerName | "axis" | null {
    const { x, y } = this.#pixelAt(clientX, clientY);
    return hitTest([...this.#backdrop.drawn, ...this.#still.drawn, ...this.#moving.drawn], x, y);
  }

  /** What is drawn, and at which width. */
  shown(): { scene: Scene; width: number } | null {
    return this.#shown === undefined ? null : { scene: this.#shown, width: this.#width };
  }

  /** The page around may show it larger or smaller than it is drawn, as slides do. */
  #pixelAt(clientX: number, clientY: number): { x: number; y: number } {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const along = (distance: number, shown: number, drawn: number) =>
      shown > 0 ? (distance * drawn) / shown : distance;
    return { x: along(clientX - left, width, this.#width), y: along(clientY - top, height, this.#height) };
  }

  #paint(sheet: StageSheet, layers: NamedLayer[], { palette }: Scene, frame: Frame): void {
    sheet.drawn = marksOf(layers, frame);
    const marks = sheet.drawn.flatMap((layer) => layer.marks);
    // An empty canvas costs as much to show as a full one.
    sheet.canvas.style.display = marks.length === 0 ? "none" : "block";
    if (marks.length === 0) return;
    const context = sized(sheet.canvas, this.#width, this.#height);
    if (context === null) return;
    drawMarks(
      context,
      marks.filter((mark) => !isCloud(mark)),
      palette,
    );
    if (sheet === this.#moving) this.#cloud.draw(marks.find(isCloud), palette, squareAt(frame.projection, frame.t));
  }
}
