import { expect, test } from "vitest";
import { type Columns, planarPoints, pointsInFile, pointsInText } from "./files";
import { MOST_POINTS } from "./limits";

function lines(numRows: number, row: (i: number) => string): string {
  return Array.from({ length: numRows }, (_, i) => row(i)).join("\n");
}

function refusal(text: string, columns: Columns = "all"): string {
  try {
    pointsInText(text, { columns });
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

test("every column is a coordinate, unless some are named", () => {
  const wide = `a,b,c\n${lines(16, (i) => `${i},${2 * i},${3 * i}`)}`;
  const all = pointsInText(wide);
  expect(all.columns).toEqual(["a", "b", "c"]);
  expect([...all.points.slice(0, 6)]).toEqual([0, 0, 0, 1, 2, 3]);
  expect([...pointsInFile(new TextEncoder().encode(wide), { columns: [2, 0] }).points.slice(2, 4)]).toEqual([3, 1]);
  expect(refusal(wide, [0, 3])).toBe("There is no column 3; the file has the columns 0 to 2.");
  expect(refusal(wide, [])).toBe("0 columns are to be read; a point has 1 to 128 coordinates.");
  const widest = lines(16, (i) => Array.from({ length: 129 }, (_, j) => i * j).join(";"));
  expect(refusal(widest)).toBe("129 columns are to be read; a point has 1 to 128 coordinates.");
});

test("for a picture two of many columns are chosen, and a text column between does no harm", () => {
  const wide = `a,label,b\n${lines(16, (i) => `${i},red,${10 * i}`)}`;
  expect(planarPoints(wide)).toEqual({
    kind: "choose",
    columns: [
      { index: 0, name: "a", numeric: true, classes: null },
      { index: 1, name: "label", numeric: false, classes: null },
      { index: 2, name: "b", numeric: true, classes: null },
    ],
  });
  const read = pointsInText(wide, { columns: [2, 0] });
  expect(read.columns).toEqual(["b", "a"]);
  expect([...read.points.slice(0, 4)]).toEqual([0, 0, 10, 1]);
  expect(refusal(wide, [0, 1])).toBe("Row 2, column 2 (label) is “red”, which is not a number.");
});

test("too many rows are thinned evenly, the same way each time, and it is said", () => {
  const many = lines(250_000, (i) => `${i},${-i}`);
  const thinned = pointsInText(many);
  expect(thinned.points.length).toBe(2 * MOST_POINTS);
  expect(thinned.points[2]).toBe(2);
  expect(thinned.points.at(-2)).toBeGreaterThan(249_990);
  expect(thinned.note).toBe("250,000 rows were thinned evenly to 100,000.");
  expect(pointsInText(many)).toEqual(thinned);
});

test("for a picture a doubt is told with its readings, and answered by one of them", () => {
  const text = `x;y\n${lines(16, (i) => `1.${100 + i};0,5${i}`)}`;
  const doubt = planarPoints(text);
  if (doubt.kind !== "doubt") throw new Error(doubt.kind);
  expect(doubt.question).toBe("“1.100” (row 2, column 1) may mean 1.1 or 1100");
  const [reading] = doubt.readings;
  expect(reading?.rows[0]).toEqual([1100, 0.5]);
  const read = planarPoints(text, { ...reading?.dialect });
  expect(read.kind === "points" && read.points[0]).toBe(1100);
  expect(refusal(text)).toBe(`${doubt.question}: the option decimal, "." or ",", says which.`);
});
