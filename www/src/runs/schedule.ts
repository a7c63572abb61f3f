// What a panel should ask its engine for next: while it trains, pictures and measurements may take only a part of its
// time; when it rests, the picture is refined.
import type { LayerSwitches } from "../stage/layers";

export type Task =
  | { kind: "generated"; n: number }
  | { kind: "strips" }
  | { kind: "inspection" }
  | { kind: "paths" }
  | { kind: "field"; divergence: boolean }
  | { kind: "lattice" }
  | { kind: "density"; size: number }
  | { kind: "floor" }
  | { kind: "measured"; n: number }
  | { kind: "costs"; n: number }
  | { kind: "details"; n: number }
  | { kind: "rounds"; n: number }
  | { kind: "learned" }
  | { kind: "digest" }
  | { kind: "price" };
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
  /** changes with what samples are asked to be */
  asked: string;
  /** changes with what samples */
  sampler: string;
  /** changes with what is tried at every number of evaluations */
  tried: string;
  /** changes with the columns that are on; empty where they need nothing measured */
  details: string;
  /** changes with the plane that many coordinates are seen through */
  plane: string;
  /** what is on and can be drawn of this method and these data */
  layers: LayerSwitches;
  particles: number;
  /** whether points are pictures, and shown as such */
  arePictures: boolean;
  /** whether a likelihood takes so long that it is asked for, when it is known how long; and where it would be measured */
  isAskedFor: boolean;
  device: string;
  /** whether samples take so long that fewer are measured */
  isCostly: boolean;
  /** where the inspector is and when; null while nothing is inspected */
  inspected: string | null;
  training: boolean;
  /** whether there is anything worth measuring */
  measurable: boolean;
  /** whether the weights are some steps', whose bits can be had again */
  isRepeatable: boolean;
  /** whether it is trained in rounds that are measured one by one */
  hasRounds: boolean;
  /** conditional paths do not change in training, trajectories do */
  pathsAreFixed: boolean;
  nowMs: number;
}

/** While training: the shortest rest between two, and the rest as a multiple of what one costs. */
const REST: Record<TaskKind, { leastMs: number; perCost: number }> = {
  generated: { leastMs: 90, perCost: 3 },
  strips: { leastMs: 3000, perCost: 20 },
  inspection: { leastMs: 150, perCost: 4 },
  paths: { leastMs: 600, perCost: 12 },
  field: { leastMs: 300, perCost: 8 },
  lattice: { leastMs: 200, perCost: 6 },
  density: { leastMs: 1500, perCost: 12 },
  floor: { leastMs: 0, perCost: 0 },
  measured: { leastMs: 1200, perCost: 6 },
  costs: { leastMs: 0, perCost: 0 },
  details: { leastMs: 0, perCost: 0 },
  rounds: { leastMs: 6000, perCost: 16 },
  learned: { leastMs: 0, perCost: 0 },
  digest: { leastMs: 0, perCost: 0 },
  price: { leastMs: 0, perCost: 0 },
};
const GRID_SIZES = [24, 48, 96] as const;
/** held-out points: always as many, because what chance makes of a distance depends on how many they are */
const MEASURED = 2048;
const COMPARED = 4096;
/** of pictures through a convolutional network: their floor and errors are of as many */
const COSTLY = 512;
/** An exact assignment takes no more, and a kernel's permutations take long. */
const DETAILED = 1000;
const MEASURED_ROUND = 256;

export function taskKey(task: Task, situation: Situation): string {
  const of = keyOfTask(task, situation);
  return NOT_ASKED.includes(task.kind) ? of : `${situation.asked}${of}`;
}

/** They are of the training, whatever its samples are asked to be. */
const NOT_ASKED: readonly TaskKind[] = ["floor", "rounds", "digest", "price"];

function keyOfTask(task: Task, situation: Situation): string {
  const { version, round, sampler, tried, details, plane, training, pathsAreFixed, inspected } = situation;
  switch (task.kind) {
    case "generated":
      return `${version} ${sampler} ${plane} ${task.n}`;
    case "inspection":
      return `${version} ${inspected}`;
    case "paths":
      return pathsAreFixed ? `fixed ${plane}` : `${version} ${sampler} ${plane}`;
    case "field":
      return `${version} ${task.divergence}`;
    case "lattice":
    case "strips":
    case "learned":
      return `${version} ${sampler}`;
    case "density":
      return `${version} ${task.size}`;
    case "floor":
      // Of the round alone: a reset or a rewind brings back weights, and no other loss.
      return round.slice(round.indexOf(":") + 1);
    case "measured":
      return `${version} ${sampler} ${task.n}`;
    case "costs":
      return `${version} ${tried} ${task.n}`;
    case "details":
      return `${version} ${sampler} ${details} ${task.n}`;
    case "digest":
      return version;
    case "rounds":
      return training ? `in ${round}` : version;
    case "price":
      return `${situation.device} ${round}`;
  }
}

function pictures({ layers, particles, arePictures, inspected }: Situation): Task[] {
  const [coarse] = GRID_SIZES;
  const field = layers.velocity || layers.streamlines || layers.divergence;
  const tasks: (Task | false)[] = [
    { kind: "generated", n: particles },
    arePictures && { kind: "strips" },
    inspected !== null && { kind: "inspection" },
    layers.paths && { kind: "paths" },
    field && { kind: "field", divergence: layers.divergence },
    layers.lattice && { kind: "lattice" },
    layers.density && { kind: "density", size: coarse },
  ];
  return tasks.filter((task) => task !== false);
}

/** What takes long is left to when training rests. */
function measurements({ measurable, hasRounds, training, details, isCostly, isAskedFor }: Situation): Task[] {
  if (!measurable) return [];
  const all: (Task | false)[] = [
    { kind: "measured", n: isCostly ? COSTLY : MEASURED },
    !training && isAskedFor && { kind: "price" },
    !training && { kind: "costs", n: isCostly ? COSTLY : COMPARED },
    hasRounds && { kind: "rounds", n: MEASURED_ROUND },
    !training && details !== "" && { kind: "details", n: DETAILED },
  ];
  return all.filter((task) => task !== false);
}

function wanted(situation: Situation): Task[] {
  const { training, layers, isRepeatable, arePictures, measurable } = situation;
  const [, medium, fine] = GRID_SIZES;
  const refined = (size: number): Task[] => (training || !layers.density ? [] : [{ kind: "density", size }]);
  const learned: Task[] = training || !arePictures || !measurable ? [] : [{ kind: "learned" }];
  const digest: Task[] = training || !isRepeatable ? [] : [{ kind: "digest" }];
  return [
    ...digest,
    ...pictures(situation),
    ...learned,
    { kind: "floor" },
    ...refined(medium),
    ...measurements(situation),
    ...refined(fine),
  ];
}

/** Whether the ledger shows this done, or done better, for the present weights. */
function isDone(task: Task, situation: Situation, ledger: Ledger): boolean {
  const done = ledger[task.kind]?.key;
  const better: readonly Task[] =
    task.kind === "density"
      ? GRID_SIZES.filter((size) => size >= task.size).map((size) => ({ kind: "density", size }))
      : task.kind === "field"
        ? [task, { kind: "field", divergence: true }]
        : [task];
  return better.some((one) => done === taskKey(one, situation));
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
