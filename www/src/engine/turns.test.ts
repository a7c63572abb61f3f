import { expect, test } from "vitest";
import { nextLock, turnsAt, unshared } from "./turns";

/** Locks as the browser grants them: one holder at a time, in the order of asking, and whoever gives up leaves the queue. */
class FakeLocks {
  readonly #last = new Map<string, Promise<unknown>>();

  request(name: string, { signal }: { signal: AbortSignal }, held: () => Promise<void>): Promise<void> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const request = before.then(() => {
      if (signal.aborted) throw new DOMException("gave up", "AbortError");
      return held();
    });
    this.#last.set(
      name,
      request.catch(() => undefined),
    );
    return request;
  }
}

function fakeLocks(): LockManager {
  return new FakeLocks() as unknown as LockManager;
}

async function isReady(turn: { ready: Promise<void> }): Promise<boolean> {
  const later = new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));
  return Promise.race([turn.ready.then(() => true), later]);
}

test("runs are dealt out over one lock fewer than there are processors, and over one at least", () => {
  const dealt = (processors: number) => new Set(Array.from({ length: 12 }, () => nextLock(processors))).size;
  expect([1, 2, 4, 8].map(dealt)).toEqual([1, 1, 3, 7]);
  // Some browsers do not say.
  expect(dealt(Number.NaN)).toBe(1);
});

test("only one of a lock's turns is ready at a time, in the order they were taken", async () => {
  const locks = fakeLocks();
  const [first, second, other] = [turnsAt("a", locks)(), turnsAt("a", locks)(), turnsAt("b", locks)()];
  expect([await isReady(first), await isReady(second), await isReady(other)]).toEqual([true, false, true]);
  first.end();
  expect(await isReady(second)).toBe(true);
});

test("a place that is given up holds nobody up", async () => {
  const take = turnsAt("a", fakeLocks());
  const [first, second, third] = [take(), take(), take()];
  second.end();
  first.end();
  expect(await isReady(third)).toBe(true);
});

test("without locks, or where they are refused, it is always one's turn", async () => {
  const refusing = { request: () => Promise.reject(new Error("no storage")) } as unknown as LockManager;
  for (const take of [unshared, turnsAt("a", undefined), turnsAt("a", refusing)]) {
    expect(await isReady(take())).toBe(true);
    expect(await isReady(take())).toBe(true);
  }
});

/** What each of several runs at one lock computes in, by a clock that only their chunks of training move. */
async function shares(chunks: readonly (() => number)[], wholeMs: number): Promise<number[]> {
  const locks = fakeLocks();
  let clockMs = 0;
  const used = chunks.map(() => 0);
  const train = async (chunkMs: () => number, run: number) => {
    const take = turnsAt("a", locks, () => clockMs);
    let turn = take();
    while (clockMs < wholeMs) {
      await turn.ready;
      if (clockMs >= wholeMs) break;
      const ms = chunkMs();
      clockMs += ms;
      used[run] = (used[run] ?? 0) + ms;
      if (!turn.isOver()) continue;
      const next = take();
      turn.end();
      turn = next;
    }
    turn.end();
  };
  await Promise.all(chunks.map(train));
  return used.map((ms) => ms / clockMs);
}

test.each([
  ["two alike", [30, 30]],
  ["a likelihood in many coordinates beside three that regress", [2500, 30, 12, 29]],
  ["two slow ones and a fast one", [700, 4000, 1]],
])("runs get equal shares of the time, whatever one chunk of theirs costs: %s", async (_, costs) => {
  const found = await shares(
    costs.map((ms) => () => ms),
    300_000,
  );
  for (const share of found) expect(Math.abs(share * costs.length - 1)).toBeLessThan(0.03);
});

test("a run that becomes slow in between keeps its share, and no other's", async () => {
  let chunk = 0;
  const found = await shares([() => (chunk++ % 50 < 40 ? 20 : 900), () => 30], 300_000);
  expect(Math.abs((found[0] ?? 0) - 0.5)).toBeLessThan(0.02);
});

test("a run that owes time and is alone goes on", async () => {
  let clockMs = 0;
  const take = turnsAt("a", fakeLocks(), () => clockMs);
  const slow = take();
  await slow.ready;
  clockMs += 5000;
  expect(slow.isOver()).toBe(true);
  const next = take();
  slow.end();
  await next.ready;
  expect(next.isOver()).toBe(false);
});

test("whoever gives up while it owes time holds nobody up", async () => {
  let clockMs = 0;
  const locks = fakeLocks();
  const take = turnsAt("a", locks, () => clockMs);
  const slow = take();
  await slow.ready;
  clockMs += 5000;
  slow.end();
  const owing = take();
  const other = turnsAt("a", locks)();
  owing.end();
  expect(await isReady(other)).toBe(true);
});
