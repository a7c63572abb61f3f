// How many evaluations samples need: the fewest at which they are as good as they get.
import type { CostPoint } from "../library";

/** As good as the best found: within a tenth. */
const TOLERANCE = 0.1;

/** What is said of the number. */
export const FEWEST_RULE =
  "The fewest evaluations of the velocity field, with any solver tried, at which the samples are as good as they get: their sliced W₂² is at most 10 % and one floor (fresh data against fresh data) above the best found.";

export interface Fewest {
  nfe: number;
  value: number;
}

/** Null where no solver's samples could be compared. */
export function fewestEvaluations(points: readonly CostPoint[], tolerance = TOLERANCE): Fewest | null {
  const tried = points.flatMap(({ nfe, slicedW2, slicedW2Floor }) =>
    slicedW2 === null ? [] : [{ nfe, value: slicedW2, floor: slicedW2Floor ?? 0 }],
  );
  const best = Math.min(...tried.map(({ value }) => value));
  const enough = tried.filter(({ value, floor }) => value <= best * (1 + tolerance) + floor);
  const [fewest] = enough.sort((a, b) => a.nfe - b.nfe || a.value - b.value);
  return fewest === undefined ? null : { nfe: fewest.nfe, value: fewest.value };
}
