import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import type { Run, TrainingProgress } from "../library";
import { initialState } from "../state/initial";
import { changePanel } from "../state/panel";
import { sharedOf } from "../state/shared";
import type { Change, State } from "../state/state";
import { Panel } from "./panel";
import { type Keeping, Pasts } from "./pasts";

const CHOICE = { method: "flow-matching", own: {}, options: {} } as const;

function trainedFor(seconds: number): State {
  const trained = changePanel("a", { origin: "seed", seconds, step: 3, losses: lossesOf([3, 2, 1]) });
  return trained(initialState(false));
}

/** Panels whose runs are told of what is asked of them, and keep so many bytes. */
function bench(bytes = 10) {
  const kept: string[] = [];
  const runs = new Map(["a", "b"].map((slot) => [slot, { step: 3 } as Run]));
  const keeping: Keeping = {
    panel: (slot) => {
      const run = runs.get(slot);
      if (run === undefined) return undefined;
      const keep = async () => {
        kept.push(slot);
        const training = { firstStep: 0, loss: 1, losses: lossesOf([3, 2, 1]), history: [], hasMoved: false };
        return { ...training, origin: "seed" as const, checkpoint: new Uint8Array(bytes), weights: null };
      };
      return { run, keep };
    },
  };
  return { kept, runs, keeping };
}

function pastsOf(state: State, keeping: Keeping) {
  const host = { state };
  const change = (by: Change) => {
    host.state = by(host.state);
  };
  return { host, pasts: new Pasts(() => host.state, change, keeping) };
}

const told = () => new Promise((resolve) => setTimeout(resolve));

test("what was trained for some seconds is kept before it is lost, is offered, and is found by what was shared of it", async () => {
  const { kept, runs, keeping } = bench();
  const { host, pasts } = pastsOf(trainedFor(5), keeping);
  const shared = sharedOf(host.state);
  await pasts.leave(shared, () => {
    expect(kept).toEqual(["a", "b"]);
    runs.set("a", { step: 0 } as Run);
  });
  expect(host.state.left).toEqual({ steps: 3 });
  expect((await pasts.of(shared)?.panels)?.[0]?.checkpoint).toHaveLength(10);
  expect(pasts.of(sharedOf(host.state))).toBeUndefined();
  expect(pasts.takeNewest()?.shared).toBe(shared);
  expect([host.state.left, pasts.takeNewest()]).toEqual([null, undefined]);
});

test("nothing is kept of what was trained for a moment, and nothing is offered of what stays", async () => {
  const { kept, runs, keeping } = bench();
  const brief = pastsOf(trainedFor(1), keeping);
  await brief.pasts.leave(sharedOf(brief.host.state), () => void runs.set("a", { step: 0 } as Run));
  expect([kept, brief.host.state.left]).toEqual([[], null]);
  const refused = pastsOf(trainedFor(5), keeping);
  await refused.pasts.leave(sharedOf(refused.host.state), () => undefined);
  expect([refused.host.state.left, refused.pasts.takeNewest()]).toEqual([null, undefined]);
});

test("so many are kept and no more bytes than there is room for, the newest whatever it takes", async () => {
  for (const [bytes, most] of [
    [10, 6],
    [20 * 2 ** 20, 1],
    [50 * 2 ** 20, 1],
  ] as const) {
    const { runs, keeping } = bench(bytes);
    const { host, pasts } = pastsOf(trainedFor(5), keeping);
    const all = Array.from({ length: 9 }, () => sharedOf(host.state));
    for (const shared of all) {
      await pasts.leave(shared, () => void runs.set("a", { step: 3 } as Run));
      await told();
    }
    expect(all.map((shared) => pasts.of(shared) !== undefined)).toEqual(all.map((_, i) => i >= all.length - most));
  }
});

test("a panel is kept with the losses up to its checkpoint, though it trains on, and its run ends after that", async () => {
  const ended: string[] = [];
  let progress: (progress: TrainingProgress) => void = () => undefined;
  let answer: (checkpoint: { bytes: Uint8Array; step: number }) => void = () => undefined;
  const run = {
    step: 3,
    numParameters: 9,
    training: { spent: 0 },
    experiment: { data: { kind: "moons" } },
    scaling: { center: [0, 0], scale: [1, 1] },
    train: (_: number, { onProgress }: { onProgress: typeof progress }) => {
      progress = onProgress;
      return new Promise(() => undefined);
    },
    checkpoint: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    dispose: () => ended.push("run"),
  } as unknown as Run;
  const host = { state: trainedFor(5), change: () => undefined };
  const panel = new Panel({ slot: "a", choice: CHOICE, run, points: null }, host);
  void panel.train();
  const shown = host.state.panels[0];
  if (shown === undefined) throw new Error("there is a panel");
  const kept = panel.keep(shown);
  panel.dispose();
  expect(ended).toEqual([]);
  const at = (step: number, losses: number[]) =>
    ({ step, losses, seconds: 6, round: 0 }) as unknown as TrainingProgress;
  progress(at(5, [0.5, 0.4]));
  progress(at(6, [0.3]));
  answer({ bytes: Uint8Array.of(1), step: 5 });
  expect((await kept).losses).toEqual(lossesOf([3, 2, 1, 0.5, 0.4]));
  expect((await kept).checkpoint).toEqual(Uint8Array.of(1));
  await told();
  expect(ended).toEqual(["run"]);
});
