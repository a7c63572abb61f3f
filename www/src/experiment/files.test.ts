import { expect, test } from "vitest";
import { type Columns, MOST_POINTS, planarPoints, pointsFromFile, pointsFromText, textFromBytes } from "./files";

function lines(numRows: number, row: (i: number) => string): string {
  return Array.from({ length: numRows }, (_, i) => row(i)).join("\n");
}

const SIXTEEN = lines(16, (i) => `${i},${i * i}`);

function refusal(text: string, columns?: Columns): string {
  try {
    pointsFromText(text, columns);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

test.each([
  ["comma", ","],
  ["semicolon", ";"],
  ["tab", "\t"],
  ["space", "   "],
  ["comma and space", ", "],
])("a %s separates columns, with a header or without", (_, delimiter) => {
  const body = lines(16, (i) => `${i}${delimiter}${0 - i}`);
  const expected = [0, 0, 1, -1, 2, -2];
  expect(pointsFromText(body).columns).toEqual(["column 1", "column 2"]);
  expect([...pointsFromText(body).points.slice(0, 6)]).toEqual(expected);
  const named = pointsFromText(`x${delimiter}y\n${body}`);
  expect(named.columns).toEqual(["x", "y"]);
  expect([...named.points.slice(0, 6)]).toEqual(expected);
});

test("numbers as people and programs write them", () => {
  const written = ["1e-3,+1", "-.5,1E+2", "2.,-0.25e1", ...lines(13, (i) => `${i},${2 * i}`).split("\n")].join("\n");
  const read = pointsFromText(written).points;
  [0.001, 1, -0.5, 100, 2, -2.5].forEach((value, i) => {
    expect(read[i]).toBeCloseTo(value, 6);
  });
});

test("CRLF, a byte order mark, blank lines, quotes, indentation and a last line end change nothing", () => {
  const plain = pointsFromText(`x,y\n${SIXTEEN}`);
  const dressed = `\ufeff"x","y"\r\n\r\n${SIXTEEN.split("\n").join("\r\n  ")}\r\n\r\n`;
  expect(pointsFromText(dressed)).toEqual(plain);
});

test("decimal commas are read where semicolons separate", () => {
  const read = pointsFromText(lines(16, (i) => `${i},5;-${i},25`)).points;
  expect([...read.slice(0, 4)]).toEqual([0.5, -0.25, 1.5, -1.25]);
});

test("what can't be used is said in one sentence with row and column", () => {
  expect(refusal("")).toMatch(/^The file is empty/);
  expect(refusal("x,y\n")).toMatch(/^The file is empty/);
  expect(refusal(lines(20, String))).toMatch(/^The file has one column/);
  expect(refusal(`x,y\n${SIXTEEN}\n3,four`)).toBe("Row 18, column 2 (y) is “four”, which is not a number.");
  expect(refusal(`x,y\n${SIXTEEN}\nnan,4`)).toBe("Row 18, column 1 (x) is “nan”, which is not a finite number.");
  expect(refusal(`${SIXTEEN}\n1,-inf`)).toBe("Row 17, column 2 (column 2) is “-inf”, which is not a finite number.");
  expect(refusal(`${SIXTEEN}\n1,1e39`)).toBe("Row 17, column 2 (column 2) is “1e39”, which is not a finite number.");
  expect(refusal(`${SIXTEEN}\n1,`)).toBe("Row 17, column 2 (column 2) is empty; a number is needed there.");
  expect(refusal(`${SIXTEEN}\n1`)).toBe("Row 17 has 1 column; the rows above have 2.");
  expect(refusal(`${SIXTEEN}\n1,2,3`)).toBe("Row 17 has 3 columns; the rows above have 2.");
  expect(refusal(lines(15, (i) => `${i},${i}`))).toBe("The file has 15 points; at least 16 are needed.");
  expect(refusal(lines(16, (i) => `${i},5`))).toBe(
    "Column 2 (column 2) is 5 in every row: a constant can't be scaled or learned.",
  );
});

test("every column is a coordinate, unless some are named", () => {
  const wide = `a,b,c\n${lines(16, (i) => `${i},${2 * i},${3 * i}`)}`;
  const all = pointsFromText(wide);
  expect(all.columns).toEqual(["a", "b", "c"]);
  expect([...all.points.slice(0, 6)]).toEqual([0, 0, 0, 1, 2, 3]);
  expect([...pointsFromFile(new TextEncoder().encode(wide), { columns: [2, 0] }).points.slice(2, 4)]).toEqual([3, 1]);
  expect(refusal(wide, [0, 3])).toBe("There is no column 3; the file has the columns 0 to 2.");
  expect(refusal(wide, [1])).toBe("1 columns are to be read; a point has 2 to 128 coordinates.");
  const widest = lines(16, (i) => Array.from({ length: 129 }, (_, j) => i * j).join(";"));
  expect(refusal(widest)).toBe("129 columns are to be read; a point has 2 to 128 coordinates.");
});

test("for a picture two of many columns are chosen, and a text column between does no harm", () => {
  const wide = `a,label,b\n${lines(16, (i) => `${i},red,${10 * i}`)}`;
  expect(planarPoints(wide)).toEqual({
    kind: "choose",
    columns: [
      { index: 0, name: "a", numeric: true },
      { index: 1, name: "label", numeric: false },
      { index: 2, name: "b", numeric: true },
    ],
  });
  const read = pointsFromText(wide, [2, 0]);
  expect(read.columns).toEqual(["b", "a"]);
  expect([...read.points.slice(0, 4)]).toEqual([0, 0, 10, 1]);
  expect(refusal(wide, [0, 1])).toBe("Row 2, column 2 (label) is “red”, which is not a number.");
});

test("too many rows are thinned evenly, the same way each time, and it is said", () => {
  const many = lines(250_000, (i) => `${i},${-i}`);
  const thinned = pointsFromText(many);
  expect(thinned.points.length).toBe(2 * MOST_POINTS);
  expect(thinned.points[2]).toBe(2);
  expect(thinned.points.at(-2)).toBeGreaterThan(249_990);
  expect(thinned.note).toBe("250,000 rows were thinned evenly to 100,000.");
  expect(pointsFromText(many)).toEqual(thinned);
});

test("a JPEG is not a text file; UTF-16 with its mark is", () => {
  const jpeg = Uint8Array.from({ length: 512 }, (_, i) => [0xff, 0xd8, 0xff, 0xe0, 0, 16][i] ?? (i * 89) % 256);
  expect(() => textFromBytes(jpeg)).toThrow(/^This is not a text file/);
  const utf16 = new Uint8Array(new Uint16Array([0xfeff, ...[..."1\t2"].map((c) => c.charCodeAt(0))]).buffer);
  expect(textFromBytes(utf16)).toBe("1\t2");
});
