import { expect, test } from "vitest";
import { PanelTraining } from "./training";

/** A run that makes a step every millisecond, and refuses to be trained twice at once, as the engine does. */
class FakeRun {
  step = 0;
  loops = 0;
  #pause: () => void = () => undefined;

  async train(steps = 1000) {
    if (this.loops > 0) throw new Error("already training");
    this.loops++;
    let paused = false;
    this.#pause = () => {
      paused = true;
    };
    for (let left = steps; left > 0 && !paused; left--) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      this.step++;
    }
    this.loops--;
    return { step: this.step, round: 0, spent: 0, loss: 1, seconds: 0, networkEvaluations: 0, paused };
  }

  async pause() {
    this.#pause();
    while (this.loops > 0) await later(1);
  }

  async reset() {
    await this.pause();
    this.step = 0;
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function opened() {
  const run = new FakeRun();
  const training = new PanelTraining(run, () => undefined);
  const failures: unknown[] = [];
  const sleep = () => training.sleep((error) => failures.push(error));
  return { run, training, sleep, failures };
}

test("asleep it waits, awake it goes on to as many steps as were asked for", async () => {
  const { run, training, sleep } = opened();
  const trained = training.train(30);
  await later(8);
  sleep();
  await later(8);
  const { step } = run;
  await later(8);
  expect([run.step, run.loops, step < 30]).toEqual([step, 0, true]);
  training.wake();
  expect(await trained).toBe(true);
  expect(run.step).toBe(30);
});

test("trained, reset and trained again while it sleeps, it is trained once", async () => {
  const { run, training, sleep } = opened();
  sleep();
  const first = training.train(20);
  training.stop();
  await run.reset();
  const second = training.train(20);
  training.wake();
  // The older one, which has no say any more, and the newer.
  expect(await Promise.all([first, second])).toEqual([false, true]);
  expect(run.step).toBe(20);
});

test("paused while it sleeps, it rests at once and sleeps on", async () => {
  const { run, training, sleep } = opened();
  sleep();
  const trained = training.train(20);
  await training.pause();
  expect(await trained).toBe(true);
  const again = training.train(5);
  await later(10);
  expect(run.step).toBe(0);
  training.wake();
  await again;
  expect(run.step).toBe(5);
});

test("paused through its own run, it is not taken up behind the owner's back", async () => {
  const { run, training } = opened();
  const trained = training.train();
  await later(5);
  await run.pause();
  expect(await trained).toBe(true);
  expect(run.loops).toBe(0);
});

test("put to sleep and woken at once, it makes every step", async () => {
  const { run, training, sleep, failures } = opened();
  const trained = training.train(20);
  for (let i = 0; i < 5; i++) {
    await later(2);
    sleep();
    training.wake();
  }
  await trained;
  expect([run.step, failures]).toEqual([20, []]);
});
