// From where to where a reader's numbers may go.

/** 32 bits. */
export const MAX_SEED = 0xffff_ffff;

/** A budget's limit: from, to, and whether only whole numbers. */
export const BUDGET_LIMITS = {
  steps: { min: 1, max: 10_000_000, whole: true },
  seconds: { min: 0.001, max: 1e6, whole: false },
  /** beyond it a number of JavaScript no longer counts by ones */
  networkEvaluations: { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true },
} as const;

export const FEWEST_POINTS = 16;
export const MOST_POINTS = 100_000;
/** As many coordinates as the engine models. */
export const MOST_COLUMNS = 128;
/** And of a picture: 32 × 32 pixels of three colors. */
export const MOST_PIXELS = 3072;
/** Coordinates that a link carries: 2,000 points of the plane. More make it longer than people's tools take. */
export const MOST_LINKED = 4000;
