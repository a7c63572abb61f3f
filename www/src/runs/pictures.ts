// From an engine's answers to what the stage is given: on one plane, in the data's own units.

import { shapeOf } from "../experiment/pictures";
import type { Projector } from "../experiment/plane";
import { isStochastic, type Sampler, type Solving } from "../experiment/samplers";
import { spaceOfRun } from "../experiment/spaces";
import type { Inspection as Inspected, Run, Trajectories } from "../library";
import type { Box, Curves, FieldSlices, Inspection, Lattice, Pictures } from "../stage/frame";
import { viewBox } from "../stage/view";

/** Particles of few coordinates that are carried in one call, so that nothing else waits for long. */
const BLOCK = 2048;
/** Of more coordinates there are fewer in a call: every step of their ways is held at once. */
const FEW_COORDINATES = 64;
const NUM_PICTURES = 16;
const FIELD = { size: 24, times: Array.from({ length: 17 }, (_, k) => k / 16) };
const FIELD_OVER_TIME = { size: 32 };
const LATTICE = { lines: 19, perLine: 37, halfSide: 3 };

export function planarCurves({ times, positions }: Trajectories, { planar }: Projector): Curves {
  return { times, positions: planar(positions) };
}

interface Generated {
  curves: Curves;
  /** all coordinates of the first few, at least */
  first: Trajectories;
}

/** Of what was carried. */
export function generated(blocks: readonly Trajectories[], projector: Projector): Generated {
  const [first] = blocks;
  if (first === undefined) throw new Error("there is a block for every number of particles above 0");
  return { curves: joined(blocks, projector), first };
}

/** A run, of which this is asked. */
export type Carrying = Pick<Run, "dim" | "noise" | "transport" | "trajectories">;

/**
 * Noise carried to data, block by block: the same points in every panel, and the same of them however many are shown. In one block
 * where there is noise on the way: each of several would get the same.
 */
export async function carried(run: Carrying, n: number, sampler: Sampler): Promise<Trajectories[]> {
  if (isStochastic(sampler)) return [await run.trajectories(n, sampler)];
  const noise = await run.noise(n);
  const blocks: Trajectories[] = [];
  const most = Math.ceil((BLOCK * FEW_COORDINATES) / Math.max(FEW_COORDINATES, run.dim));
  for (let start = 0; start < n; start += most) {
    const block = noise.slice(start * run.dim, Math.min(n, start + most) * run.dim);
    blocks.push(await run.transport(block, { ...sampler, from: "noise" }));
  }
  return blocks;
}

/** Blocks side by side at each time. Equal steps give all the same times; an adaptive solver's are its own. */
function joined(blocks: readonly Trajectories[], projector: Projector): Curves {
  const all = blocks.map((block) => planarCurves(block, projector));
  const [first] = all;
  if (first === undefined || all.length === 1) return first ?? { times: [], positions: new Float64Array() };
  const { times } = first;
  const widths = all.map(({ positions }) => positions.length / times.length);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const positions = new Float64Array(width * times.length);
  for (let k = 0; k < times.length; k++) {
    let at = k * width;
    all.forEach((block, b) => {
      const own = widths[b] ?? 0;
      positions.set(block.positions.subarray(k * own, (k + 1) * own), at);
      at += own;
    });
  }
  return { times, positions };
}

/** The first few on their way, and as many of the data as stand in a row of them; null where points are no pictures. */
export function picturesOf({ times, positions }: Trajectories, data: Float64Array, dim: number): Pictures | null {
  const shape = shapeOf(dim);
  if (shape === null) return null;
  const all = positions.length / (times.length * dim);
  const n = Math.min(NUM_PICTURES, all);
  const pixels = new Float32Array(times.length * n * dim);
  for (let k = 0; k < times.length; k++) {
    pixels.set(inked(positions.subarray(k * all * dim, (k * all + n) * dim)), k * n * dim);
  }
  return { ...shape, times, positions: pixels, n, own: inked(data.subarray(0, Math.ceil(Math.sqrt(n)) * dim)) };
}

/** From pixels of -1 to 1: of grays paper and ink, of colors dark and bright. */
export function inked(pixels: Float64Array): Float32Array {
  return Float32Array.from(pixels, (value) => (value + 1) / 2);
}

export function isOnSphere({ experiment }: Pick<Run, "experiment">): boolean {
  return spaceOfRun(experiment.data) === "sphere";
}

/** The velocity field, and its divergence if asked for, at every time on a grid over the view. */
export async function fieldSlices(run: Run, projector: Projector, withDivergence: boolean): Promise<FieldSlices> {
  if (run.dim === 1) return fieldOverTime(run, viewOfTime(projector), withDivergence);
  if (isOnSphere(run)) return (await import("./on-sphere")).fieldOnSphere(run, FIELD.times);
  const { size, times } = FIELD;
  const box = viewOf(projector);
  const cells = cellCenters(box, size);
  const velocity = new Float32Array(times.length * cells.length);
  const divergence = withDivergence ? new Float32Array((times.length * cells.length) / 2) : null;
  for (const [k, t] of times.entries()) {
    velocity.set(await run.velocity(cells, t), k * cells.length);
    divergence?.set(await run.divergence(cells, t), (k * cells.length) / 2);
  }
  return { size, box, times, velocity, divergence };
}

/** Of points on a line one grid shows all times: time is its first coordinate, in which the field goes ahead at a speed of 1. */
async function fieldOverTime(run: Run, box: Box, withDivergence: boolean): Promise<FieldSlices> {
  const { size } = FIELD_OVER_TIME;
  const velocity = new Float32Array(2 * size * size).fill(1);
  const divergence = withDivergence ? new Float32Array(size * size) : null;
  for (const { t, points, cells } of columnsOfTime(box, size)) {
    const found = await run.velocity(points, t);
    const spread = divergence && (await run.divergence(points, t));
    cells.forEach((cell, i) => {
      velocity[2 * cell + 1] = found[i] ?? 0;
      if (divergence && spread) divergence[cell] = spread[i] ?? 0;
    });
  }
  return { size, box, times: [0], velocity, divergence };
}

/** One column of a grid of time and x: the points of one time, and the numbers of their cells. */
export function columnsOfTime({ y }: Box, size: number): { t: number; points: Float64Array; cells: number[] }[] {
  const points = Float64Array.from({ length: size }, (_, row) => y[0] + ((row + 0.5) / size) * (y[1] - y[0]));
  return Array.from({ length: size }, (_, column) => ({
    t: (column + 0.5) / size,
    points,
    cells: Array.from(points, (_, row) => row * size + column),
  }));
}

/** All times, and of x what the view shows. */
export function viewOfTime(projector: Projector): Box {
  return { x: [0, 1], y: viewOf(projector).y };
}

/** A grid over the noise, carried to the data by the flow. */
export async function carriedLattice(run: Run, solver: Solving, { center, scale }: Projector): Promise<Lattice> {
  const { lines, perLine, halfSide } = LATTICE;
  const along = (i: number, count: number) => halfSide * ((2 * i) / (count - 1) - 1);
  const points = new Float64Array(4 * lines * perLine);
  const place = (at: number, x: number, y: number) => {
    points[2 * at] = (center[0] ?? 0) + (scale[0] ?? 1) * x;
    points[2 * at + 1] = (center[1] ?? 0) + (scale[1] ?? 1) * y;
  };
  for (let line = 0; line < lines; line++) {
    for (let k = 0; k < perLine; k++) {
      place(line * perLine + k, along(k, perLine), along(line, lines));
      place((lines + line) * perLine + k, along(line, lines), along(k, perLine));
    }
  }
  return { curves: await run.transport(points, { ...solver, from: "noise" }), perLine };
}

/** In one or two coordinates only: elsewhere a point of the plane is not a point. */
export function planarInspection(
  point: readonly number[],
  t: number,
  { planar }: Projector,
  found: Inspected,
): Inspection {
  const pair = (vector: readonly number[] | Float32Array) => {
    const [x = 0, y = 0] = planar(Float64Array.from(vector));
    return [x, y] as const;
  };
  const { velocity, meanVelocity, divergence, logDensity, paths } = found;
  return {
    at: pair(point),
    t,
    velocity: pair(velocity),
    mean: meanVelocity && pair(meanVelocity),
    paths: paths && { times: paths.times, positions: planar(paths.positions) },
    divergence,
    logDensity,
  };
}

/** The part of the plane that maps are computed over: the whole view, wherever the camera looks. */
export function viewOf({ center, scale }: Projector): Box {
  return viewBox(center, scale);
}

/** Flat points, row by row from the bottom left. */
export function cellCenters({ x, y }: Box, size: number): Float64Array {
  const cells = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = 2 * (row * size + column);
      cells[at] = x[0] + ((column + 0.5) / size) * (x[1] - x[0]);
      cells[at + 1] = y[0] + ((row + 0.5) / size) * (y[1] - y[0]);
    }
  }
  return cells;
}
