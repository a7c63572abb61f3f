// How numbers are written: with as many digits as they are worth, which their error says.
import { msg, num } from "../language";
import type { Found, Quantity } from "./standing";

/** Of an error: more is noise of the noise. */
const ERROR_DIGITS = 2;
/** Of a number whose error nobody knows. */
const VALUE_DIGITS = 3;
const MOST_DECIMALS = 12;

/** A formatter costs as much to make as a hundred numbers to write. */
const FORMATS = Array.from(
  { length: MOST_DECIMALS + 1 },
  (_, digits) => new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** No number is less than nothing by nothing: never "-0.000". */
function fixed(value: number, decimals: number): string {
  const text = FORMATS[Math.min(MOST_DECIMALS, Math.max(0, decimals))]?.format(value) ?? String(value);
  return /[1-9]/.test(text) ? text : text.replace("-", "");
}

/** After the point, where an error is known: those of the error's leading two digits. */
function decimalsFor(error: number): number {
  const digits = decimalsOf(error, ERROR_DIGITS);
  // 0.0996 is 0.10, which has a digit less.
  return decimalsOf(Number(error.toFixed(Math.max(0, Math.min(MOST_DECIMALS, digits)))) || error, ERROR_DIGITS);
}

function decimalsOf(value: number, significant: number): number {
  return value === 0 ? 0 : significant - 1 - Math.floor(Math.log10(Math.abs(value)));
}

/** To three digits, whatever its size. */
export function short(value: number): string {
  return num(shortOf(value));
}

function shortOf(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(VALUE_DIGITS - 2);
  return fixed(Number(value.toPrecision(VALUE_DIGITS)), decimalsOf(value, VALUE_DIGITS));
}

export function percent(share: number): string {
  return `${num(fixed(100 * share, 1))} %`;
}

/** A coordinate to a hundredth of what tells points apart, its scale, however far from 0 they are. */
export function coordinate(value: number, scale: number): string {
  return num(toScale(value, scale));
}

/** The same to be read again. */
export function toScale(value: number, scale: number): string {
  return value.toFixed(Math.min(MOST_DECIMALS, Math.max(0, decimalsOf(scale, VALUE_DIGITS))));
}

/** What was chosen, not measured: no zeros at its end. */
export function plain(value: number): string {
  const text = shortOf(value);
  return num(text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text);
}

/** Counts, from the least to the most: "512 to 4,096". Empty of none. */
export function between(counts: readonly number[]): string {
  if (counts.length === 0) return "";
  const ends = new Set([Math.min(...counts), Math.max(...counts)]);
  return [...ends].map((n) => num(n.toLocaleString("en-US"))).join(msg(" to "));
}

export interface Written {
  text: string;
  /** "± 0.012"; empty where there is no spread */
  spread: string;
}

/** A number beside its error: both end at the same digit. */
export function withError(value: number, error: number | null): Written {
  if (error === null || !(error > 0) || !Number.isFinite(error)) return { text: short(value), spread: "" };
  const decimals = decimalsFor(error);
  const text = (number: number) => num(fixed(round(number, decimals), decimals));
  return { text: text(value), spread: `± ${text(error)}` };
}

/** 316,890 ± 1,200 has no digits after its hundreds either. */
function round(value: number, decimals: number): number {
  const unit = 10 ** -decimals;
  return decimals < 0 ? Math.round(value / unit) * unit : value;
}

/** Nats: what arithmetic in 32 bits and a solver that is not refused may be off by, however alike the points are. */
const LEAST_ERROR = 1e-4;

/** A likelihood, whose error is never said to be less than arithmetic's. */
export function inNats(nats: number, error: number | null): Written {
  return withError(nats, error === null ? null : Math.max(error, LEAST_ERROR));
}

const WHOLE: readonly Quantity[] = ["networkEvaluations", "evaluationsToLine", "nfe"];
const TIMES: readonly Quantity[] = ["seconds", "secondsToLine"];

export function written(quantity: Quantity, { value, spread }: Found): Written {
  if (value === Number.POSITIVE_INFINITY) return { text: msg("never"), spread: "" };
  if (quantity === "nll" || quantity === "kl") return inNats(value, spread);
  if (!WHOLE.includes(quantity) && !TIMES.includes(quantity)) return withError(value, spread);
  // The mean of few whole numbers over seeds is not whole.
  const decimals = TIMES.includes(quantity) || (quantity === "nfe" && !Number.isInteger(value)) ? 1 : 0;
  const unit = TIMES.includes(quantity) ? " s" : "";
  const text = (number: number) => `${num(fixed(number, decimals))}${unit}`;
  // Seeds that all need as many evaluations say nothing by "± 0".
  return { text: text(value), spread: spread === null || spread === 0 ? "" : `± ${text(spread)}` };
}

/** In a sentence: "0.060 ± 0.012". */
export function inWords(quantity: Quantity, found: Found): string {
  const { text, spread } = written(quantity, found);
  return spread === "" ? text : `${text} ${spread}`;
}
