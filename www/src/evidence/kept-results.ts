// All trainings that were kept, as one table: a row for each setting with the spread of its seeds, or a row for each training.
import { drawnSaid } from "../experiment/said";
import { msg, num, withMinus } from "../language";
import type { Result } from "../state/results";
import { spreadOf } from "./results";
import { quantile } from "./student";

export const KEPT_QUANTITIES = ["slicedW2", "kl", "nll", "seconds", "networkEvaluations"] as const;
type KeptQuantity = (typeof KEPT_QUANTITIES)[number];

/** What stands above the columns of a table. */
export type KeptHeads = Readonly<Record<KeptQuantity | "method" | "data" | "seeds" | "solver" | "device", string>>;

const HEADS: KeptHeads = {
  method: msg("method"),
  data: msg("data"),
  seeds: msg("seeds"),
  slicedW2: msg("sliced W₂²"),
  kl: "KL",
  nll: "NLL",
  seconds: msg("seconds"),
  networkEvaluations: msg("network evaluations"),
  solver: msg("solver"),
  device: msg("device"),
};

/** Over seeds: the mean, and half of the interval that has it with 95 % by Student's t; null of a single seed. */
export interface Interval {
  mean: number;
  half: number | null;
  deviation: number | null;
  count: number;
}

export interface KeptRow {
  title: string;
  data: string;
  seeds: readonly number[];
  /** what is not the same in all rows, by its place in the experiment */
  settings: Readonly<Record<string, string | number>>;
  /** on how many points it was measured, by which solver, trained where */
  n: number;
  solver: string;
  device: string;
  of: Readonly<Record<KeptQuantity, Interval | null>>;
}

export interface KeptTable {
  /** the places of the settings that differ */
  varied: readonly string[];
  rows: readonly KeptRow[];
}

export const MEASURED_HOW = msg(
  "Means over seeds ± the half width of their 95 % interval by Student's t. Distances are of held-out data to as many samples; NLL and KL, in nats, are left out where the solver's error is too large.",
);

export function keptTable(results: readonly Result[]): KeptTable {
  const keys = [...new Set(results.map(({ key }) => key))];
  const groups = keys.map((key) => ({ all: results.filter((one) => one.key === key), settings: settingsIn(key) }));
  const places = [...new Set(groups.flatMap(({ settings }) => Object.keys(settings)))];
  const varied = places.filter((place) => new Set(groups.map(({ settings }) => settings[place])).size > 1);
  const rows = groups.flatMap(({ all, settings }) => {
    const [first] = all;
    if (first === undefined) return [];
    const own = varied.flatMap((place) => (settings[place] === undefined ? [] : [[place, settings[place]] as const]));
    const of = KEPT_QUANTITIES.map((quantity) => [quantity, intervalOf(valuesOf(all, quantity))] as const);
    return [
      {
        title: first.title,
        data: first.data,
        seeds: all.map(({ seed }) => seed),
        settings: Object.fromEntries(own),
        n: first.n,
        solver: first.solver,
        device: deviceIn(first.key),
        of: Object.fromEntries(of) as KeptRow["of"],
      },
    ];
  });
  return { varied, rows };
}

function valuesOf(results: readonly Result[], quantity: KeptQuantity): number[] {
  const isLikelihood = quantity === "nll" || quantity === "kl";
  return results.filter(({ converged }) => converged || !isLikelihood).flatMap((one) => one[quantity] ?? []);
}

function intervalOf(values: readonly number[]): Interval | null {
  const spread = spreadOf(values);
  if (spread === null) return null;
  const { mean, deviation, count } = spread;
  return { ...spread, half: deviation === null ? null : (quantile(count - 1) * deviation) / Math.sqrt(count), mean };
}

/** The experiment that a key has in it, as places and values. */
export function settingsIn(key: string): Record<string, string | number> {
  const [experiment, , , , ...more] = partsOf(key);
  const found: Record<string, string | number> = {};
  const walk = (value: unknown, place: string) => {
    if (typeof value === "string" || typeof value === "number") found[place] = value;
    else if (typeof value === "boolean") found[place] = value ? "yes" : "no";
    else if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) walk(one, place === "" ? name : `${place}.${name}`);
    }
  };
  walk(experiment, "");
  for (const one of more) if (typeof one === "object") walk(one, "");
  return found;
}

export function deviceIn(key: string): string {
  const [, device] = partsOf(key);
  return typeof device === "string" ? device : "several";
}

export function partsOf(key: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** Three digits, or as many as the half width leaves. */
export function intervalText(interval: Interval | null): string {
  if (interval === null) return "";
  const { mean, half } = interval;
  if (half === null || half === 0) return withMinus(digits(mean));
  const places = Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(Math.abs(half)))));
  return `${withMinus(mean.toFixed(places))} ± ${half.toFixed(places)}`;
}

function digits(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function headOf({ varied }: KeptTable, heads: KeptHeads): string[] {
  return [
    heads.method,
    heads.data,
    ...varied.filter((place) => place !== "data.kind"),
    heads.seeds,
    ...KEPT_QUANTITIES.map((one) => heads[one]),
    "n",
    heads.solver,
    heads.device,
  ];
}

function cellsOf({ varied }: KeptTable, row: KeptRow): string[] {
  const settings = varied.filter((place) => place !== "data.kind").map((place) => String(row.settings[place] ?? ""));
  const found = KEPT_QUANTITIES.map((one) => intervalText(row.of[one]));
  return [row.title, row.data, ...settings, String(row.seeds.length), ...found, String(row.n), row.solver, row.device];
}

export function cellsUnder(heads: KeptHeads, table: KeptTable): { head: string[]; rows: string[][] } {
  return { head: headOf(table, heads), rows: table.rows.map((row) => cellsOf(table, row)) };
}

/** As the page shows it. */
export function tableCells(table: KeptTable): { head: string[]; rows: string[][] } {
  const { head, rows } = cellsUnder(HEADS, table);
  return { head, rows: rows.map((cells) => cells.map((cell) => drawnSaid(num(cell)))) };
}
