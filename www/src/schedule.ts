// What a panel should ask its engine for next: while it trains, pictures and measurements may take only a part of its
// time; when it rests, the picture is refined.
import type { LayerSwitches } from "./stage/layers";

export type Task =
  | { kind: "generated"; n: number }
  | { kind: "paths" }
  | { kind: "density"; size: number }
  | { kind: "measured"; n: number }
  | { kind: "rounds"; n: number };
export type TaskKind = Task["kind"];

/** What was last done of a kind: on which weights and settings (`key`), when it ended and how long it took. */
export interface Done {
  key: string;
  atMs: number;
  costMs: number;
}

export type Ledger = Partial<Record<TaskKind, Done>>;

export interface Situation {
  /** changes with the weights */
  version: string;
  /** changes with the round in training */
  round: string;
  /** changes with the solver that samples */
  sampler: string;
  layers: LayerSwitches;
  training: boolean;
  /** whether there is anything worth measuring */
  measurable: boolean;
  /** whether it is trained in rounds that are measured one by one */
  hasRounds: boolean;
  /** conditional paths do not change in training, trajectories do */
  pathsAreFixed: boolean;
  nowMs: number;
}

/** While training: the shortest rest between two, and the rest as a multiple of what one costs. */
const REST: Record<TaskKind, { leastMs: number; perCost: number }> = {
  generated: { leastMs: 90, perCost: 3 },
  paths: { leastMs: 600, perCost: 12 },
  density: { leastMs: 1500, perCost: 12 },
  measured: { leastMs: 6000, perCost: 16 },
  rounds: { leastMs: 6000, perCost: 16 },
};
const GRID_SIZES = [24, 48, 96] as const;
/** particles, and held-out points: fewer while training, which waits for them */
const PARTICLES = { training: 400, resting: 800 };
const MEASURED = { training: 256, resting: 512 };
const MEASURED_ROUND = 256;

export function keyOf(task: Task, situation: Situation): string {
  const { version, round, sampler, training, pathsAreFixed } = situation;
  switch (task.kind) {
    case "generated":
      return `${version} ${sampler} ${task.n}`;
    case "paths":
      return pathsAreFixed ? "fixed" : `${version} ${sampler}`;
    case "density":
      return `${version} ${task.size}`;
    case "measured":
      return `${version} ${task.n}`;
    case "rounds":
      return training ? `in ${round}` : version;
  }
}

function wanted({ layers, training, measurable, hasRounds }: Situation): Task[] {
  const [coarse, medium, fine] = GRID_SIZES;
  const pace = training ? "training" : "resting";
  const pictures: Task[] = [{ kind: "generated", n: PARTICLES[pace] }];
  if (layers.paths) pictures.push({ kind: "paths" });
  if (layers.density) pictures.push({ kind: "density", size: coarse });
  const measurements: Task[] = measurable ? [{ kind: "measured", n: MEASURED[pace] }] : [];
  if (measurable && hasRounds) measurements.push({ kind: "rounds", n: MEASURED_ROUND });
  if (training || !layers.density) return [...pictures, ...measurements];
  return [...pictures, { kind: "density", size: medium }, ...measurements, { kind: "density", size: fine }];
}

/** Whether the ledger shows this done, or done better, for the present weights. */
function isDone(task: Task, situation: Situation, ledger: Ledger): boolean {
  const done = ledger[task.kind]?.key;
  if (task.kind === "density") {
    return GRID_SIZES.some((size) => size >= task.size && done === keyOf({ kind: "density", size }, situation));
  }
  return done === keyOf(task, situation);
}

function isRested(task: Task, { training, nowMs }: Situation, ledger: Ledger): boolean {
  const done = ledger[task.kind];
  if (!training || done === undefined) return true;
  const { leastMs, perCost } = REST[task.kind];
  return nowMs - done.atMs >= Math.max(leastMs, perCost * done.costMs);
}

export function nextTask(situation: Situation, ledger: Ledger): Task | null {
  const due = wanted(situation).filter((task) => !isDone(task, situation, ledger) && isRested(task, situation, ledger));
  return due[0] ?? null;
}
