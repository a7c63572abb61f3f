import { expect, test } from "vitest";
import { csvFrom, csvFromPoints } from "./csv";
import { pointsInText } from "./files";
import { roundedPoints } from "./origins";

test.each([2, 3, 7])("%i columns that are written are read back to the last bit", (dim) => {
  const near = Float32Array.from({ length: 20 * dim }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 4));
  const points = roundedPoints(
    Float64Array.from(near, (value, i) => (i % dim === 0 ? value / 1e4 + 1_700_000_001 : value)),
    dim,
  );
  const columns = ['a "b", c', ...Array.from({ length: dim - 1 }, (_, i) => `plain ${i}`)];
  expect(pointsInText(csvFromPoints(points, columns))).toEqual({ kind: "points", points, columns, note: null });
});

test("names are in quotes, in UTF-8 where letters need it, and no formulas", () => {
  expect(csvFrom(["x", "y"], [[-1, 2]])).toBe('"x","y"\n-1,2\n');
  expect(csvFrom(["Länge"], [[1]])).toBe('\ufeff"Länge"\n1\n');
  const names = ["=1+1", "+x", "-x", "@SUM(A1)", " =2", "\t=2", '=HYPERLINK("http://a")', "＝1"];
  for (const name of names) {
    const [head = ""] = csvFrom([name], []).replace("\ufeff", "").split("\n");
    expect(head, name).toBe(`"'${name.replaceAll('"', '""')}"`);
  }
});
