// Every figure of the lessons and every preset has a film of what it shows now: one that was changed without its film fails here.
import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Curves, Picture } from "../stage/frame";
import { viewBox } from "../stage/view";
import { type FilmPanel, readFilm } from "./format";
import { linkedSettings } from "./key";
import { FILM_BYTES, figuresIn, filmRequests, requestOf } from "./requests";
import { titlesOf } from "./titles";

const LESSONS = new URL("../../lessons/", import.meta.url);
const RECORDED = new URL("./recorded/", import.meta.url);
/** A file as a host would send it. */
const MOST_SENT = 15_000;

const names = readdirSync(LESSONS).filter((name) => /^\d.*\.md$/.test(name));
const lessons = new Map(
  names.map((name) => [name.replace(".md", ""), readFileSync(new URL(name, LESSONS), "utf8")] as const),
);
const REQUESTS = filmRequests(lessons);

function fileOf(key: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(new URL(`${key}.film`, RECORDED)));
}

test("there are films of lessons and presets, and of nothing else", () => {
  expect(readdirSync(RECORDED).sort()).toEqual(REQUESTS.map(({ key }) => `${key}.film`).sort());
  expect(REQUESTS.length).toBeGreaterThan(30);
});

test.each(REQUESTS)("$name has its film, small and whole", async ({ key, digest, bytes, view, panels }) => {
  const file = fileOf(key);
  expect(file.length).toBeLessThanOrEqual(bytes);
  expect(brotliCompressSync(file).length).toBeLessThanOrEqual(MOST_SENT);
  const film = await readFilm(file);
  // Recorded of something else, or not again: cargo xtask films
  expect(film.digest).toBe(digest);
  expect(film.view).toEqual(view);
  expect(film.panels.map(({ title }) => title)).toEqual(panels.map(({ title }) => title));
  for (const panel of film.panels) expectWhole(panel);
  const areSnapshots = panels.map(({ experiment }) => experiment.snapshots !== undefined);
  expect(film.panels.map(({ picture }) => picture.times != null)).toEqual(areSnapshots);
});

function expectWhole({ picture, dim, center, scale, step, numbers }: FilmPanel): void {
  expect(step ?? 1).toBeGreaterThan(0);
  for (const number of Object.values(numbers)) expect(number === null || Number.isFinite(number)).toBe(true);
  if (picture.pictures !== null) expectPictures(picture.pictures);
  else expectPlanar({ picture, dim, center, scale });
}

function expectPlanar({ picture, dim, center, scale }: Pick<FilmPanel, "picture" | "dim" | "center" | "scale">): void {
  const view = viewBox(center, scale);
  const isWithin = (value: number, i: number, [low, high]: readonly [number, number], share: number) => {
    const middle = (low + high) / 2;
    return i < 0 || Math.abs(value - middle) <= share * (high - middle);
  };
  const shareWithin = (points: Float64Array, share: number) => {
    const inside = points.filter((value, i) => isWithin(value, i, i % 2 === 0 ? view.x : view.y, share));
    return inside.length / points.length;
  };
  expect(picture.data?.length).toBeGreaterThan(2 * 60);
  for (const points of pointsOf(picture)) {
    expect(shareWithin(points, 2)).toBe(1);
    expect(shareWithin(points, 1)).toBeGreaterThan(0.9);
  }
  expect(picture.generated?.times.length).toBeGreaterThan(1);
  expect(picture.labels?.length ?? (picture.data?.length ?? 0) / 2).toBe((picture.data?.length ?? 0) / 2);
  if (picture.density === null) return;
  const { logDensity, size } = picture.density;
  expect(logDensity.length).toBe(size * size);
  expect(logDensity.every(Number.isFinite)).toBe(true);
  // Guided to a class it is narrower than a cell.
  if (dim === 1 || (picture.asked?.guidance ?? 0) > 1) return;
  // Coarse, but a density: it comes to about one.
  const cell = ((view.x[1] - view.x[0]) * (view.y[1] - view.y[0])) / size ** 2;
  const mass = logDensity.reduce((sum, value) => sum + Math.exp(value) * cell, 0);
  expect(mass).toBeGreaterThan(0.7);
  expect(mass).toBeLessThan(1.3);
}

function pointsOf({ data, noise, generated, paths, lattice }: Picture): Float64Array[] {
  const courses = [generated, paths, lattice?.curves ?? null].filter((curves): curves is Curves => curves !== null);
  return [data, noise, ...courses.map(({ positions }) => positions)].filter((points) => points !== null);
}

function expectPictures({ n, side, times, positions, own }: NonNullable<Picture["pictures"]>): void {
  expect(positions.length).toBe(times.length * n * side * side);
  for (const shade of [...positions, ...own]) expect(shade >= -1e-6 && shade <= 1 + 1e-6).toBe(true);
}

test("a film's titles are told by its settings alone, as attributes or as a link", () => {
  for (const settings of [...lessons.values()].flatMap(figuresIn)) {
    const titles = requestOf("", settings).panels.map(({ title }) => title);
    expect(titlesOf(settings)).toEqual(titles);
    const link = `#${new URLSearchParams([...settings])}&v=1`;
    expect(titlesOf(linkedSettings(link, new Map()))).toEqual(titles);
  }
});

test("the first view's comes with the page, and is smaller", () => {
  expect(FILM_BYTES.firstView).toBeLessThan(FILM_BYTES.usual);
});
