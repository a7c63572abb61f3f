// What a finished comparison has come to, in a sentence.
import { msg } from "../language";
import type { State } from "../state/state";
import { ranks } from "./ranks";
import { standingOf } from "./standing";

/** Whose samples are nearest to the data, and who is not told apart from it; null until all are done and measured on the same data. */
export function verdictOf(state: State): string | null {
  const { panels } = state;
  const isDone = panels.every(({ spent, measured, step }) => spent >= 1 && measured?.step === step);
  const standings = panels.map((panel) => standingOf(panel, state));
  if (panels.length < 2 || !isDone || standings.some(({ apart, of }) => apart !== null || of.slicedW2 === null))
    return null;
  const places = ranks(standings.map(({ of }) => of.slicedW2));
  const first = panels.filter((_, i) => places[i] === 1).map(({ slot }) => slot.toUpperCase());
  if (first.length === panels.length) return msg("By sliced W₂² none is nearer to the data.");
  const names = first.join(msg(" and "));
  return first.length === 1 ? msg(`${names} is nearest to the data.`) : msg(`${names} are nearest to the data.`);
}
