// What a model has learned of pictures, as strips: which data its samples are near, what lies between two pictures, and what it
// makes of a damaged one.

import { uniforms } from "../experiment/pictures";
import type { Sampler, Solving } from "../experiment/samplers";
import { msg, num } from "../language";
import type { Run } from "../library";
import { type Curves, rowAt, type Strip } from "../stage/frame";
import { endOf, samplesOf, stripOf } from "./strips";

const NUM_DATA = 2000;
const NUM_SAMPLES = 8;
/** Among so many is the one that a picture is carried to: the least like it. */
const NUM_OTHERS = 8;
const MIXED = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;
const NUM_DAMAGED = 3;
const TIMES = [0.2, 0.4, 0.6, 0.8] as const;
/** One pixel of so many is replaced. */
const DAMAGE = 4;
const STEPS_BACK = 8;

/** `encoder` is what solves its ODE; null where it has none. */
export async function learnedOf(run: Run, sampler: Sampler, encoder: Solving | null): Promise<Strip[]> {
  const data = await run.data(NUM_DATA);
  const strips = [await nearest(run, sampler, data)];
  // What lies between two ends, and how much to add to one, is known of noise alone.
  if (encoder === null || run.experiment.snapshots) return strips;
  strips.push(await between(run, encoder, data));
  const repaired = await repairedOf(run, data);
  return repaired === null ? strips : [...strips, repaired];
}

async function nearest(run: Run, sampler: Sampler, data: Float64Array): Promise<Strip> {
  const { dim } = run;
  const samples = pointsIn(endOf(await samplesOf(run, NUM_SAMPLES, sampler)), dim);
  const all = pointsIn(data, dim);
  const found = samples.map((sample) => nearestTo(sample, all));
  const usual = all.slice(0, 2 * NUM_SAMPLES).map((point) => nearestTo(point, all).distance);
  const [count, distance] = [NUM_DATA.toLocaleString("en-US"), median(usual).toFixed(2)].map((one) => num(one));
  const title = msg(
    `Above: samples. Below each: the nearest of ${count} pictures of the data, and how far it is. Pictures of the data are ${distance} from the nearest other.`,
  );
  const pairs = samples.map((sample, i) => joined([sample, found[i]?.point ?? sample]));
  return stripOf(
    title,
    dim,
    found.map((one) => num(one.distance.toFixed(2))),
    pairs,
  );
}

/** Another than itself. */
export function nearestTo(point: Float64Array, among: readonly Float64Array[]) {
  let best = { point, distance: Number.POSITIVE_INFINITY };
  for (const one of among) {
    const distance = distanceOf(point, one);
    if (distance > 0 && distance < best.distance) best = { point: one, distance };
  }
  return best;
}

async function between(run: Run, encoder: Solving, data: Float64Array): Promise<Strip> {
  const { dim } = run;
  const [from = data, ...others] = pointsIn(data.subarray(0, (NUM_OTHERS + 1) * dim), dim);
  const to = others.reduce((far, one) => (distanceOf(from, one) > distanceOf(from, far) ? one : far), from);
  const [start = from, end = to] = pointsIn(
    endOf(await run.transport(joined([from, to]), { ...encoder, from: "data" })),
    dim,
  );
  const noise = joined(MIXED.map((share) => onSphere(start, end, share)));
  const decoded = pointsIn(endOf(await run.transport(noise, { ...encoder, from: "noise" })), dim);
  const columns = MIXED.map((share, i) => {
    const blend = from.map((value, p) => (1 - share) * value + share * (to[p] ?? 0));
    return joined([decoded[i] ?? blend, blend]);
  });
  return stripOf(
    msg(
      "From one picture of the data to another. Above: both encoded to noise, mixed there along a sphere, and decoded. Below: their pixels mixed.",
    ),
    dim,
    MIXED.map((share) => `${Math.round(100 * share)} %`),
    columns,
  );
}

/** On the arc between two points of about the same length: between two draws of Gaussian noise all are likely. */
export function onSphere(from: Float64Array, to: Float64Array, share: number): Float64Array {
  const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (!(angle > 1e-6)) return from.map((value, i) => (1 - share) * value + share * (to[i] ?? 0));
  const [a, b] = [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
  return from.map((value, i) => a * value + b * (to[i] ?? 0));
}

/**
 * Damaged, given the noise of time t and carried back (SDEdit, Meng 2022). Without noise there would be nothing to see: what a
 * flow carries to t comes back as it was. Null where no path says how much noise that is.
 */
async function repairedOf(run: Run, data: Float64Array): Promise<Strip | null> {
  const { dim } = run;
  const path = await run.conditionalPaths(1, { times: 11 });
  const shares = path && TIMES.map((t) => sharesAt(path, t));
  if (!shares?.every((one) => one !== null)) return null;
  const whole = data.slice(0, NUM_DAMAGED * dim);
  const noise = await run.noise(NUM_DAMAGED);
  const broken = damaged(whole);
  const columns = [whole, broken];
  for (const [i, t] of TIMES.entries()) {
    const { ofData, ofNoise } = shares[i] ?? { ofData: 1, ofNoise: 0 };
    const noised = broken.map((value, p) => ofData * value + ofNoise * (noise[p] ?? 0));
    columns.push(await carriedBack(run, noised, t));
  }
  const names = [msg("whole"), msg("hurt"), ...TIMES.map((t) => `t\u00a0=\u00a0${num(String(t))}`)];
  return stripOf(
    msg(
      "Pictures hurt, a quarter of their pixels random; then given the noise of time t, and carried back from there. Numbers: how far they are from whole. Without noise they would come back as they went: a flow loses nothing.",
    ),
    dim,
    names.map((name, i) => (i === 0 ? name : `${name}: ${num(distanceOf(columns[i] ?? whole, whole).toFixed(2))}`)),
    columns,
  );
}

/** What a conditional path's point at t is made of, from the ends of one; null where it has noise of its own. */
export function sharesAt({ times, positions }: Curves, t: number): { ofData: number; ofNoise: number } | null {
  const [data, noise, point] = [0, 1, t].map((at) => rowAt(positions, times, at)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [dd, dn, nn] = [dot(data, data), dot(data, noise), dot(noise, noise)];
  const [pd, pn] = [dot(point, data), dot(point, noise)];
  const determinant = dd * nn - dn * dn;
  const ofData = (pd * nn - pn * dn) / determinant;
  const ofNoise = (pn * dd - pd * dn) / determinant;
  const rest = point.map((value, i) => value - ofData * (data[i] ?? 0) - ofNoise * (noise[i] ?? 0));
  return dot(rest, rest) < 1e-6 * dot(point, point) ? { ofData, ofNoise } : null;
}

/**
 * By RK4, from t to the data. The engine carries points from one end of time to the other: its solvers' grids, its samplers' steps
 * and what it records lie on all of it. To be told another start it would need more than these lines, in everyone's first view.
 */
async function carriedBack(run: Pick<Run, "velocity">, points: Float64Array, t: number): Promise<Float64Array> {
  const step = -t / STEPS_BACK;
  let at = points;
  for (let k = STEPS_BACK; k > 0; k--) {
    const now = (t * k) / STEPS_BACK;
    const from = at;
    const along = (slope: Float32Array, share: number) => from.map((x, i) => x + share * step * (slope[i] ?? 0));
    const first = await run.velocity(from, now);
    const second = await run.velocity(along(first, 0.5), now + step / 2);
    const third = await run.velocity(along(second, 0.5), now + step / 2);
    const last = await run.velocity(along(third, 1), Math.max(0, now + step));
    at = along(
      first.map((one, i) => (one + 2 * (second[i] ?? 0) + 2 * (third[i] ?? 0) + (last[i] ?? 0)) / 6),
      1,
    );
  }
  return at;
}

/** The same pixels each time. */
function damaged(pictures: Float64Array): Float64Array {
  const random = uniforms();
  return pictures.map((value) => {
    const [isLeft, gray] = [random() >= 1 / DAMAGE, random()];
    return isLeft ? value : 2 * gray - 1;
  });
}

/** Root mean square of what pixels from 0 to 1 differ by. */
function distanceOf(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += ((one[i] ?? 0) - (other[i] ?? 0)) ** 2;
  return Math.sqrt(sum / one.length) / 2;
}

function dot(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function pointsIn(flat: Float64Array, dim: number): Float64Array[] {
  return Array.from({ length: flat.length / dim }, (_, i) => flat.slice(i * dim, (i + 1) * dim));
}

function joined(points: readonly Float64Array[]): Float64Array {
  return Float64Array.from(points.flatMap((point) => [...point]));
}
