import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Late } from "./late";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Comes at the asking with this number, which is told how often it was asked for. */
function comingAt(number: number) {
  let asked = 0;
  const fetch = () => {
    asked += 1;
    return asked < number ? Promise.reject(new Error("no network")) : Promise.resolve("code");
  };
  return { late: new Late(fetch), asked: () => asked };
}

test("what is wanted every frame is asked for once, and its coming is told", async () => {
  const { late, asked } = comingAt(1);
  const changed = vi.fn();
  expect([late.now, late.want(changed), late.want(changed)]).toEqual([null, null, null]);
  await vi.advanceTimersByTimeAsync(0);
  expect([late.now, late.want(changed), asked(), changed.mock.calls.length]).toEqual(["code", "code", 1, 1]);
});

test("what could not be fetched is asked for a while later, and whoever waits is told when", async () => {
  const { late, asked } = comingAt(3);
  const draw = vi.fn(() => void late.want(draw));
  draw();
  expect(late.hasFailed).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  // The failure itself was told, and asked for nothing.
  expect([draw.mock.calls.length, asked(), late.hasFailed]).toEqual([2, 1, true]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked()).toBe(2);
  await vi.advanceTimersByTimeAsync(5100);
  expect([late.now, late.hasFailed]).toEqual(["code", false]);
});

test("asked for outright, it is fetched at once after a failure", async () => {
  const { late } = comingAt(2);
  await expect(late.load()).rejects.toThrow("A part of the page could not be fetched. Try again in a few seconds.");
  expect(await late.load()).toBe("code");
});
