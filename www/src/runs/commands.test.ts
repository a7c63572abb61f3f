import { expect, test } from "vitest";
import { initialState } from "../state/initial";
import { changePanel } from "../state/panel";
import type { Change, Slot, State } from "../state/state";
import type { Bench } from "./bench";
import { Commands } from "./commands";
import type { Openings } from "./openings";

const HEAVY = { network: { kind: "u-net" }, method: { kind: "normalizing-flow" } };

/** Two panels; a training step of the first takes so many seconds. What was trained is told, and how far. */
function pressed({ experiment = HEAVY, secondsPerStep = 8, whileTraining = (_: Commands): unknown => undefined } = {}) {
  let state: State = initialState(false);
  const trained: [readonly Slot[], number | undefined][] = [];
  const change = (by: Change) => {
    state = by(state);
  };
  change(changePanel("a", { experiment, step: 0, spent: 0, origin: "seed", phase: "ready" } as never));
  const bench = {
    train: async (slots: readonly Slot[], steps?: number) => {
      trained.push([slots, steps]);
      await whileTraining(commands);
      const done = { step: steps ?? 1000, seconds: (steps ?? 1000) * secondsPerStep };
      if (slots.includes("a")) change(changePanel("a", done));
    },
    pause: async () => undefined,
  } as unknown as Bench;
  const openings = {
    inTurn: (work: () => Promise<unknown>) => work(),
    prepareTraining: async () => true,
  } as unknown as Openings;
  const commands = new Commands(() => state, change, openings, bench);
  const settled = async () => {
    commands.toggle();
    await new Promise((resolve) => setTimeout(resolve));
    return { trained, dialog: state.dialog };
  };
  return { settled };
}

test("what takes hours is begun with a step, and said", async () => {
  const { settled } = pressed();
  expect(await settled()).toEqual({
    trained: [
      [["a"], 1],
      [["b"], 10],
    ],
    dialog: { kind: "cost" },
  });
  // Asked for once more it is known.
  expect((await settled()).trained.at(-1)).toEqual([["a", "b"], undefined]);
});

test("what turns out not to take long goes on, and what never does is not held back", async () => {
  const fast = await pressed({ secondsPerStep: 0.01 }).settled();
  expect([fast.trained.at(-1), fast.dialog]).toEqual([[["a", "b"], undefined], null]);
  const light = { ...HEAVY, method: { kind: "flow-matching" } };
  const { trained } = await pressed({ experiment: light }).settled();
  expect(trained).toEqual([[["a", "b"], undefined]]);
});

test("paused on its first step it is not gone on with, and nothing is asked", async () => {
  const { trained, dialog } = await pressed({ whileTraining: (commands) => commands.pause() }).settled();
  expect([trained.length, dialog]).toEqual([2, null]);
});
