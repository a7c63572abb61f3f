// The small pictures of the built-in sources, and of the reader's own points.

import { shapeOf } from "../experiment/pictures";
import { projectorOf } from "../experiment/plane";
import { isGiven, OFFERED_DATA, type Setup } from "../experiment/presets";
import { SPACE_NOISE, spaceOf } from "../experiment/spaces";
import type { Engine } from "../library";
import type { Box } from "../stage/frame";
import { drawThumbnail, newThumbnail } from "../stage/thumbnail";
import { viewBox } from "../stage/view";
import type { PanelState } from "../state/state";

const NUM_POINTS = 400;

export class Thumbnails {
  /** `data` and `noise` are the same pictures for the two ends of time. */
  readonly elements: Readonly<Record<"data" | "noise", Record<Setup["data"], SVGSVGElement>>> = {
    data: emptyThumbnails(),
    noise: emptyThumbnails(),
  };

  async drawBuiltIn(engine: Engine): Promise<void> {
    this.#drawBoth("digits", inked(pixelsOf(SOME_DIGITS), 8), INKED_BOX);
    this.#drawBoth("digit-codes", scattered(inked(pixelsOf(SOME_DIGITS), 8)), INKED_BOX);
    for (const kind of OFFERED_DATA) {
      // They are fetched when they are chosen.
      if (isGiven(kind)) continue;
      const points = await engine.samplePoints(kind, NUM_POINTS);
      const space = spaceOf({ data: kind });
      if (space !== null) {
        const { flattened, boxOf } = await import("./space-thumbnails");
        this.#drawBoth(kind, flattened(points, space), boxOf(space));
        continue;
      }
      const dim = points.length / NUM_POINTS;
      const shape = shapeOf(dim);
      if (shape !== null) {
        this.#drawBoth(kind, inked(points, shape.side), INKED_BOX);
        continue;
      }
      const identity = { center: new Array(dim).fill(0), scale: new Array(dim).fill(1) };
      const { planar, center, scale } = projectorOf({ kind: "principal" }, points, identity);
      const shown = dim === 1 ? piled(planar(points), scale) : planar(points);
      this.#drawBoth(kind, shown, viewBox(center, scale));
    }
    const { noiseThumbnails } = await import("./space-thumbnails");
    for (const { kind, points, box } of await noiseThumbnails(engine, NUM_POINTS)) this.#drawBoth(kind, points, box);
  }

  #drawBoth(kind: Setup["data"], shown: Float64Array, box: Box): void {
    for (const end of ["data", "noise"] as const) drawThumbnail(this.elements[end][kind], shown, box);
  }

  /** Of points as a panel shows them, of which one coordinate alone is seen as piles. */
  async drawOwn(points: Float64Array, panel: Pick<PanelState, "center" | "scale" | "dim" | "picture">): Promise<void> {
    const { center, scale, dim, picture } = panel;
    const { space } = picture;
    if (space) {
      const { flattened, boxOf } = await import("./space-thumbnails");
      const shown = flattened(points, space).subarray(0, 2 * NUM_POINTS);
      drawThumbnail(this.elements.data.points, shown, boxOf(space));
      return;
    }
    const stride = Math.max(1, Math.floor(points.length / 2 / NUM_POINTS));
    const some = points.filter((_, i) => Math.floor(i / 2) % stride === 0);
    drawThumbnail(this.elements.data.points, dim === 1 ? piled(some, scale) : some, viewBox(center, scale));
  }
}

/** How high a point of a pile is, and how far the next one lies beside it, in the models' units. */
const PILE = { height: 0.3, step: 0.14, first: -4 } as const;

/** Points (0, x) beside each other where many are alike. */
function piled(points: Float64Array, [, scale = 1]: readonly number[]): Float64Array {
  const piles = new Map<number, number>();
  return points.map((_, i) => {
    const x = points[i | 1] ?? 0;
    const height = PILE.height * scale;
    const pile = Math.floor(x / height);
    if (i % 2 === 1) return (pile + 0.5) * height;
    const before = piles.get(pile) ?? 0;
    piles.set(pile, before + 1);
    return PILE.first + before * PILE.step;
  });
}

/** The first 16 of the real digits, eight rows of eight bits each. */
const SOME_DIGITS =
  "183c262626262c18181c18781818181c0c1c3c0c38703c0e386818180c06263c08181036343c0c08303c3c3c0e060c3c" +
  "18183030383c3e1c3e360c3c38103020383c341c183c263c303c3c2c3c060c381c3c362626243c180c0c1c3c3c0c0c0c" +
  "1038282808083e1e3c3e0c180c040c3c181836767c3c0c183c78707808081830";

/** From hexadecimal digits, 1 for ink. */
function pixelsOf(bits: string): Float64Array {
  return Float64Array.from([...bits].flatMap((four) => [8, 4, 2, 1].map((bit) => Number.parseInt(four, 16) & bit)));
}

/** Pixels across of the pictures in a square of side 1, with one between two. */
const PIXELS_ACROSS = 34;
const INKED_BOX: Box = { x: [0, 1], y: [0, 1] };

/** The inked pixels of the first few pictures, as many as fit into a square. */
function inked(pixels: Float64Array, side: number): Float64Array {
  const across = Math.max(1, Math.round(PIXELS_ACROSS / (side + 1)));
  const cells = across * (side + 1) + 1;
  const points: number[] = [];
  for (let i = 0; i < across ** 2 * side ** 2; i++) {
    const picture = Math.floor(i / side ** 2);
    const column = (picture % across) * (side + 1) + (i % side);
    const row = Math.floor(picture / across) * (side + 1) + (Math.floor(i / side) % side);
    if ((pixels[i] ?? 0) > 0) points.push((column + 1.5) / cells, 1 - (row + 1.5) / cells);
  }
  return Float64Array.from(points);
}

/** Every second of the pictures, by turns in each row. */
function scattered(points: Float64Array): Float64Array {
  const at = (value: number) => Math.floor((value * (PIXELS_ACROSS + 2)) / 9);
  const isKept = (i: number) => (at(points[i & ~1] ?? 0) + at(1 - (points[i | 1] ?? 0))) % 2 === 0;
  return points.filter((_, i) => isKept(i));
}

function emptyThumbnails(): Record<Setup["data"], SVGSVGElement> {
  const entries = [...OFFERED_DATA, ...SPACE_NOISE, "points"].map((kind) => [kind, newThumbnail()]);
  return Object.fromEntries(entries);
}
