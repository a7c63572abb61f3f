import { expect, test } from "vitest";
import { points as codec } from "../link/points";
import { planarPoints, pointsInText } from "./files";
import { MOST_CLASSES } from "./labels";

const KINDS = ["setosa", "virginica", "10", "9"];

/** Two columns of numbers, one of text, one of few numbers, and one that names the rows. */
function csv(numRows: number): string {
  const row = (i: number) => `${i / 7},${Math.sin(i)},${KINDS[i % 4]},${i % 3},row ${i}`;
  return ["x,y,kind,part,name", ...Array.from({ length: numRows }, (_, i) => row(i))].join("\n");
}

test("a file with a column of text or of few numbers asks which are coordinates, and which the class", () => {
  const found = planarPoints(csv(60));
  if (found.kind !== "choose") throw new Error(found.kind);
  expect(found.columns.map(({ name, numeric, classes }) => [name, numeric, classes])).toEqual([
    ["x", true, null],
    ["y", true, null],
    ["kind", false, 4],
    ["part", true, 3],
    ["name", false, null],
  ]);
});

test("beside a single column of numbers, text may be a class and few numbers are a coordinate", () => {
  const rows = (second: (i: number) => unknown) =>
    Array.from({ length: 40 }, (_, i) => `${i / 7},${second(i)}`).join("\n");
  expect(planarPoints(`x,kind\n${rows((i) => KINDS[i % 2])}`).kind).toBe("choose");
  expect(planarPoints(`x,part\n${rows((i) => i % 3)}`).kind).toBe("points");
});

test("nothing is a class that was not said to be one", () => {
  expect(pointsInText(csv(60), { columns: [0, 1] }).labels).toBeUndefined();
});

test("each point has the class of its row, classes in the order of their names, and all other columns are coordinates", () => {
  const { points, columns, labels } = pointsInText(csv(60), { columns: [0, 1], label: 2 });
  expect([points.length, columns]).toEqual([120, ["x", "y"]]);
  expect(labels?.column).toBe("kind");
  expect(labels?.classes).toEqual(["9", "10", "setosa", "virginica"]);
  expect([...(labels?.of.subarray(0, 5) ?? [])]).toEqual([2, 3, 1, 0, 2]);
  const numbers = csv(60).replaceAll(/,[^,]*,(\d|part),[^,\n]*$/gm, ",$1");
  expect(pointsInText(numbers, { label: 2 }).columns).toEqual(["x", "y"]);
});

test.each([
  ["one that names the rows", 60, 4, `more than ${MOST_CLASSES} values`],
  ["one of too few rows of a class", 17, 2, "at least 5 of every class are needed"],
  ["none", 60, 7, "There is no column 7"],
])("a label is refused in a sentence: %s", (_, rows, label, sentence) => {
  const numRows = label === 4 ? 100 : rows;
  expect(() => pointsInText(csv(numRows), { columns: [0, 1], label })).toThrow(sentence);
});

test("rows that are thinned keep their classes", () => {
  const { points, labels } = pointsInText(csv(150_000), { columns: [0, 3], label: 3 });
  expect(labels?.of.length).toBe(100_000);
  expect(labels?.of.every((number, i) => number === points[2 * i + 1])).toBe(true);
});

test("a link carries the classes, and refuses those that are not of its points", () => {
  const { points, columns, labels } = pointsInText(csv(60), { columns: [0, 1], label: 2 });
  const text = codec.write({ name: "flowers.csv", points, columns, ...(labels && { labels }) });
  expect(codec.read(text)).toEqual({ name: "flowers.csv", points, columns, labels });
  const parts = text.split(",");
  const without = codec.write({ name: "flowers.csv", points: points.subarray(0, 80), columns }).split(",");
  const swapped = [...parts.slice(0, 2), without[2], ...parts.slice(3)].join(",");
  const cut = parts.slice(0, 5).join(",");
  const fewer = [...parts.slice(0, 4), encodeURIComponent("kind\na\nb"), ...parts.slice(5)].join(",");
  for (const other of [swapped, cut, fewer, `${text},x`]) expect(() => codec.read(other), other).toThrow();
});

test("a column of numbers is observed where it was said to be, and the link carries it to the last bit", () => {
  const table = `x,y,when\n${Array.from({ length: 40 }, (_, i) => `${i / 7},${Math.sin(i)},${1.7e9 + i / 3}`).join("\n")}`;
  const found = pointsInText(table, { observed: 2 });
  expect([found.columns, found.observed?.column]).toEqual([["x", "y"], "when"]);
  expect(found.observed?.of[3]).toBeCloseTo(1.7e9 + 1, 3);
  expect(pointsInText(table).observed).toBeUndefined();
  const { points, columns, observed } = found;
  const labels = { column: "kind", classes: ["a", "b"], of: Uint32Array.from({ length: 40 }, (_, i) => i % 2) };
  for (const told of [{}, { labels }, { labels, observed }, { observed }] as const) {
    const user = { name: "own", points, columns, ...(told as object) };
    expect(codec.read(codec.write(user))).toEqual(user);
  }
  const written = codec.write({ name: "own", points, columns, ...(observed && { observed }) });
  for (const broken of [written.replace(/,[^,]*$/, ",text"), `${written},1`, written.replace(/,[^,]*$/, "")]) {
    expect(() => codec.read(broken)).toThrow();
  }
  expect(() => pointsInText(table.replaceAll(/,17[^,\n]*$/gm, ",5"), { observed: 2 })).toThrow("the same in every row");
  expect(() => pointsInText(table, { columns: [0, 1], observed: 7 })).toThrow("There is no column 7 to be observed.");
});
