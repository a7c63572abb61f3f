// What all panels' trainings come to together.
import { msg } from "../language";
import { isTrainable } from "./panel";
import type { PanelState, State } from "./state";

export type TrainingLabel = "train" | "pause" | "continue" | "done";

export const TRAINING_TITLES: Readonly<Record<TrainingLabel, string>> = {
  train: msg("Train"),
  pause: msg("Pause"),
  continue: msg("Continue"),
  done: msg("Done"),
};

/** What the one training button would do. */
export function trainingLabel({ panels }: State): TrainingLabel {
  if (panels.some(({ phase }) => phase === "training")) return "pause";
  if (panels.every(({ spent }) => spent >= 1)) return "done";
  return panels.some((panel) => panel.step > 0 || hasTrained(panel)) ? "continue" : "train";
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

/** What a training step has taken so far, and all of them will; null before the first. */
export function costOf(panel: PanelState): { perStep: number; inAll: number; evaluations: number } | null {
  const { step, firstStep, seconds, networkEvaluations, budget } = panel;
  const done = step - firstStep;
  if (done <= 0) return null;
  const [perStep, evaluations] = [seconds / done, networkEvaluations / done];
  const steps = Math.min(budget.steps, (budget.networkEvaluations ?? Number.POSITIVE_INFINITY) / evaluations);
  return { perStep, inAll: Math.min(perStep * steps, budget.seconds ?? Number.POSITIVE_INFINITY), evaluations };
}

/** Seconds of training left at the present speed; null where that can't be known yet. */
export function secondsLeft(panel: PanelState): number | null {
  const { spent, seconds, step, budget, stepsPerSecond } = panel;
  if (!isTrainable(panel) || spent >= 1 || stepsPerSecond === null || spent <= 0) return null;
  if (budget.seconds !== null || budget.networkEvaluations !== null) return (seconds * (1 - spent)) / spent;
  return (budget.steps - step) / stepsPerSecond;
}
