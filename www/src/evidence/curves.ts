// The panels' numbers as charts' data, and what they are made from, so that a chart is drawn again only when that changes.
import type { Chart, Floor, LossChart, NfePoint, NfeSeries } from "../charts/chart";
import { methodOf } from "../experiment/methods";
import { msg } from "../language";
import type { CostPoint } from "../library";
import { drawnAlike, isTrainable, titleOf } from "../state/panel";
import type { Costs, Measured, PanelState, Quality, State } from "../state/state";
import { floorText } from "./columns";
import { whyApart, whyOtherClock } from "./fair";
import { evaluationsFor, type Line } from "./line";
import { between } from "./numbers";
import { sharedLine } from "./standing";

/** What quality is drawn against. */
export type Against = "seconds" | "evaluations" | "nfe";

type Compared = Pick<State, "panels" | "quality" | "setup" | "qualityLine">;

export const QUALITY_TITLES: Readonly<Record<Quality, string>> = { slicedW2: msg("sliced W₂²"), kl: msg("KL, nats") };

/** Null before the first training step. `above`: what it is above its floor, where that is known. */
export function lossChart(panel: PanelState, above: boolean): LossChart | null {
  const { slot, losses, budget, floor } = panel;
  if (losses.count === 0) return null;
  // A limit of seconds or evaluations ends training at some step, and nobody knows at which.
  const isKnown = budget.seconds === null && budget.networkEvaluations === null;
  return {
    kind: "loss",
    slot,
    title: titleOf(panel),
    losses,
    budget: isKnown ? budget.steps : null,
    floor: floor && { value: floor.value, shown: floorText(floor.value, floor.standardError) },
    hasRounds: methodOf(panel.method).rounds !== undefined,
    above,
    ...(panel.ghost !== null && panel.ghost.losses.count > 0 && { ghost: panel.ghost.losses }),
  };
}

export function lossVersion({ method, losses, budget, floor, ghost }: PanelState, above: boolean): readonly unknown[] {
  return [method, losses, budget, floor, above, ghost];
}

/** Who is drawn in a chart that all share: of one data set and noise, and along seconds of one engine. */
function drawnIn(against: Against, state: Compared): PanelState[] {
  return state.panels.filter((panel) => whyNotDrawn(panel, against, state) === null);
}

function whyNotDrawn(panel: PanelState, against: Against, state: Compared): string | null {
  return whyApart(panel, state) ?? (against === "seconds" ? whyOtherClock(panel, state) : null);
}

/** Who has something to draw and is left out, and why. */
export function leftOut(against: Against, state: Compared): string[] {
  return state.panels.flatMap((panel) => {
    const why = whyNotDrawn(panel, against, state);
    return why !== null && hasPoints(panel, against, state) ? [msg(`${titleOf(panel)} ${why}: not drawn here.`)] : [];
  });
}

/** On how many points what is drawn was measured: "512 to 4,096". */
export function pointsIn(against: Against, state: Compared): string {
  const drawn = drawnIn(against, state);
  if (against === "nfe") return between(drawn.flatMap(({ costs }) => costs?.points.map(({ n }) => n) ?? []));
  const all = drawn.filter(isTrainable).flatMap((panel) => courseOf(panel, state.quality));
  const shown = all.filter((measured) => qualityOf(measured, state.quality) !== null);
  return between(shown.map(({ n, likelihoodN }) => (state.quality === "slicedW2" ? n : likelihoodN)));
}

/** Null where nothing is measured that could be drawn. */
export function qualityChart(against: Against, state: Compared): Chart | null {
  const { quality } = state;
  const panels = drawnIn(against, state);
  return against === "nfe" ? nfeChart(panels, sharedLine(state)) : costChart(against, panels, quality);
}

export function qualityVersion(against: Against, state: Compared): readonly unknown[] {
  const { quality } = state;
  const panels = drawnIn(against, state);
  if (against === "nfe") return [sharedLine(state)?.value, ...panels.flatMap(({ method, costs }) => [method, costs])];
  return [quality, ...panels.flatMap(({ method, history }) => [method, history])];
}

/** Whether its chart has anything to show; asked many times a second, so without making it. */
export function hasQuality(against: Against, state: Compared): boolean {
  return drawnIn(against, state).some((panel) => hasPoints(panel, against, state));
}

function hasPoints(panel: PanelState, against: Against, { quality }: Compared): boolean {
  if (against === "nfe") return panel.costs?.points.some(({ slicedW2 }) => slicedW2 !== null) ?? false;
  return isTrainable(panel) && courseOf(panel, quality).some((measured) => qualityOf(measured, quality) !== null);
}

function costChart(against: "seconds" | "evaluations", panels: readonly PanelState[], quality: Quality): Chart | null {
  const cost = against === "seconds" ? "seconds" : "networkEvaluations";
  const series = panels.filter(isTrainable).flatMap((panel) => {
    const points = courseOf(panel, quality).flatMap((measured) => {
      const value = qualityOf(measured, quality);
      return value === null || measured[cost] <= 0 ? [] : [{ cost: measured[cost], value }];
    });
    return points.length === 0 ? [] : [{ slot: panel.slot, title: titleOf(panel), points }];
  });
  if (series.length === 0) return null;
  const all = panels.flatMap((panel) => courseOf(panel, quality));
  return { kind: "quality-cost", cost, quality: QUALITY_TITLES[quality], series, floor: floorOf(all, quality) };
}

/** A likelihood is the same whatever draws the samples. */
function courseOf(panel: PanelState, quality: Quality): readonly Measured[] {
  return quality === "slicedW2" ? drawnAlike(panel) : panel.history;
}

/** A KL below its error is drawn at it: on a logarithmic axis there is no 0, and it isn't told apart from that. */
function qualityOf(measured: Measured, quality: Quality): number | null {
  if (quality === "slicedW2") return measured.slicedW2;
  const { kl, klStandardError, converged } = measured;
  const shown = Math.max(kl ?? 0, klStandardError ?? 0);
  return kl === null || !converged || shown <= 0 ? null : shown;
}

function floorOf(all: readonly Measured[], quality: Quality): Floor | null {
  if (quality === "slicedW2") return distanceFloor(all);
  return middle(
    all.flatMap(({ kl, klStandardError }) => (kl === null ? [] : (klStandardError ?? []))),
    msg("one standard error"),
  );
}

/** Each measurement has its own floor, from its own points: the middle one speaks for them. */
function middle(values: readonly number[], meaning: string): Floor | null {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const value = sorted[Math.floor((sorted.length - 1) / 2)];
  return value === undefined ? null : { value, spread: null, meaning };
}

type Floored = Pick<CostPoint, "slicedW2Floor" | "slicedW2FloorSpread">;

/** With how far single pairs of data scatter about it. */
function distanceFloor(all: readonly Floored[]): Floor | null {
  const known = all.filter(({ slicedW2Floor }) => slicedW2Floor !== null);
  const floor = middle(
    known.map(({ slicedW2Floor }) => slicedW2Floor ?? 0),
    msg("floor: data against data"),
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
  for (const { solver, sampler, nfe, slicedW2, slicedW2StandardError: error } of points) {
    if (slicedW2 === null || slicedW2 <= 0) continue;
    const adaptive = !sampler && solver.tolerance !== undefined && solver.tolerance !== null;
    const name = `${(sampler ?? solver).kind} ${adaptive}`;
    const group = byName.get(name) ?? { adaptive, points: [] };
    group.points.push({ nfe, value: slicedW2, error });
    byName.set(name, group);
  }
  return [...byName.values()].map((group) => ({ ...group, points: group.points.sort((a, b) => a.nfe - b.nfe) }));
}
