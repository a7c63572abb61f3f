// The list of slides and what is shown beside the stages, kept in the browser from one talk to the next.
import { keepText, keptText } from "../kept-text";

export const PRESENT_PARTS = ["caption", "numbers", "time"] as const;
export type PresentPart = (typeof PRESENT_PARTS)[number];

export interface Prepared {
  /** a link a line, as it was typed */
  text: string;
  /** what is shown beside the stages */
  parts: readonly PresentPart[];
}

const NAME = "flow-playground-talk";

/** What cannot be read is as if nothing had been kept. */
export function preparedFrom(kept: string | null): Prepared {
  try {
    const { text, parts } = JSON.parse(kept ?? "{}") as Record<string, unknown>;
    return {
      text: typeof text === "string" ? text : "",
      parts: Array.isArray(parts) ? PRESENT_PARTS.filter((part) => parts.includes(part)) : PRESENT_PARTS,
    };
  } catch {
    return { text: "", parts: PRESENT_PARTS };
  }
}

export function keptTalk(): Prepared {
  return preparedFrom(keptText(NAME));
}

/** Whether it is kept. */
export function keepTalk(prepared: Prepared): boolean {
  return keepText(NAME, JSON.stringify(prepared));
}
