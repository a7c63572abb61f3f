import { expect, test } from "vitest";
import { latestWins } from "./latest";

test("while one call is under way only the newest of the others runs", async () => {
  const started: number[] = [];
  const square = latestWins(async (x: number) => {
    started.push(x);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return x * x;
  });
  expect(await Promise.all([square(1), square(2), square(3), square(4)])).toEqual([1, undefined, undefined, 16]);
  expect(started).toEqual([1, 4]);
  expect(await square(5)).toBe(25);
});

test("a failed call rejects its own promise and blocks no later one", async () => {
  const call = latestWins(async (x: number) => {
    if (x === 1) throw new Error("no");
    return x;
  });
  const [first, second] = await Promise.allSettled([call(1), call(2)]);
  expect(first.status).toBe("rejected");
  expect(second).toEqual({ status: "fulfilled", value: 2 });
});
