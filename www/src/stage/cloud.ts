// The canvas of a cloud too large for paths: as large as the square that shows one time, and carried along by it.
import { pixelRatio } from "./canvas";
import { packed } from "./color";
import { colorOf, type Mark, type OfKind, type Palette, type Rectangle } from "./marks";
import { type Bounds, newStamp, type Pixels, type Stamp, splat, union, wipe } from "./splat";

/**
 * Dots from which on splatting them is cheaper than paths. CPU time of the main thread a frame, all of it, in headless
 * Chromium without a GPU, on a stage of 1,100 px (ms splatted / as paths; nothing but the axis takes 1.4 and 3.6):
 *
 *     dots            300       700      1,400     2,000     20,000
 *     1 pixel a px    2.1/2.3   1.7/2.8  2.2/3.9   2.2/4.8   4.2/32
 *     2 pixels a px   5.7/5.5   5.3/6.2  5.4/7.9   5.8/9.7   9.2/46
 */
const LARGE = 500;
/** room for the halves of dots on the square's edge */
const MARGIN_PX = 3;
const NOWHERE: Bounds = { left: Number.POSITIVE_INFINITY, top: Number.POSITIVE_INFINITY, right: 0, bottom: 0 };

export function isCloud(mark: Mark): mark is OfKind<"dots"> {
  return mark.kind === "dots" && isOfSamples(mark) && mark.at.length > 2 * LARGE;
}

/** Data are outlined. */
function isOfSamples({ role, hollow }: OfKind<"dots">): boolean {
  return role === "generated" || role === "ink" || (role === "class" && !hollow);
}

interface Image extends Pixels {
  image: ImageData;
}

export class Cloud {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d");
  #pixels: Image | undefined;
  /** where dots are */
  #bounds = NOWHERE;
  #stamp: { key: string; stamp: Stamp } | undefined;

  constructor() {
    this.canvas.style.display = "none";
  }

  /** Shows these dots, which lie in this square, instead of those before; none hide the canvas. */
  draw(dots: OfKind<"dots"> | undefined, palette: Palette, square: Rectangle): void {
    this.canvas.style.display = dots === undefined ? "none" : "block";
    if (dots === undefined) return;
    const scale = pixelRatio(this.canvas);
    const left = Math.floor((square.x - MARGIN_PX) * scale);
    const top = Math.floor((square.y - MARGIN_PX) * scale);
    const [width, height] = [square.width, square.height].map((length) => Math.ceil((length + 2 * MARGIN_PX) * scale));
    const pixels = this.#sized(width ?? 1, height ?? 1, scale);
    const before = this.#bounds;
    if (before.right > before.left) wipe(pixels, before);
    const placing = { color: packed(colorOf(dots, palette)), scale, left, top };
    this.#bounds = splat(pixels, dots.at, this.#stampOf(dots, scale), placing);
    const dirty = union(before, this.#bounds);
    const [across, down] = [dirty.right - dirty.left, dirty.bottom - dirty.top];
    this.#context?.putImageData(pixels.image, 0, 0, dirty.left, dirty.top, across, down);
    this.canvas.style.transform = `translate(${left / scale}px, ${top / scale}px)`;
  }

  /** An image of this size, the canvas too. */
  #sized(width: number, height: number, scale: number): Image {
    this.canvas.style.width = `${width / scale}px`;
    this.canvas.style.height = `${height / scale}px`;
    if (this.#pixels?.width === width && this.#pixels.height === height) return this.#pixels;
    this.canvas.width = width;
    this.canvas.height = height;
    const image = new ImageData(width, height);
    this.#bounds = NOWHERE;
    this.#pixels = { image, width, height, data: new Uint32Array(image.data.buffer) };
    return this.#pixels;
  }

  #stampOf({ radius, opacity, shape }: OfKind<"dots">, scale: number): Stamp {
    const key = `${radius} ${opacity} ${shape} ${scale}`;
    if (this.#stamp?.key !== key) this.#stamp = { key, stamp: newStamp(radius * scale, opacity, shape) };
    return this.#stamp.stamp;
  }
}
