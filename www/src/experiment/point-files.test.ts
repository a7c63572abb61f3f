// Every file of tests/vectors/point-files.json, which the native runner reads too.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type FileOptions, type FilePoints, pointsInFile } from "./files";
import { DoubtError, FileError, type Reading } from "./table";

interface Case {
  name: string;
  text?: string;
  rows?: string;
  times?: number;
  tail?: string;
  base64?: string;
  options?: FileOptions;
  points?: { columns: string[]; first: number[][]; note?: string; labels?: { classes: string[]; first: number[] } };
  refused?: string;
  doubt?: string;
  readings?: Reading[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../tests/vectors/point-files.json", import.meta.url), "utf8"),
) as { cases: Case[] };

function bytesOf({ base64, text = "", rows = "", times = 0, tail = "" }: Case): Uint8Array {
  if (base64 !== undefined) return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  return new TextEncoder().encode((text + rows.repeat(times) + tail).replace("LONG", `${"1".repeat(400_000)}x`));
}

function outcome({ options, ...one }: Case): FilePoints | FileError {
  try {
    return pointsInFile(bytesOf(one), options);
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}

test.each(cases)("$name", (one) => {
  const found = outcome(one);
  if (one.points !== undefined) {
    if (found instanceof FileError) throw found;
    const { columns, first, note = null, labels } = one.points;
    expect(found.columns).toEqual(columns);
    expect(found.note).toBe(note);
    expect(found.labels?.classes).toEqual(labels?.classes);
    expect(labels && [...(found.labels?.of.subarray(0, first.length) ?? [])]).toEqual(labels?.first);
    const shown = first.flat();
    expect([...found.points.subarray(0, shown.length)].map(Math.fround)).toEqual(shown.map(Math.fround));
    expect(found.points.length).toBeGreaterThanOrEqual(16 * columns.length);
    return;
  }
  if (!(found instanceof FileError)) throw new Error(`it was read: ${found.points.subarray(0, 8)}`);
  expect(found.message).toMatch(/\.$/);
  expect(found.message.slice(0, one.refused?.length ?? one.doubt?.length)).toBe(one.refused ?? one.doubt);
  if (one.doubt === undefined) return expect(found).not.toBeInstanceOf(DoubtError);
  expect((found as DoubtError).question).toBe(one.doubt);
  expect((found as DoubtError).readings).toEqual(one.readings);
});
