// What all panels' trainings come to together.
import { isTrainable } from "./panel";
import type { PanelState, State } from "./state";

export type TrainingLabel = "Train" | "Pause" | "Continue" | "Done";

/** What the one training button would do. */
export function trainingLabel({ panels }: State): TrainingLabel {
  if (panels.some(({ phase }) => phase === "training")) return "Pause";
  if (panels.every(({ spent }) => spent >= 1)) return "Done";
  return panels.some((panel) => panel.step > 0 || hasTrained(panel)) ? "Continue" : "Train";
}

export function isPretrained({ panels }: State): boolean {
  return panels.some(({ origin }) => origin === "pretrained");
}

/** How far back the panels are, as a share of the training there has been: 1 at its end. */
export function rewindShare({ panels }: State): number {
  const shares = panels.filter(hasTrained).map(({ step, firstStep, losses }) => (step - firstStep) / losses.count);
  return shares.length === 0 ? 1 : Math.min(...shares);
}

export function hasTrained({ losses }: PanelState): boolean {
  return losses.count > 0;
}

/** Seconds of training left at the present speed; null where that can't be known yet. */
export function secondsLeft(panel: PanelState): number | null {
  const { spent, seconds, step, budget, stepsPerSecond } = panel;
  if (!isTrainable(panel) || spent >= 1 || stepsPerSecond === null || spent <= 0) return null;
  if (budget.seconds !== null || budget.networkEvaluations !== null) return (seconds * (1 - spent)) / spent;
  return (budget.steps - step) / stepsPerSecond;
}
