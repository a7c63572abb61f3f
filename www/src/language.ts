// What a reader is told, in the language that the site is built in. Words stand in the source in English, each within `msg`; the
// build puts another language's in their place (`build/translation.ts`), and in English leaves nothing of the call.

/**
 * A text that a reader sees: a string, a template, or an html`…` template, written out where it is wrapped. `context` tells apart
 * what is one word in English and two elsewhere.
 */
export function msg<const Text>(text: Text, _context?: string): Text {
  return text;
}

/** What differs from English beside its words. Undefined in English. */
const WAYS: { readonly thousands: string; readonly decimal: "." | "," } | undefined = import.meta.env
  ?.VITE_LANGUAGE_WAYS;

/**
 * A number on screen, of what JavaScript writes in English: -1,234.5 with a minus, where that writes a hyphen, and in this
 * language's way. What is written for machines, links too, stays as it is.
 */
export function num(text: string): string {
  const signed = withMinus(text);
  if (WAYS === undefined) return signed;
  const { thousands, decimal } = WAYS;
  return signed.replace(/[.,](?=\d)/g, (sign) => (sign === "." ? decimal : thousands));
}

/** Of numbers alone: 8-gaussians and 1e-5 keep their hyphens. */
export function withMinus(text: string): string {
  return text.replace(/(^|[ (])-(?=\d)/g, "$1−");
}

/** The sign before a number's fraction, where both of them may be meant. */
export const DECIMAL_SIGN: "." | "," = WAYS?.decimal ?? ".";

/** A title within a sentence: its first letter stays large where nouns have one. */
export function inSentence(title: string): string {
  return WAYS === undefined ? title.toLowerCase() : title;
}
