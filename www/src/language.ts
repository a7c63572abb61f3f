// What a reader is told, in the language that the site is built in. Words stand in the source in English, each within `msg`; the
// build puts another language's in their place (`build/translation.ts`), and in English leaves nothing of the call.

/**
 * A text that a reader sees: a string, a template, or an html`…` template, written out where it is wrapped. `context` tells apart
 * what is one word in English and two elsewhere.
 */
export function msg<const Text>(text: Text, _context?: string): Text {
  return text;
}

/** The signs of a number: its thousands' and its decimal one. Undefined where they are as in English. */
const SIGNS: { readonly thousands: string; readonly decimal: string } | undefined = import.meta.env?.VITE_NUMBER_SIGNS;

/** A number on screen, as JavaScript writes it in English, 1,234.5. What is written for machines, links too, stays as it is. */
export function num(text: string): string {
  if (SIGNS === undefined) return text;
  const { thousands, decimal } = SIGNS;
  return text.replace(/[.,](?=\d)/g, (sign) => (sign === "." ? decimal : thousands));
}
