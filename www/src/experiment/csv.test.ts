import { expect, test } from "vitest";
import { csvFromPoints } from "./csv";
import { pointsFromText } from "./files";

test("what is written is read back to the last bit", () => {
  const points = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 4));
  const columns = ['a "b", c', "plain"] as const;
  expect(pointsFromText(csvFromPoints(points, columns))).toEqual({ kind: "points", points, columns, note: null });
});
