// The format, written by hand: what a reader must make of it.
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { readFilm } from "./format";

const PANEL = {
  ...{ title: "Flow matching", dim: 2, step: 10, asked: null, center: [0, 0], scale: [9, 18], labelled: false },
  numbers: { nll: null, nllError: null, slicedW2: null, slicedW2Error: null, nfe: 4 },
  ...{ data: 1, noise: 0, generated: { n: 1, times: [1, 0.5, 0] }, paths: null, lattice: null, density: null },
};

function zigzag(value: number): number[] {
  const code = value < 0 ? -2 * value - 1 : 2 * value;
  return code < 128 ? [code] : [(code % 128) + 128, Math.floor(code / 128)];
}

function file(panel: object, numbers: readonly number[], version = 1): Uint8Array<ArrayBuffer> {
  const view = { layers: ["data"], trajectoryColor: "plain", camera: { x: 0, y: 0, zoom: 1 }, t: 0 };
  const header = Buffer.from(JSON.stringify({ version, digest: "0", view, panels: [panel] }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Uint8Array.from(deflateRawSync(Buffer.concat([length, header, Buffer.from(numbers.flatMap(zigzag))])));
}

test("points are steps from the center, and a course is its start, its way and its turns", async () => {
  const film = await readFilm(file(PANEL, [1024, -512, 100, 200, -10, 20, 5, -5]));
  const { data, generated } = film.panels[0]?.picture ?? {};
  expect([...(data ?? [])]).toEqual([81, -81]);
  const steps = [...(generated?.positions ?? [])].map((value, i) => (value * 1024) / (i % 2 === 0 ? 81 : 162));
  expect(steps.map(Math.round)).toEqual([100, 200, 90, 220, 85, 235]);
});

test("of one coordinate there is the second", async () => {
  const one = { ...PANEL, dim: 1, center: [1], scale: [9], generated: { n: 1, times: [1] } };
  const { picture, center } = (await readFilm(file(one, [1024, 512]))).panels[0] ?? {};
  expect(center).toEqual([0, 1]);
  expect([...(picture?.data ?? [])]).toEqual([0, 82]);
  expect([...(picture?.generated?.positions ?? [])]).toEqual([0, 41.5]);
});

test("what is seen at several times has them", async () => {
  const [first, taken] = [
    { ...PANEL, generated: null },
    { ...PANEL, generated: null, labelled: true, times: [0, 1] },
  ];
  expect((await readFilm(file(first, [1, 2]))).panels[0]?.picture).toMatchObject({ labels: null, times: null });
  const { labels, times } = (await readFilm(file(taken, [1, 2, 1]))).panels[0]?.picture ?? {};
  expect([labels, times]).toEqual([Uint32Array.of(1), [0, 1]]);
});

test("a density is levels below its top, each beside its neighbors", async () => {
  const density = { size: 2, top: -1, nats: 127 };
  const found = (await readFilm(file({ ...PANEL, data: 0, generated: null, density }, [100, 7, 27, -7]))).panels[0];
  expect([...(found?.picture.density?.logDensity ?? [])]).toEqual([-28, -21, -1, -1]);
});

test("what is cut off, or newer, is refused", async () => {
  await expect(readFilm(file(PANEL, [1, 2, 3]))).rejects.toThrow("This film was cut off.");
  await expect(readFilm(file(PANEL, [], 2))).rejects.toThrow("This film is of version 2, and must be 1.");
});
