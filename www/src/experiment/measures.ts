// What can be measured of a panel beyond what the summary table always shows: the columns that can be switched on.

/** In the order of the table. */
export const COLUMN_IDS = [
  "mmd",
  "w2",
  "straightness",
  "transport-cost",
  "path-energy",
  "ess",
  "log-z",
  "delta-f",
  "frechet",
  "accuracy",
  "left-out-w1",
  "left-out-w2",
  "left-out-mmd",
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];
