// The likelihood of a network that takes minutes for it: measured when it is asked for, by a run of its own with the same
// weights, so that the panel's answers and trains as ever meanwhile.
import type { Measurement, Run } from "../library";
import type { Place } from "./place";

/** Twice the steps that suffice of other networks: with as many, hardly any U-Net's passes the gate. */
const SOLVER = { solver: "rk4", steps: 40 } as const;
const STAGES = 4;
/** Hutchinson's, a picture: pictures differ from each other by more than two of them do. */
export const PROBES = 2;
/** Of an experiment that says nothing of them. */
const USUAL_PROBES = 8;

/** Pictures that it is measured on: a few first, so that there is a number soon. The engine's choice of these is the first of its choice of all. */
export const LIKELIHOOD_PARTS = [16, 64] as const;
const SEED = 1;

const GIVEN: readonly string[] = ["digits", "pictures"];
/** Of a wide network two pictures tell enough; else sixteen, in as many evaluations as what comes between counts little in. */
const FIRST_TIMED = { n: 2, steps: 1, by: "euler", evaluations: 1 } as const;
const NEXT_TIMED = { n: 16, steps: 2, by: "rk4", evaluations: 8 } as const;
const TIMES = 2;
const SOON_MS = 1000;
/** Whatever was foretold, it is not done before it is. */
const MOST_SHARE = 0.95;
const TICK_MS = 1000;

/** About how long it takes here: from one evaluation of a few, of the field and its divergence. */
export async function secondsFor(
  run: Pick<Run, "data" | "logDensityEstimate" | "dim" | "experiment">,
  now = () => performance.now(),
): Promise<number> {
  // The better of two: the first of all is slower, and others may compute at that moment.
  const timed = async ({ n, steps, by, evaluations }: typeof FIRST_TIMED | typeof NEXT_TIMED) => {
    const points = await run.data(n);
    let ms = Number.POSITIVE_INFINITY;
    for (let k = 0; k < TIMES; k++) {
      const startMs = now();
      await run.logDensityEstimate(points, { solver: by, steps });
      ms = Math.min(ms, now() - startMs);
    }
    return { ms: ms / evaluations, passes: (points.length / run.dim) * (1 + USUAL_PROBES) };
  };
  const first = await timed(FIRST_TIMED);
  const { ms, passes } = first.ms < SOON_MS ? await timed(NEXT_TIMED) : first;
  // Solved in these steps and in twice as many, which as many training pictures are too where they are given.
  const solves = GIVEN.includes(run.experiment.data.kind) ? 5 : 3;
  // Of few pictures an evaluation takes hardly less than of some.
  const times = LIKELIHOOD_PARTS.reduce((sum, n) => sum + Math.max(1, (n * (1 + PROBES)) / passes), 0);
  return (ms / 1000) * solves * STAGES * SOLVER.steps * times;
}

/** A run that has the weights of a panel's. */
export type MeasuringRun = Pick<Run, "ask" | "measure" | "dispose">;

export class AskedLikelihood {
  readonly #place: Place;
  /** the weights, and what is asked of them */
  #key = "";
  #found: Measurement | null = null;
  #isWhole = false;
  #underWay: AbortController | null = null;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Null unless it is of these weights, asked for this. */
  found(key: string): Measurement | null {
    return key === this.#key ? this.#found : null;
  }

  /** What was measured of others is of no use any more, and what is under way neither. */
  keepTo(key: string): void {
    if (key === this.#key) return;
    this.stop();
    this.#key = key;
    this.#found = null;
    this.#isWhole = false;
    this.#tell(null);
  }

  /** What is left of it to be measured, by a run that is opened for it; `told` of each part. Resolves once it is, or is stopped. */
  async measure(key: string, open: () => Promise<MeasuringRun>, told: () => void): Promise<void> {
    this.keepTo(key);
    if (this.#underWay !== null) return;
    const own = new AbortController();
    this.#underWay = own;
    const ticking = this.#tick(own);
    try {
      const run = await open();
      own.signal.addEventListener("abort", () => run.dispose());
      if (own.signal.aborted) run.dispose();
      await this.#measureBy(run, told, own.signal).finally(() => run.dispose());
    } catch (error) {
      // Stopped, it is ended in the middle of what it was asked.
      if (!own.signal.aborted) this.#place.stumble(error);
    } finally {
      clearInterval(ticking);
      if (this.#underWay === own) this.#end();
    }
  }

  /** At once; the part that is done stays. */
  stop(): void {
    this.#underWay?.abort();
    this.#end();
  }

  async #measureBy(run: MeasuringRun, told: () => void, signal: AbortSignal): Promise<void> {
    for (const n of LIKELIHOOD_PARTS) {
      if (signal.aborted) return;
      if (this.#found !== null && n <= this.#found.n) continue;
      this.#found = await run.measure({ n, seed: SEED, metrics: ["likelihood"], ...SOLVER });
      told();
      // There are no more of them.
      if (this.#found.n < n) break;
    }
    this.#isWhole = true;
  }

  #end(): void {
    if (this.#underWay === null) return;
    this.#underWay = null;
    this.#tell(null);
  }

  /** By the time it takes, as it was foretold. */
  #tick(own: AbortController): ReturnType<typeof setInterval> {
    const startMs = performance.now();
    const tell = () => {
      if (this.#underWay !== own) return;
      const { seconds } = this.#place.panel?.likelihood ?? {};
      const share = seconds ? (performance.now() - startMs) / (1000 * seconds) : 0;
      this.#tell(Math.min(MOST_SHARE, share));
    };
    tell();
    return setInterval(tell, TICK_MS);
  }

  #tell(share: number | null): void {
    const { likelihood } = this.#place.panel ?? {};
    if (likelihood) this.#place.changePanel({ likelihood: { ...likelihood, share, isWhole: this.#isWhole } });
  }
}
