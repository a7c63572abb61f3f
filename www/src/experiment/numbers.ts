// Numbers as people, spreadsheets and programs write them: which mark is the decimal one, and what groups thousands.

export type DecimalMark = "." | ",";

/** Of a number with marks: what they prove, or which mark might group thousands as well as be the decimal one. */
export type Evidence =
  | { kind: "proof"; decimal: DecimalMark; groups: boolean }
  | { kind: "doubt"; mark: DecimalMark }
  | { kind: "none" };

interface Grammar {
  number: RegExp;
  groups: RegExp;
}

// No two parts of a pattern can match the same characters, or 80,000 digits and a letter take half a minute.
const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i;
const EXPONENT = "(?:[ed][+-]?\\d+)?";
const GRAMMAR: Readonly<Record<DecimalMark, Grammar>> = {
  // India groups by twos before the last three: 12,34,567.
  ".": {
    number: new RegExp(
      `^[+-]?(?:(?:\\d+|[1-9]\\d{0,2}(?:(?:[ ']\\d{3})+|(?:,\\d{2,3})*,\\d{3}))(?:\\.\\d*)?|\\.\\d+)${EXPONENT}$`,
      "i",
    ),
    groups: /[ ',]/g,
  },
  ",": {
    number: new RegExp(
      `^[+-]?(?:(?:\\d+|[1-9]\\d{0,2}(?:(?:[ ']\\d{3})+|(?:\\.\\d{3})+))(?:,\\d+)?|,\\d+)${EXPONENT}$`,
      "i",
    ),
    groups: /[ '.]/g,
  },
};
const ONE_GROUP = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
const GROUPED: Readonly<Record<DecimalMark, RegExp>> = {
  ",": /^[+-]?[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d*)?$/,
  ".": /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/,
};

/** Marks and digits of other scripts, and minus signs that typesetters use. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2013\u2212\ufe63\uff0d]/g, "-"],
  [/\uff0b/g, "+"],
  [/[\u00a0\u2007\u2009\u202f]/g, " "],
  [/[\u2019\u066c]/g, "'"],
  [/[\u066b\uff0e]/g, "."],
  [/\uff0c/g, ","],
];
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
const FOREIGN = /[^\0-\x7f]/;

/** In the letters that the patterns know. */
export function plainly(cell: string): string {
  if (!FOREIGN.test(cell)) return cell;
  const marked = ALIASES.reduce((text, [pattern, alias]) => text.replace(pattern, alias), cell);
  return marked.replace(DIGITS, (digit) => String(digit.charCodeAt(0) & 15));
}

/** NaN for what is not a number. */
export function parseNumber(cell: string, decimal: DecimalMark): number {
  if (decimal === "." && PLAIN.test(cell)) return Number(cell);
  const text = plainly(cell);
  const { number, groups } = GRAMMAR[decimal];
  if (!number.test(text)) return Number.NaN;
  return Number(text.replace(groups, "").replace(",", ".").replace(/d/i, "e"));
}

/** With either mark. */
export function isNumber(cell: string): boolean {
  if (PLAIN.test(cell)) return true;
  const text = plainly(cell);
  return GRAMMAR["."].number.test(text) || GRAMMAR[","].number.test(text);
}

/** A number, or something such as `nan` that stands where a number should. */
export function isNumberLike(cell: string): boolean {
  return isNumber(cell) || isNotFinite(cell);
}

export function isNotFinite(cell: string): boolean {
  return NOT_FINITE.test(cell);
}

export function evidenceOf(cell: string): Evidence {
  const text = plainly(cell);
  const [point, comma] = [text.includes("."), text.includes(",")];
  if ((!point && !comma) || !isNumber(text)) return { kind: "none" };
  if (ONE_GROUP.test(text)) return { kind: "doubt", mark: point ? "." : "," };
  if (comma && GROUPED[","].test(text)) return { kind: "proof", decimal: ".", groups: true };
  if (point && GROUPED["."].test(text)) return { kind: "proof", decimal: ",", groups: true };
  return { kind: "proof", decimal: point ? "." : ",", groups: false };
}
