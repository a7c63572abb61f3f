import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FileAnswer } from "./experiment/answer";
import { NewestFile, readPoints } from "./reading";

const QUESTION = { source: "1,2", options: {}, isPlanar: true };

/** A reader that answers when it is told to. */
class Reader {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  ended = false;
  postMessage(): void {}
  terminate(): void {
    this.ended = true;
  }
  answer(message: string): void {
    this.onmessage?.({ data: { kind: "refused", message } satisfies FileAnswer });
  }
}

function readers(): { all: Reader[]; spawn: () => Worker } {
  const all: Reader[] = [];
  const spawn = () => {
    all.push(new Reader());
    return all.at(-1) as unknown as Worker;
  };
  return { all, spawn };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a reader that never answers is ended, and it is said", async () => {
  const { all, spawn } = readers();
  const reading = readPoints(QUESTION, { spawn });
  await vi.advanceTimersByTimeAsync(119_000);
  expect(all[0]?.ended).toBe(false);
  await vi.advanceTimersByTimeAsync(2000);
  expect(all[0]?.ended).toBe(true);
  expect(await reading).toMatchObject({
    kind: "refused",
    message: expect.stringMatching(/^Reading took more than 120/),
  });
});

test("of two files the one opened last counts, whichever is read first", async () => {
  const { all, spawn } = readers();
  const files = new NewestFile();
  const slow = files.read(QUESTION, spawn);
  const quick = files.read(QUESTION, spawn);
  all[1]?.answer("second");
  expect(await quick).toEqual({ kind: "refused", message: "second" });
  expect(await slow).toBeNull();
  expect(all.map(({ ended }) => ended)).toEqual([true, true]);
});

test("what was drawn meanwhile counts before a file", async () => {
  const { all, spawn } = readers();
  const files = new NewestFile();
  const reading = files.read(QUESTION, spawn);
  files.supersede();
  expect(await reading).toBeNull();
  expect(all[0]?.ended).toBe(true);
});
