// The names of all settings in a link. Apart from what they mean, so that an element knows its attributes before anything
// is loaded.
export const KEYS = [
  "panels",
  "method",
  "data",
  "noise",
  "seed",
  "width",
  "depth",
  "budget",
  "solver",
  "steps",
  "layers",
  "colors",
  "particles",
  "t",
  "play",
  "motion",
  "loop",
  "speed",
  "camera",
  "plane",
  "inspect",
  "quality",
  "quality-line",
  "columns",
  "above-floor",
  "hide",
  "theme",
  "points",
] as const;

export type KeyName = (typeof KEYS)[number];
