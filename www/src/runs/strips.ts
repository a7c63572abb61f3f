// How pictures come from noise, as strips: one on its way, and the same noise in few solver steps and in more.

import { shapeOf } from "../experiment/pictures";
import { evaluationsOf, SAMPLER_TITLES, type Sampler, SOLVER_TITLES } from "../experiment/samplers";
import { msg, num } from "../language";
import type { Trajectories } from "../library";
import { rowAt, type Strip } from "../stage/frame";
import { type Carrying, carried, inked } from "./pictures";

const TIMES = [1, 0.8, 0.6, 0.4, 0.2, 0] as const;
const STEPS = [1, 2, 4, 8, 20] as const;
const NUM_SAMPLES = 3;

/** `isFixed` where there is but one way to draw them. */
export async function stripsOf(run: Carrying, sampler: Sampler, isFixed: boolean): Promise<Strip[]> {
  const tried = isFixed ? [sampler] : STEPS.map((steps) => ({ ...sampler, steps }));
  // Asked together: where a training step takes seconds, each answer would wait for another.
  const [shown, ...drawn] = await Promise.all([sampler, ...tried].map((by) => samplesOf(run, NUM_SAMPLES, by)));
  if (shown === undefined) return [];
  return [wayOf(shown, run.dim), stripOf(drawnIn(sampler, isFixed), run.dim, tried.map(stepsName), drawn.map(endOf))];
}

/** Of the first sample. */
export function wayOf({ times, positions }: Trajectories, dim: number): Strip {
  const way = TIMES.map((t) => rowAt(positions, times, t).subarray(0, dim));
  const title = msg("One sample on its way from t\u00a0=\u00a01 to t\u00a0=\u00a00.");
  return stripOf(
    title,
    dim,
    TIMES.map((t) => `t = ${num(String(t))}`),
    way,
  );
}

/** Points as strips: those of each column are its pictures, from the top. */
export function stripOf(
  title: string,
  dim: number,
  columns: readonly string[],
  points: readonly Float64Array[],
): Strip {
  const rows = (points[0]?.length ?? 0) / dim;
  const pixels = new Float32Array(rows * columns.length * dim);
  for (const [column, pictures] of points.entries()) {
    const shown = inked(pictures);
    for (let row = 0; row < rows; row++) {
      pixels.set(shown.subarray(row * dim, (row + 1) * dim), (row * columns.length + column) * dim);
    }
  }
  return { title, ...(shapeOf(dim) ?? { side: 0, colors: 1 }), columns, pixels };
}

/** Of the same noise whatever they are drawn by. */
export async function samplesOf(run: Carrying, n: number, sampler: Sampler): Promise<Trajectories> {
  const [all] = await carried(run, n, sampler);
  if (all === undefined) throw new Error("there is a block for every number of particles above 0");
  return all;
}

/** Where trajectories end. */
export function endOf({ times, positions }: Trajectories): Float64Array {
  return positions.slice(-positions.length / times.length);
}

function drawnIn(by: Sampler, isFixed: boolean): string {
  if (isFixed) return msg("Each row: the same start, in the only steps that there are.");
  const title = by.sampler === undefined ? SOLVER_TITLES[by.solver] : SAMPLER_TITLES[by.sampler];
  return msg(`Each row: the same start, in few steps and in more, by ${title}.`);
}

function stepsName(by: Sampler): string {
  const steps = by.steps === 1 ? msg("1 step") : msg(`${by.steps} steps`);
  const evaluations = evaluationsOf(by);
  return evaluations === by.steps ? steps : `${steps}, ${evaluations}\u00a0NFE`;
}
