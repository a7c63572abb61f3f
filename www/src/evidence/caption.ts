// What is said below the summary table: on what its numbers were measured, and what is not compared, and why.
import type { Setup } from "../experiment/presets";
import { drawnSaid } from "../experiment/said";
import { msg } from "../language";
import { titleOf } from "../state/panel";
import type { Column, Row } from "./columns";
import type { Line } from "./line";
import { between, plain } from "./numbers";

/** On how many points, of what, with which solver, where. */
export function tableCaption(
  rows: readonly Row[],
  setup: Setup,
  columns: readonly Column[],
  line: Pick<Line, "value"> | null,
): string {
  const all = rows.flatMap(({ panel }) => panel.measured ?? []);
  if (all.length === 0) return msg("Measured on held-out points when training pauses, and now and then while it runs.");
  const solvers = listed(all.map(({ solver }) => drawnSaid(solver)));
  const dims = listed(rows.map(({ panel }) => (panel.picture.space ? 2 : panel.dim)));
  const seeds = rows.some(({ standing }) => standing.seeds > 1)
    ? msg("Where several seeds ran: their mean ± their standard deviation.")
    : msg("± is what the measurement alone may be off by: another seed of training can differ by more.");
  const points = pointsOf(rows);
  return [
    dims === "1"
      ? msg(`${points} in 1 dimension, samples drawn by ${solvers}, on this machine.`)
      : msg(`${points} in ${dims} dimensions, samples drawn by ${solvers}, on this machine.`),
    ...(dims === "1" ? [msg("On a line sliced W₂² is W₂² itself.")] : []),
    ...heldOutOf(rows),
    seeds,
    ...unitsOf(rows),
    ...staleOf(rows),
    ...(line === null ? [] : [msg(`Equal quality: sliced W₂² ${plain(line.value)}.`)]),
    ...unranked(rows),
    ...reasons(rows, setup, columns),
  ].join(" ");
}

function listed(all: readonly (string | number)[]): string {
  return [...new Set(all)].join(msg(" and "));
}

function pointsOf(rows: readonly Row[]): string {
  const all = rows.flatMap(({ panel }) => panel.measured ?? []);
  const distances = between(all.map(({ n }) => n));
  const likelihoods = between(all.flatMap(({ nll, likelihoodN }) => (nll === null ? [] : [likelihoodN])));
  const costs = between(rows.flatMap(({ panel }) => panel.costs?.points.map(({ n }) => n) ?? []));
  const details = between(rows.flatMap(({ panel }) => panel.details?.n ?? []));
  const parts = [
    msg(`distances on ${distances}`),
    ...(likelihoods === "" || likelihoods === distances ? [] : [msg(`likelihoods on ${likelihoods}`)]),
    ...(costs === "" || costs === distances ? [] : [msg(`NFE needed on ${costs}`)]),
    ...(details === "" || details === distances ? [] : [msg(`further columns on ${details}`)]),
  ];
  const one = parts.length === 1 ? msg(`On ${distances}`) : parts.join(", ").replace(/^d/, "D");
  return all.some(({ heldOut }) => !heldOut) ? msg(`${one} points`, "on") : msg(`${one} held-out points`);
}

function heldOutOf(rows: readonly Row[]): string[] {
  const isAll = rows.every(({ panel }) => panel.measured === null || panel.measured.heldOut);
  if (isAll) return [];
  return [
    msg(
      "Nothing is held out: these points are too few, so what is measured was trained on, and nothing is ranked by likelihood.",
    ),
  ];
}

function unitsOf(rows: readonly Row[]): string[] {
  const isStandardized = rows.some(({ panel }) => panel.measured?.standardized);
  return isStandardized ? [msg("Distances are in units of each column's standard deviation.")] : [];
}

function staleOf(rows: readonly Row[]): string[] {
  const isStale = rows.some(({ panel }) =>
    [panel.measured, panel.costs].some((found) => found && found.step < panel.step),
  );
  return isStale ? [msg("Some numbers are some steps old.")] : [];
}

/** Who is in no ranks, and why. */
function unranked(rows: readonly Row[]): string[] {
  return rows.flatMap(({ panel, standing }) => {
    if (standing.apart !== null) return [msg(`${titleOf(panel)} ${standing.apart}: it is set apart, and not ranked.`)];
    const hasBegun = panel.step > 0;
    const { isFinished, otherClock } = standing;
    const clock = otherClock === null ? [] : [msg(`${titleOf(panel)} ${otherClock}: its seconds are not compared.`)];
    return isFinished || !hasBegun
      ? clock
      : [msg(`${titleOf(panel)} is not ranked before its training is finished.`), ...clock];
  });
}

/** Why a number is missing, for those who can't point at its dash. */
function reasons(rows: readonly Row[], setup: Setup, columns: readonly Column[]): string[] {
  const cells = rows.flatMap((row) => columns.map(({ cell }) => cell(row, setup)));
  return [...new Set(cells.flatMap((cell) => ("absent" in cell && cell.why ? [cell.why] : [])))];
}
