import { expect, test } from "vitest";
import { lasting } from "./lasting";

test("how long something lasts is said as anyone would", () => {
  const said = [0.0312, 8.23, 48.2, 89.6, 125, 3599, 7200, 12_120].map(lasting);
  expect(said).toEqual(["0.031 s", "8.2 s", "48 s", "90 s", "2 min", "1 h", "2 h", "3 h 22 min"]);
});
