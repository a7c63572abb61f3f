// Scales and ticks that a reader takes in at a glance, given to Plot ready-made.
import { scaleLinear, scaleLog } from "d3-scale";
import { num } from "../language";

/** From the smallest to the largest; Plot wants an array that it could change. */
export type Domain = [low: number, high: number];

export interface Axis {
  type: "linear" | "log";
  domain: Domain;
}

/** Beyond one and a half decades a linear axis shows the largest numbers alone. */
export const LOG_FROM_RATIO = 10 ** 1.5;
/** An axis reaches so far beyond its values, as a share of its length. */
const PAD = 0.06;
/** What is below the floor, as a share of what is above it. */
export const FLOOR_ROOM = 0.16;

/** From 0, or logarithmic where the positive values span too much for that. */
export function costAxis(costs: readonly number[]): Axis {
  const positive = costs.filter((cost) => cost > 0);
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  if (positive.length === 0) return { type: "linear", domain: [0, 1] };
  if (high > LOG_FROM_RATIO * low) return { type: "log", domain: logDomain(positive) };
  return { type: "linear", domain: [0, high * (1 + PAD)] };
}

/** Around the positive values, at least a factor of two. */
export function logDomain(values: readonly number[]): Domain {
  const logs = values.filter((value) => value > 0).map(Math.log);
  if (logs.length === 0) return [0.1, 1];
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const pad = Math.max(PAD * (high - low), (Math.LN2 - (high - low)) / 2);
  return [Math.exp(low - pad), Math.exp(high + pad)];
}

/** Around the values and their floor, with room for a line of text below that. */
export function qualityAxis(values: readonly number[], floor: number | undefined): Axis {
  if (floor === undefined) return { type: "log", domain: logDomain(values) };
  const [low, high] = logDomain([...values, floor]);
  return { type: "log", domain: [Math.min(low, floor * (floor / high) ** FLOOR_ROOM), high] };
}

/** Where a value lies along an axis of that many pixels. */
export function pixelsAlong({ type, domain }: Axis, range: Domain): (value: number) => number {
  return type === "log" ? scaleLog(domain, range) : scaleLinear(domain, range);
}

export function ticksOf({ type, domain }: Axis, most: number): number[] {
  return type === "log" ? logTicks(domain, most) : linearTicks(domain, most);
}

export function linearTicks(domain: Domain, about: number): number[] {
  return scaleLinear(domain, [0, 1]).ticks(about);
}

/** Powers of ten, with what lies between where there are few. */
export function logTicks([low, high]: Domain, most: number): number[] {
  const start = Math.floor(Math.log10(low));
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - start + 1 }, (_, i) => start + i);
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = decades.flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)));
    const inside = ticks.filter((tick) => tick >= low && tick <= high);
    if (inside.length <= most) return inside;
  }
  const powers = decades.filter((decade) => 10 ** decade >= low && 10 ** decade <= high);
  return spread(powers, most).map((decade) => Number(`1e${decade}`));
}

/** Powers of two, as solver steps are tried. */
export function doublingTicks([low, high]: Domain, most: number): number[] {
  const start = Math.ceil(Math.log2(low));
  const powers = Array.from({ length: Math.max(0, Math.floor(Math.log2(high)) - start + 1) }, (_, i) => start + i);
  return spread(powers, most).map((power) => 2 ** power);
}

/** Every second or third of them, where all would crowd. */
function spread(ticks: readonly number[], most: number): number[] {
  const stride = Math.max(1, Math.ceil(ticks.length / most));
  return ticks.filter((_, i) => i % stride === 0);
}

/** As short as can be: 0.001, 20, 50k, 2M. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${shortest(value / 1e6)}M`;
  if (size >= 1e4) return `${shortest(value / 1e3)}k`;
  return size > 0 && size < 1e-4 ? value.toExponential(0) : shortest(value);
}

/** A number in a sentence, to three digits. */
export function valueText(value: number): string {
  return shortest(value);
}

function shortest(value: number): string {
  return num(String(Number(value.toPrecision(3))));
}
