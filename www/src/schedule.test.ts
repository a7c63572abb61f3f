import { expect, test } from "vitest";
import { keyOf, type Ledger, nextTask, type Situation, type Task } from "./schedule";

const RESTING: Situation = {
  version: "1",
  round: "0",
  sampler: "rk4 16",
  layers: { density: true, data: true, noise: true, paths: true, trajectories: true, states: false, samples: true },
  training: false,
  measurable: true,
  hasRounds: false,
  pathsAreFixed: true,
  nowMs: 0,
};

function done(ledger: Ledger, task: Task, situation: Situation, costMs = 10): Ledger {
  return { ...ledger, [task.kind]: { key: keyOf(task, situation), atMs: situation.nowMs, costMs } };
}

function allTasks(situation: Situation): string[] {
  const names: string[] = [];
  let ledger: Ledger = {};
  for (let task = nextTask(situation, ledger); task !== null; task = nextTask(situation, ledger)) {
    names.push(task.kind === "density" ? `${task.kind} ${task.size}` : task.kind);
    ledger = done(ledger, task, situation);
  }
  return names;
}

test("at rest the picture comes first, then it is refined and measured, and then there is nothing to do", () => {
  expect(allTasks(RESTING)).toEqual(["generated", "paths", "density 24", "density 48", "measured", "density 96"]);
});

test("nothing is computed for a layer that is off, nor measured before there is anything to measure", () => {
  const layers = { ...RESTING.layers, density: false, paths: false };
  expect(allTasks({ ...RESTING, layers, measurable: false })).toEqual(["generated"]);
});

test("another solver changes the samples and not the density", () => {
  let ledger: Ledger = {};
  for (let task = nextTask(RESTING, ledger); task !== null; task = nextTask(RESTING, ledger)) {
    ledger = done(ledger, task, RESTING);
  }
  expect(nextTask({ ...RESTING, sampler: "euler 4" }, ledger)).toMatchObject({ kind: "generated" });
});

test("while training a task rests for a multiple of what it cost", () => {
  const training = { ...RESTING, training: true, measurable: false };
  const layers = { ...training.layers, density: false, paths: false };
  const ledger = done({}, { kind: "generated", n: 400 }, training, 100);
  const later = (nowMs: number) => nextTask({ ...training, layers, version: "2", nowMs }, ledger);
  expect(later(299)).toBeNull();
  expect(later(300)).toMatchObject({ kind: "generated" });
});

test("rounds are measured once each while training, and at rest", () => {
  const rounds = { ...RESTING, hasRounds: true };
  expect(allTasks(rounds)).toContain("rounds");
  const training = { ...rounds, training: true };
  let ledger: Ledger = {};
  for (let task = nextTask(training, ledger); task !== null; task = nextTask(training, ledger)) {
    ledger = done(ledger, task, training);
  }
  const later = { ...training, version: "2", nowMs: 1e6 };
  for (let task = nextTask(later, ledger); task !== null; task = nextTask(later, ledger)) {
    expect(task.kind).not.toBe("rounds");
    ledger = done(ledger, task, later);
  }
  expect(nextTask({ ...later, round: "1" }, ledger)).toMatchObject({ kind: "rounds" });
});
