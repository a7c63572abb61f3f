// How numbers are written: with as many digits as they are worth.
import type { Found, Quantity } from "./standing";

const DIGITS: Readonly<Record<Quantity, number>> = {
  seconds: 1,
  networkEvaluations: 0,
  nfe: 0,
  nll: 3,
  kl: 3,
  slicedW2: 4,
};

/** A formatter costs as much to make as a hundred numbers to write. */
const FORMATS = [0, 1, 2, 3, 4].map(
  (digits) => new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

export interface Written {
  text: string;
  /** "± 0.012"; empty where there is no spread */
  spread: string;
}

export function written(quantity: Quantity, { value, spread }: Found): Written {
  // The mean of whole numbers over seeds is not whole.
  const digits = quantity === "nfe" && !Number.isInteger(value) ? 1 : DIGITS[quantity];
  const unit = quantity === "seconds" ? " s" : "";
  const text = (number: number) => `${FORMATS[digits]?.format(number)}${unit}`;
  // Seeds that all need as many evaluations say nothing by "± 0".
  return { text: text(value), spread: spread === null || spread === 0 ? "" : `± ${text(spread)}` };
}

/** In a sentence: "0.060 ± 0.012". */
export function inWords(quantity: Quantity, found: Found): string {
  const { text, spread } = written(quantity, found);
  return spread === "" ? text : `${text} ${spread}`;
}
