// The small pictures of the built-in sources, and of the reader's own points.

import { projectorOf } from "../experiment/plane";
import { OFFERED_DATA, type Setup } from "../experiment/presets";
import type { Engine } from "../library";
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
    for (const kind of OFFERED_DATA) {
      const points = await engine.samplePoints(kind, NUM_POINTS);
      const dim = points.length / NUM_POINTS;
      const identity = { center: new Array(dim).fill(0), scale: new Array(dim).fill(1) };
      const { planar, center, scale } = projectorOf({ kind: "principal" }, points, identity);
      const shown = dim === 1 ? piled(planar(points), scale) : planar(points);
      for (const end of ["data", "noise"] as const) {
        drawThumbnail(this.elements[end][kind], shown, viewBox(center, scale));
      }
    }
  }

  /** Of points as a panel shows them, of which one coordinate alone is seen as piles. */
  drawOwn(points: Float64Array, { center, scale, dim }: Pick<PanelState, "center" | "scale" | "dim">): void {
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

function emptyThumbnails(): Record<Setup["data"], SVGSVGElement> {
  const entries = [...OFFERED_DATA, "points"].map((kind) => [kind, newThumbnail()]);
  return Object.fromEntries(entries);
}
