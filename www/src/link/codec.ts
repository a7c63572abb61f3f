// One value as text that a person can read and write, and back. What can't be read is refused with what is allowed.
import { msg } from "../language";

export interface Codec<T> {
  write(value: T): string;
  /** Throws a `Refusal`. */
  read(text: string): T;
}

/** Why a text is no such value: what is allowed instead, as it goes into "… must be …". */
export class Refusal extends Error {
  constructor(readonly allowed: string) {
    super(allowed);
  }
}

/** A longer text is not looked at. */
const MOST_DIGITS = 32;
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/;

function number(text: string, allowed: string): number {
  if (text.length > MOST_DIGITS || !NUMBER.test(text)) throw new Refusal(allowed);
  return Number(text);
}

export function real(min: number, max: number): Codec<number> {
  const allowed = msg(`a number from ${min} to ${max}`);
  return {
    write: String,
    read: (text) => within(number(text, allowed), min, max, allowed),
  };
}

export function whole(min: number, max: number): Codec<number> {
  const allowed = msg(`a whole number from ${min} to ${max}`);
  return {
    write: String,
    read: (text) => {
      const value = within(number(text, allowed), min, max, allowed);
      if (!Number.isInteger(value)) throw new Refusal(allowed);
      return value;
    },
  };
}

function within(value: number, min: number, max: number, allowed: string): number {
  if (value >= min && value <= max) return value;
  throw new Refusal(allowed);
}

export function oneOf<T extends string | number>(values: readonly T[]): Codec<T> {
  const byText = new Map(values.map((value) => [String(value), value]));
  return {
    write: String,
    read: (text) => {
      const value = byText.get(text);
      if (value === undefined) throw new Refusal(msg(`one of ${[...byText.keys()].join(", ")}`));
      return value;
    },
  };
}

export const flag: Codec<boolean> = {
  write: (value) => (value ? "yes" : "no"),
  read: (text) => {
    // An element's attribute without a value is a switch that is on.
    if (text !== "yes" && text !== "no" && text !== "") throw new Refusal(msg("yes or no"));
    return text !== "no";
  },
};

/** Names of a set, in the order of the set whatever the order in the text. */
export function setOf<T extends string>(names: readonly T[]): Codec<readonly T[]> {
  const one = oneOf(names);
  return {
    write: (values) => values.join(","),
    read: (text) => {
      const found = new Set(text === "" ? [] : text.split(",").map((name) => one.read(name)));
      return names.filter((name) => found.has(name));
    },
  };
}

/** As many values as there are codecs, separated by commas. */
export function tuple<T extends readonly unknown[]>(...parts: { [K in keyof T]: Codec<T[K]> }): Codec<T> {
  return {
    write: (values) => parts.map((part, i) => part.write(values[i])).join(","),
    read: (text) => {
      const texts = text.split(",");
      if (texts.length !== parts.length) throw new Refusal(msg(`${parts.length} values separated by commas`));
      return parts.map((part, i) => part.read(texts[i] ?? "")) as unknown as T;
    },
  };
}

/** One to `most` values, separated by slashes: commas separate panels. */
export function listOf<T>(codec: Codec<T>, most: number): Codec<readonly T[]> {
  return {
    write: (values) => values.map((value) => codec.write(value)).join("/"),
    read: (text) => {
      const texts = text.split("/");
      if (texts.length > most) throw new Refusal(msg(`at most ${most} values separated by slashes`));
      return texts.map((one) => codec.read(one));
    },
  };
}

/** As `codec`, with null as a word of its own. */
export function orNull<T>(word: string, codec: Codec<T>): Codec<T | null> {
  return {
    write: (value) => (value === null ? word : codec.write(value)),
    read: (text) => (text === word ? null : codec.read(text)),
  };
}
