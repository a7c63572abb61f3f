// How far an element's trainings are, as its events tell it.
import type { PanelState } from "../state/state";
import type { Progress } from "./attributes";

export function trainedTo(all: readonly PanelState[]): Progress {
  const panels = all.map(({ slot, step, loss, spent }) => ({ slot, step, loss, spent }));
  const share = panels.reduce((sum, { spent }) => sum + Math.min(1, spent), 0) / panels.length;
  return { phase: "training", share, panels };
}

/** Something was trained, and every budget is spent. */
export function finishedTo({ panels }: Progress): boolean {
  return panels.some(({ step }) => step > 0) && panels.every(({ spent }) => spent >= 1);
}
