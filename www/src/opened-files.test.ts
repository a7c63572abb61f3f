import { expect, test } from "vitest";
import { FileError } from "./experiment/table";
import { pointsFromFile, pointsFromText } from "./opened-files";

const TEXT = Array.from({ length: 16 }, (_, i) => `${i}.5;${i * i}.25`).join("\n");

// Where there are workers, tests/browser/library.spec.ts reads.
test("without workers text and bytes of any kind are read as well", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  const expected = await pointsFromText(TEXT);
  expect([...expected.points.subarray(0, 4)]).toEqual([0.5, 0.25, 1.5, 1.25]);
  for (const file of [bytes, bytes.buffer as ArrayBuffer, new Blob([bytes])]) {
    expect(await pointsFromFile(file)).toEqual(expected);
  }
  expect((await pointsFromText(TEXT, { columns: [1, 0] })).columns).toEqual(["column 2", "column 1"]);
});

test("a refusal is a FileError that names the option which settles it", async () => {
  const doubtful = "1.900\t2.500\n3.100\t-4.250\n".repeat(8);
  await expect(pointsFromText(doubtful)).rejects.toBeInstanceOf(FileError);
  await expect(pointsFromText(doubtful)).rejects.toThrow(
    '“1.900” (row 1, column 1) may mean 1.9 or 1900: the option decimal, "." or ",", says which.',
  );
  const settled = await pointsFromText(doubtful, { decimal: "," });
  expect([...settled.points.subarray(0, 2)]).toEqual([1900, 2500]);
});
