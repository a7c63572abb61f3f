import { expect, test } from "vitest";
import { initialState } from "../state/initial";
import { seriesOf } from "../state/series";
import type { Change, State } from "../state/state";
import { SeriesRunner } from "./series";

function made({ stopAt = Number.NaN, failAt = Number.NaN } = {}) {
  let state: State = initialState(true);
  const seeds: number[] = [];
  const left: number[] = [];
  const change = (by: Change) => {
    state = by(state);
  };
  const finished =
    (spent: number): Change =>
    (now) => ({ ...now, panels: now.panels.map((one) => ({ ...one, spent })) });
  const runner: SeriesRunner = new SeriesRunner({
    state: () => state,
    change,
    bench: { isSettled: () => true },
    openings: {
      restart: async (by) => {
        change(by);
        seeds.push(state.setup.seed);
        return true;
      },
    },
    pasts: {
      leave: async (by) => {
        left.push(seeds.length);
        return by();
      },
    },
    commands: {
      train: async () => {
        if (state.setup.seed === failAt) throw new Error("no");
        if (state.setup.seed === stopAt) runner.stop();
        change(finished(state.setup.seed === stopAt ? 0.5 : 1));
      },
      pause: async () => undefined,
    },
    wait: async () => undefined,
  });
  return { runner, seeds, left, series: () => state.series };
}

test("every run is made, in turn", async () => {
  const { runner, seeds, left, series } = made();
  await runner.start(seriesOf(null, [], 3, 5));
  expect([seeds, series()?.phase, series()?.done]).toEqual([[5, 6, 7], "done", 3]);
  // What was there before, and no run of it.
  expect(left).toEqual([0]);
});

test("stopped, or where a run fails, no further one is begun, and those done are counted", async () => {
  for (const how of [{ stopAt: 6 }, { failAt: 6 }]) {
    const { runner, seeds, series } = made(how);
    await runner.start(seriesOf(null, [], 3, 5));
    expect([seeds, series()?.phase, series()?.done]).toEqual([[5, 6], "stopped", 1]);
  }
});
