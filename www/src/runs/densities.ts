// The density of what a run generates, as maps, tile by tile.
import type { Projector } from "../experiment/plane";
import type { Run } from "../library";
import type { Picture } from "../stage/frame";
import { cellCenters, columnsOfTime, isOnSphere, viewOf, viewOfTime } from "./pictures";

type DensityMap = NonNullable<Picture["density"]>;

/** The first heat map is for a glance: half the solver steps will do. */
const COARSE = { size: 24, steps: 10 };
/** One call this long at most, so that a click on Train is not kept waiting by a heat map. */
const TILE_MS = 120;
const FIRST_TILE = 192;

export class Densities {
  readonly #run: Run;
  #tile = FIRST_TILE;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Over the view; null if it was given up between two tiles. */
  of(size: number, projector: Projector, isStillDue: () => boolean): Promise<DensityMap | null> {
    const accuracy = size === COARSE.size ? { steps: COARSE.steps } : {};
    const kind = this.#run.dim === 1 ? this.#overTime : this.#overPlane;
    return kind.call(this, size, projector, accuracy, isStillDue);
  }

  async #overPlane(
    size: number,
    projector: Projector,
    accuracy: { steps?: number },
    isStillDue: () => boolean,
  ): Promise<DensityMap | null> {
    const { dim } = this.#run;
    const { box, cells, ...volume } = isOnSphere(this.#run)
      ? (await import("./on-sphere")).cellsOnSphere(size)
      : { box: viewOf(projector), cells: cellCenters(viewOf(projector), size) };
    const logDensity = new Float32Array(size * size);
    for (let done = 0; done < logDensity.length; ) {
      const stop = Math.min(done + this.#tile, logDensity.length);
      const startMs = performance.now();
      logDensity.set(await this.#run.logDensity(cells.subarray(dim * done, dim * stop), accuracy), done);
      const elapsedMs = performance.now() - startMs;
      this.#tile = Math.round(Math.min(2048, Math.max(64, ((stop - done) * TILE_MS) / Math.max(1, elapsedMs))));
      done = stop;
      if (!isStillDue()) return null;
    }
    return { size, box, logDensity, ...volume };
  }

  /** Where x is seen against t: the density at every time, one time after the other. */
  async #overTime(
    size: number,
    projector: Projector,
    accuracy: { steps?: number },
    isStillDue: () => boolean,
  ): Promise<DensityMap | null> {
    const box = viewOfTime(projector);
    const logDensity = new Float32Array(size * size);
    for (const { t, points, cells } of columnsOfTime(box, size)) {
      const found = await this.#run.logDensity(points, { ...accuracy, t });
      for (const [i, cell] of cells.entries()) logDensity[cell] = found[i] ?? 0;
      if (!isStillDue()) return null;
    }
    return { size, box, logDensity };
  }
}
