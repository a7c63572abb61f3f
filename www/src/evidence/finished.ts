// When a panel's training is a result to keep, and of what.
import { digestOf } from "../experiment/digest";
import { drawnAlike, isTrainable, titleOf } from "../state/panel";
import type { CourseQuality, NfeQuality, Result } from "../state/results";
import type { PanelState } from "../state/state";
import { clockOf } from "./fair";

/** Null until the budget is spent and its last weights are measured. Asked again when more is known, it tells more. */
export function resultOf(panel: PanelState): Result | null {
  const { experiment, measured, origin, spent, step, seconds, networkEvaluations, method, dim } = panel;
  const isDone = spent >= 1 && step > 0 && origin === "seed" && isTrainable(panel);
  if (!isDone || experiment === null || measured === null || measured.step !== step) return null;
  const { nll, kl, slicedW2, slicedW2Floor, converged, n, solver } = measured;
  return {
    key: resultKey(panel),
    title: titleOf(panel),
    method,
    data: experiment.data.kind,
    dim,
    seed: experiment.seed,
    seconds,
    networkEvaluations,
    costs: panel.costs?.step === step ? costsOf(panel) : [],
    course: courseOf(panel),
    nll,
    kl,
    slicedW2,
    slicedW2Floor,
    converged,
    n,
    solver,
  };
}

/** What is kept of quality against evaluations. */
export function costsOf({ costs }: Pick<PanelState, "costs">): NfeQuality[] {
  return (costs?.points ?? []).map(({ nfe, slicedW2, slicedW2StandardError, slicedW2Floor }) => ({
    nfe,
    slicedW2,
    slicedW2StandardError,
    slicedW2Floor,
  }));
}

/** And of quality in the course of training. */
export function courseOf(panel: Pick<PanelState, "history" | "measured">): CourseQuality[] {
  return drawnAlike(panel).map(({ seconds, networkEvaluations, slicedW2, slicedW2Floor }) => ({
    seconds,
    networkEvaluations,
    slicedW2,
    slicedW2Floor,
  }));
}

/**
 * What two seeds must have alike to be averaged: the experiment, the data, where it was computed, and the solver that the
 * samples were measured with. Of what the run was started on, whatever the reader has chosen since. Empty before there is a run.
 */
export function resultKey(panel: PanelState): string {
  if (panel.experiment === null) return "";
  const { seed: _, ...experiment } = panel.experiment;
  const source = panel.points === null ? [] : [panel.points.name, fingerprint(panel.points.points), ...labelled(panel)];
  const extended = panel.extended.length === 0 ? [] : [{ extended: panel.extended }];
  return JSON.stringify([
    experiment,
    clockOf(panel),
    panel.dim,
    panel.measured?.solver ?? null,
    ...source,
    ...extended,
  ]);
}

/** By which column classes or numbers are told, where the network is told them. */
function labelled({ points, experiment }: PanelState): string[] {
  const told = experiment?.condition?.kind === "numbers" ? points?.observed : points?.labels;
  return experiment?.condition && told ? [told.column] : [];
}

const fingerprints = new WeakMap<Float64Array, number>();

/** Two files of one name are different data. Found once per file. */
function fingerprint(points: Float64Array): number {
  const known = fingerprints.get(points);
  if (known !== undefined) return known;
  const hash = digestOf(new Uint32Array(points.buffer, points.byteOffset, 2 * points.length));
  fingerprints.set(points, hash);
  return hash;
}
