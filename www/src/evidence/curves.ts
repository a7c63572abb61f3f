// The panels' numbers as charts' data, and what they are made from, so that a chart is drawn again only when that changes.
import type { Chart, Floor, LossChart, NfePoint, NfeSeries } from "../charts/chart";
import { methodOf } from "../experiment/methods";
import type { CostPoint } from "../library";
import { isTrainable, titleOf } from "../state/panel";
import type { Costs, Measured, PanelState, Quality, Scatter, State } from "../state/state";
import { evaluationsFor, type Line } from "./line";
import { sharedLine } from "./standing";

/** What quality is drawn against. */
export type Against = "seconds" | "evaluations" | "nfe";

type Compared = Pick<State, "panels" | "quality" | "setup" | "qualityLine">;

export const QUALITY_TITLES: Readonly<Record<Quality, string>> = { slicedW2: "sliced W₂²", kl: "KL, nats" };

/** Null before the first training step. `above`: what it is above its floor, where that is known. */
export function lossChart(panel: PanelState, above: boolean): LossChart | null {
  const { slot, losses, budget, floor } = panel;
  if (losses.length === 0) return null;
  // A limit of seconds or evaluations ends training at some step, and nobody knows at which.
  const isKnown = budget.seconds === null && budget.networkEvaluations === null;
  return {
    kind: "loss",
    slot,
    title: titleOf(panel),
    losses,
    budget: isKnown ? budget.steps : null,
    floor,
    hasRounds: methodOf(panel.method).rounds !== undefined,
    above,
  };
}

export function lossVersion({ method, losses, budget, floor }: PanelState, above: boolean): readonly unknown[] {
  return [method, losses, budget, floor, above];
}

/** Null where nothing is measured that could be drawn. */
export function qualityChart(against: Against, state: Compared): Chart | null {
  const { panels, quality } = state;
  return against === "nfe" ? nfeChart(panels, sharedLine(state)) : costChart(against, panels, quality);
}

export function qualityVersion(against: Against, state: Compared): readonly unknown[] {
  const { panels, quality } = state;
  if (against === "nfe") return [sharedLine(state)?.value, ...panels.flatMap(({ method, costs }) => [method, costs])];
  return [quality, ...panels.flatMap(({ method, history }) => [method, history])];
}

/** Whether its chart has anything to show; asked many times a second, so without making it. */
export function hasQuality(against: Against, { panels, quality }: Pick<Compared, "panels" | "quality">): boolean {
  if (against === "nfe") return panels.some(({ costs }) => costs?.points.some(({ slicedW2 }) => slicedW2 !== null));
  return panels
    .filter(isTrainable)
    .some(({ history }) => history.some((measured) => qualityOf(measured, quality) !== null));
}

function costChart(against: "seconds" | "evaluations", panels: readonly PanelState[], quality: Quality): Chart | null {
  const cost = against === "seconds" ? "seconds" : "networkEvaluations";
  const series = panels.filter(isTrainable).flatMap((panel) => {
    const points = panel.history.flatMap((measured) => {
      const value = qualityOf(measured, quality);
      return value === null || measured[cost] <= 0 ? [] : [{ cost: measured[cost], value }];
    });
    return points.length === 0 ? [] : [{ slot: panel.slot, title: titleOf(panel), points }];
  });
  if (series.length === 0) return null;
  const all = panels.flatMap(({ history }) => history);
  return { kind: "quality-cost", cost, quality: QUALITY_TITLES[quality], series, floor: floorOf(all, quality) };
}

/** A KL below its error is drawn at it: on a logarithmic axis there is no 0, and it isn't told apart from that. */
function qualityOf(measured: Measured, quality: Quality): number | null {
  if (quality === "slicedW2") return measured.slicedW2;
  const { kl, klStandardError, converged } = measured;
  const shown = Math.max(kl ?? 0, klStandardError ?? 0);
  return kl === null || !converged || shown <= 0 ? null : shown;
}

function floorOf(all: readonly Measured[], quality: Quality): Floor | null {
  if (quality === "slicedW2") {
    return distanceFloor(all);
  }
  return middle(
    all.flatMap(({ kl, klStandardError }) => (kl === null ? [] : (klStandardError ?? []))),
    "one standard error",
  );
}

/** Each measurement has its own floor, from its own points: the middle one speaks for them. */
function middle(values: readonly number[], meaning: string): Floor | null {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const value = sorted[Math.floor((sorted.length - 1) / 2)];
  return value === undefined ? null : { value, spread: null, meaning };
}

type Floored = Pick<CostPoint, "slicedW2Floor"> & Scatter;

/** With how far single pairs of data scatter about it. */
function distanceFloor(all: readonly Floored[]): Floor | null {
  const known = all.filter(({ slicedW2Floor }) => slicedW2Floor !== null);
  const floor = middle(
    known.map(({ slicedW2Floor }) => slicedW2Floor ?? 0),
    "floor: data against data",
  );
  const its = known.find(({ slicedW2Floor }) => slicedW2Floor === floor?.value);
  return floor && { ...floor, spread: its?.slicedW2FloorSpread ?? null };
}

function nfeChart(panels: readonly PanelState[], line: Line | null): Chart | null {
  const measured = panels.flatMap((panel) => (panel.costs === null ? [] : [{ panel, points: panel.costs.points }]));
  const series = measured.flatMap(({ panel, points }): NfeSeries[] => {
    const solvers = solversOf(points);
    const reached = line && firstAt(solvers, line);
    return solvers.length === 0 ? [] : [{ slot: panel.slot, title: titleOf(panel), solvers, reached }];
  });
  if (series.length === 0) return null;
  const floor = distanceFloor(measured.flatMap(({ points }) => points));
  return { kind: "quality-nfe", quality: QUALITY_TITLES.slicedW2, series, floor, line: line?.value ?? null };
}

/** The point that is ringed. */
function firstAt(solvers: NfeSeries["solvers"], line: Line): NfePoint | null {
  const points = solvers.flatMap((solver) => solver.points);
  const needed = evaluationsFor(
    points.map(({ nfe, value }) => ({ nfe, slicedW2: value, slicedW2Floor: null })),
    line,
  );
  return points.find(({ nfe, value }) => nfe === needed?.value && value <= line.value) ?? null;
}

/** The points of each solver from few evaluations to many; one with a tolerance chooses its own steps. */
function solversOf(points: Costs["points"]): NfeSeries["solvers"] {
  const byName = new Map<string, { adaptive: boolean; points: NfePoint[] }>();
  for (const { solver, nfe, slicedW2, slicedW2StandardError: error } of points) {
    if (slicedW2 === null || slicedW2 <= 0) continue;
    const adaptive = solver.tolerance !== undefined && solver.tolerance !== null;
    const name = `${solver.kind} ${adaptive}`;
    const group = byName.get(name) ?? { adaptive, points: [] };
    group.points.push({ nfe, value: slicedW2, error: error ?? null });
    byName.set(name, group);
  }
  return [...byName.values()].map((group) => ({ ...group, points: group.points.sort((a, b) => a.nfe - b.nfe) }));
}
