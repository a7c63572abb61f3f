import { expect, test } from "vitest";
import { initialView } from "../state/view";
import { type Ledger, nextTask, type Situation, type Task, taskKey } from "./schedule";

const RESTING: Situation = {
  version: "1",
  round: "0",
  asked: "",
  sampler: "rk4 16",
  tried: "ode",
  details: "",
  plane: "",
  layers: initialView(false).layers,
  particles: 1000,
  arePictures: false,
  inspected: null,
  training: false,
  measurable: true,
  isRepeatable: false,
  hasRounds: false,
  isCostly: false,
  isAskedFor: false,
  device: "cpu",
  pathsAreFixed: true,
  nowMs: 0,
};
const BARE = { ...RESTING.layers, density: false, paths: false };

function done(ledger: Ledger, task: Task, situation: Situation, costMs = 10): Ledger {
  return { ...ledger, [task.kind]: { key: taskKey(task, situation), atMs: situation.nowMs, costMs } };
}

function finish(situation: Situation, before: Ledger = {}): { names: string[]; ledger: Ledger } {
  const names: string[] = [];
  let ledger = before;
  for (let task = nextTask(situation, ledger); task !== null; task = nextTask(situation, ledger)) {
    names.push(task.kind === "density" ? `${task.kind} ${task.size}` : task.kind);
    ledger = done(ledger, task, situation);
  }
  return { names, ledger };
}

test("weights that training came to have their digest at rest, and no other", () => {
  const repeatable = { ...RESTING, isRepeatable: true };
  expect(finish(repeatable).names).toContain("digest");
  expect(finish({ ...repeatable, training: true }).names).not.toContain("digest");
  expect(finish(RESTING).names).not.toContain("digest");
});

test("at rest the picture comes first, then it is refined and measured, and then there is nothing to do", () => {
  expect(finish(RESTING).names).toEqual([
    "generated",
    "paths",
    "density 24",
    "floor",
    "density 48",
    "measured",
    "costs",
    "density 96",
  ]);
});

test("nothing is computed for a layer that is off, nor measured before there is anything to measure", () => {
  expect(finish({ ...RESTING, layers: BARE, measurable: false }).names).toEqual(["generated", "floor"]);
});

test.each(["velocity", "streamlines", "divergence"] as const)("the field is computed once for %s", (layer) => {
  const layers = { ...BARE, [layer]: true };
  expect(finish({ ...RESTING, layers, measurable: false }).names).toEqual(["generated", "field", "floor"]);
});

test("a field with its divergence serves the arrows too, and not the other way round", () => {
  const both = { ...RESTING, layers: { ...BARE, velocity: true, divergence: true } };
  const { ledger } = finish(both);
  expect(nextTask({ ...both, layers: { ...BARE, velocity: true } }, ledger)).toBeNull();
  const arrows = finish({ ...both, layers: { ...BARE, velocity: true } });
  expect(nextTask(both, arrows.ledger)).toEqual({ kind: "field", divergence: true });
});

test("another solver changes the samples and their quality, and not the density", () => {
  const { ledger } = finish(RESTING);
  const other = { ...RESTING, sampler: "euler 4" };
  expect(nextTask(other, ledger)).toMatchObject({ kind: "generated" });
  const again = done(ledger, { kind: "generated", n: RESTING.particles }, other);
  expect(nextTask(other, again)).toMatchObject({ kind: "measured" });
});

test("what takes long waits until training rests, and what is in no column is not measured", () => {
  const training = { ...RESTING, training: true, details: "mmd" };
  expect(finish(training).names).not.toContain("costs");
  expect(finish(training).names).not.toContain("details");
  const { ledger } = finish(RESTING);
  expect(nextTask({ ...RESTING, details: "mmd" }, ledger)).toMatchObject({ kind: "details" });
});

test("the inspector is asked where it is and when", () => {
  const at = { ...RESTING, inspected: "0,0 0.50" };
  const { ledger } = finish(at);
  expect(nextTask(at, ledger)).toBeNull();
  expect(nextTask({ ...at, inspected: "0,0 0.51" }, ledger)).toEqual({ kind: "inspection" });
});

test("while training a task rests for a multiple of what it cost", () => {
  const training = { ...RESTING, training: true, measurable: false, layers: BARE };
  const floored = done({}, { kind: "floor" }, training);
  const ledger = done(floored, { kind: "generated", n: RESTING.particles }, training, 100);
  const later = (nowMs: number) => nextTask({ ...training, version: "2", nowMs }, ledger);
  expect(later(299)).toBeNull();
  expect(later(300)).toMatchObject({ kind: "generated" });
});

test("rounds are measured once each while training, and at rest", () => {
  const rounds = { ...RESTING, hasRounds: true };
  expect(finish(rounds).names).toContain("rounds");
  const training = { ...rounds, training: true };
  let { ledger } = finish(training);
  const later = { ...training, version: "2", nowMs: 1e6 };
  for (let task = nextTask(later, ledger); task !== null; task = nextTask(later, ledger)) {
    expect(task.kind).not.toBe("rounds");
    ledger = done(ledger, task, later);
  }
  // Another round has another loss, and so another floor.
  const next = { ...later, round: "1" };
  expect(nextTask(next, ledger)).toEqual({ kind: "floor" });
  expect(nextTask(next, done(ledger, { kind: "floor" }, next))).toMatchObject({ kind: "rounds" });
});

test("pictures have their strips again now and then, and what was learned of them once training rests", () => {
  const pictures = { ...RESTING, layers: BARE, arePictures: true };
  expect(finish(pictures).names).toEqual(["generated", "strips", "learned", "floor", "measured", "costs"]);
  expect(finish({ ...pictures, measurable: false }).names).not.toContain("learned");
  const training = { ...pictures, training: true };
  expect(finish(training).names).not.toContain("learned");
  const { ledger } = finish(training);
  const later = (nowMs: number) => finish({ ...training, version: "2", nowMs }, ledger).names;
  expect(later(200)).not.toContain("strips");
  expect(later(4000)).toContain("strips");
});

test("what a likelihood that is asked for takes is measured at rest, once of a network wherever it runs", () => {
  const askedFor = { ...RESTING, isAskedFor: true };
  const { names, ledger } = finish(askedFor);
  expect(names.filter((name) => name === "price")).toHaveLength(1);
  expect(finish({ ...askedFor, training: true }).names).not.toContain("price");
  expect(finish({ ...askedFor, version: "2" }, ledger).names).not.toContain("price");
  expect(finish({ ...askedFor, device: "webgpu" }, ledger).names).toEqual(["price"]);
});
