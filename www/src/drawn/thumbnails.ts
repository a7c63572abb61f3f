// The small pictures of the built-in sources, and of the reader's own points.

import { projectorOf } from "../experiment/plane";
import { OFFERED_DATA, type Setup } from "../experiment/presets";
import type { Engine } from "../library";
import { drawThumbnail, newThumbnail } from "../stage/thumbnail";
import { viewBox } from "../stage/view";

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
      for (const end of ["data", "noise"] as const) {
        drawThumbnail(this.elements[end][kind], planar(points), viewBox(center, scale));
      }
    }
  }

  drawOwn(points: Float64Array, { center, scale }: { center: readonly number[]; scale: readonly number[] }): void {
    const stride = Math.max(1, Math.floor(points.length / 2 / NUM_POINTS));
    const some = points.filter((_, i) => Math.floor(i / 2) % stride === 0);
    drawThumbnail(this.elements.data.points, some, viewBox(center, scale));
  }
}

function emptyThumbnails(): Record<Setup["data"], SVGSVGElement> {
  const entries = [...OFFERED_DATA, "points"].map((kind) => [kind, newThumbnail()]);
  return Object.fromEntries(entries);
}
