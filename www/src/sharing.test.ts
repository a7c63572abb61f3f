import { expect, test } from "vitest";
import { Sharing } from "./sharing";
import { initialState } from "./state/initial";
import { changeSetup } from "./state/setup";

const FIRST = initialState(false);

test("it is told once a second, and at once before another comparison", () => {
  const told: (string | number)[] = [];
  const sharing = new Sharing(({ setup }) => void told.push(setup.seed));
  sharing.inTime(FIRST, 0);
  const second = changeSetup({ seed: 1 })(FIRST);
  sharing.inTime(second, 500);
  expect(told).toEqual([FIRST.setup.seed]);
  sharing.now(second);
  sharing.now(second);
  expect(told).toEqual([FIRST.setup.seed, 1]);
  const third = changeSetup({ seed: 2 })(second);
  sharing.inTime(third, 999);
  expect(told).toHaveLength(2);
  sharing.inTime(third, 1000);
  expect(told).toEqual([FIRST.setup.seed, 1, 2]);
});
