import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import type { Run, TrainingProgress } from "../library";
import { Sharing } from "../sharing";
import { initialState } from "../state/initial";
import { changePanel } from "../state/panel";
import { changeSetup } from "../state/setup";
import { type Shared, sharedOf } from "../state/shared";
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
  const told: (Shared | null)[][] = [];
  const sharing = new Sharing((...of) => void told.push(of));
  return { host, told, sharing, pasts: new Pasts(() => host.state, change, keeping, sharing) };
}

const later = () => new Promise((resolve) => setTimeout(resolve));

test("what was trained for some seconds is kept before it is lost, is offered, and is found by what was shared of it", async () => {
  const { kept, runs, keeping } = bench();
  const { host, pasts } = pastsOf(trainedFor(5), keeping);
  const shared = sharedOf(host.state);
  await pasts.leave(() => {
    expect(kept).toEqual(["a", "b"]);
    runs.set("a", { step: 0 } as Run);
  }, shared);
  expect(host.state.left).toEqual({ steps: 3 });
  expect((await pasts.of(shared)?.panels)?.[0]?.checkpoint).toHaveLength(10);
  expect(pasts.of(sharedOf(host.state))).toBeUndefined();
  expect(pasts.takeNewest()?.shared).toBe(shared);
  expect([host.state.left, pasts.takeNewest()]).toEqual([null, undefined]);
});

test("nothing is kept of what was trained for a moment, and nothing is offered of what stays", async () => {
  const { kept, runs, keeping } = bench();
  const brief = pastsOf(trainedFor(1), keeping);
  await brief.pasts.leave(() => void runs.set("a", { step: 0 } as Run));
  expect([kept, brief.host.state.left]).toEqual([[], null]);
  const refused = pastsOf(trainedFor(5), keeping);
  await refused.pasts.leave(() => undefined);
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
      await pasts.leave(() => void runs.set("a", { step: 3 } as Run), shared);
      await later();
    }
    expect(all.map((shared) => pasts.of(shared) !== undefined)).toEqual(all.map((_, i) => i >= all.length - most));
  }
});

test("what is changed twice before it is opened leaves the training once, with the settings that it was trained with", async () => {
  const { kept, runs, keeping } = bench();
  const { host, told, sharing, pasts } = pastsOf(trainedFor(5), keeping);
  const before = sharedOf(host.state);
  const change = (width: number) =>
    pasts.leave(async () => {
      host.state = changeSetup({ width })(host.state);
      await later();
      runs.set("a", { step: 0 } as Run);
      return width;
    });
  const changes = [change(16), change(32)];
  sharing.inTime(host.state, 10_000);
  expect(told).toEqual([[before, null]]);
  expect([await Promise.all(changes), kept]).toEqual([
    [16, 32],
    ["a", "b"],
  ]);
  // Told once there is what takes its place, which a browser's history is to have an entry for.
  sharing.inTime(host.state, 20_000);
  expect(told[1]?.map((shared) => shared?.setup.width)).toEqual([32, before.setup.width]);
  expect([pasts.takeNewest()?.shared, pasts.takeNewest()]).toEqual([before, undefined]);
});

test("what was brought back before it was known to be lost is not offered again", async () => {
  const { runs, keeping } = bench();
  const { host, pasts } = pastsOf(trainedFor(5), keeping);
  await pasts.leave(async () => {
    runs.delete("a");
    pasts.takeNewest();
  });
  expect(host.state.left).toBeNull();
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
  const again = () => Promise.reject();
  const panel = new Panel({ slot: "a", choice: CHOICE, run, points: null, again }, host);
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
  await later();
  expect(ended).toEqual(["run"]);
});
