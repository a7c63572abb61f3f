// The paper says what its journal asks for, cites what it lists, and has its numbers from what was measured.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const [, front = "", body = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(read("paper/paper.md")) ?? [];

/** Of a table in Markdown, the rows by their first cell: each a cell by its column's head. */
function rowsOf(table: string): Map<string, Record<string, string>> {
  const cells = (line: string) => {
    const parts = line.split("|").slice(1, -1);
    return parts.map((one) => one.replace(/\s+/g, " ").trim());
  };
  const [head = "", , ...rows] = table.trim().split("\n");
  const heads = cells(head);
  return new Map(
    rows.map((row) => {
      const own = cells(row);
      return [own[0] ?? "", Object.fromEntries(heads.map((one, i) => [one, own[i] ?? ""]))];
    }),
  );
}

const tablesOf = (text: string) => text.match(/(?:^\|.*\n)+/gm)?.map(rowsOf) ?? [];

test("it has the parts that the journal reviews, in a length that it prints", () => {
  for (const part of ["title: ", "tags:", "authors:", "date: ", "bibliography: paper.bib"])
    expect(front).toContain(part);
  const parts = [...body.matchAll(/^# (.+)$/gm)].map(([, title]) => title);
  expect(parts).toEqual([
    "Summary",
    "Statement of need",
    "Features",
    "Learning objectives and instructional design",
    "Evidence",
    "Story of the project",
    "References",
  ]);
  const words = body.replace(/^\|.*$/gm, "").split(/\s+/).length;
  expect(words).toBeGreaterThan(700);
  expect(words).toBeLessThan(1300);
});

test("every citation is in the list, and everything in the list is cited", () => {
  const cited = new Set([...body.matchAll(/@([a-z]+\d{4})/g)].map(([, key]) => key));
  const listed = [...read("paper/paper.bib").matchAll(/^@\w+\{(\w+),$/gm)].map(([, key]) => key);
  expect([...cited].sort()).toEqual(listed.sort());
});

test("its table is of the measured results, cell by cell", () => {
  const [, moons = ""] = /^## Moons\n([\s\S]*?)^## /m.exec(read("www/docs/measured.md")) ?? [];
  const measured = tablesOf(moons);
  const [table] = tablesOf(body);
  expect(table?.size).toBe(5);
  for (const [method, cells] of table ?? []) {
    for (const [head, cell] of Object.entries(cells)) {
      const found = measured.flatMap((one) => one.get(method)?.[head] ?? []);
      expect(found, `${method}: ${head}`).toContain(cell);
    }
  }
});

test("its speeds are the benchmark's", () => {
  const line = read("tests/peers/README.md")
    .split("\n")
    .find((one) => one.startsWith("| flow-matching step, H = 64, batch 256 |"));
  for (const speed of ["0.790 ms", "6.25 ms"]) {
    expect(line).toContain(speed);
    expect(body).toContain(speed);
  }
});
