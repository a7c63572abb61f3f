// How the panels are told apart in every chart: by color, and without it by dash, symbol and letter.
import type { Slot } from "./chart";

export interface SlotMark {
  /** on charts and in the table */
  letter: string;
  /** declared in controls/evidence.css, for light and dark */
  color: string;
  /** SVG's stroke-dasharray */
  dash: string;
  symbol: "circle" | "square" | "triangle" | "diamond";
}

export const SLOT_MARKS: Readonly<Record<Slot, SlotMark>> = {
  a: { letter: "A", color: "var(--slot-a)", dash: "none", symbol: "circle" },
  b: { letter: "B", color: "var(--slot-b)", dash: "7 3", symbol: "square" },
  c: { letter: "C", color: "var(--slot-c)", dash: "2 3", symbol: "triangle" },
  d: { letter: "D", color: "var(--slot-d)", dash: "8 3 2 3", symbol: "diamond" },
};
