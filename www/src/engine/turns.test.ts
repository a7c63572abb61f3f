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
