// Small pictures of a torus and of a sphere with everything in them, for tests: made up, and moved along geodesics.
import { type Curves, EMPTY_PICTURE, type Picture } from "../frame";
import { loadLayersOnSpaces } from "../layers";
import { cellsOnSphere, spiralOfPoints } from "./grid";
import { alongGreatCircle } from "./turn";
import { wrapped } from "./wrap";

await loadLayersOnSpaces();

type Vector = [number, number, number];
const TIMES = Array.from({ length: 13 }, (_, k) => 1 - k / 12);
const COUNT = 400;

/** Numbers from 0 to 1, always the same. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function curvesOf(count: number, at: (i: number, t: number) => readonly number[]): Curves {
  const rows = TIMES.flatMap((t) => Array.from({ length: count }, (_, i) => at(i, t)));
  return { times: TIMES, positions: Float64Array.from(rows.flat()) };
}

function torusPicture(): Picture {
  const next = numbers(5);
  const near = (middle: number) => middle + 0.5 * (next() + next() + next() - 1.5);
  const ends = Array.from({ length: COUNT }, (_, i) => {
    const data = i % 2 === 0 ? [near(2.6), near(-2.4)] : [near(-0.5), near(0.8)];
    return { data: data.map(wrapped), noise: [next(), next()].map((u) => 2 * Math.PI * u - Math.PI) };
  });
  const along = (i: number, t: number) => {
    const { data = [], noise = [] } = ends[i] ?? {};
    return data.map((from, j) => wrapped(from + t * wrapped((noise[j] ?? 0) - from)));
  };
  const size = 24;
  const cell = (k: number) => -Math.PI + (2 * Math.PI * (k + 0.5)) / size;
  const logDensity = Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [cell(i % size), cell(Math.floor(i / size))];
    return Math.log(
      0.5 * Math.exp(4 * (Math.cos(x - 2.6) + Math.cos(y + 2.4) - 2)) +
        0.5 * Math.exp(4 * (Math.cos(x + 0.5) + Math.cos(y - 0.8) - 2)),
    );
  });
  const box = { x: [-Math.PI, Math.PI], y: [-Math.PI, Math.PI] } as const;
  const velocity = Float32Array.from({ length: 2 * size * size }, (_, i) => Math.sin(cell((i >> 1) % size) + (i % 2)));
  return {
    ...EMPTY_PICTURE,
    space: "torus",
    data: Float64Array.from(ends.flatMap(({ data }) => data)),
    noise: Float64Array.from(ends.flatMap(({ noise }) => noise)),
    generated: curvesOf(COUNT, along),
    paths: curvesOf(24, along),
    density: { size, box, logDensity },
    field: { size, box, times: [0], velocity, divergence: null },
  };
}

function spherePicture(): Picture {
  const next = numbers(9);
  const middle: Vector = [0.6, 0.5, 0.62];
  const noise = spiralOfPoints(COUNT);
  const pointOf = (i: number) => [0, 1, 2].map((j) => noise[3 * i + j] ?? 0) as Vector;
  const ends = Array.from({ length: COUNT }, (_, i) =>
    alongGreatCircle(middle, pointOf((i * 37) % COUNT), 0.25 * next()),
  );
  const along = (i: number, t: number) => alongGreatCircle(ends[i] ?? middle, pointOf(i), t);
  const { cells, ...grid } = cellsOnSphere(24);
  const logDensity = Float32Array.from(
    { length: cells.length / 3 },
    (_, i) => 8 * (middle.reduce((sum, value, j) => sum + value * (cells[3 * i + j] ?? 0), 0) - 1),
  );
  const at = spiralOfPoints(200);
  const velocity = Float32Array.from(at, (_, i) => [-(at[i + 1] ?? 0), at[i - 1] ?? 0, 0][i % 3] ?? 0);
  return {
    ...EMPTY_PICTURE,
    space: "sphere",
    data: Float64Array.from(ends.flat()),
    noise,
    generated: curvesOf(COUNT, along),
    paths: curvesOf(24, along),
    density: { ...grid, size: 24, logDensity },
    field: { size: 200, box: grid.box, times: [0], velocity, divergence: null, at },
  };
}

export const ON_SPACES = { torus: torusPicture(), sphere: spherePicture() } as const;
