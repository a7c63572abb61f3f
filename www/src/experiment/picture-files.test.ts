import { gzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { answer } from "./answer";
import { picturesInFiles } from "./picture-files";
import { arePixels } from "./pictures";
import { type Raster, rasterOf, squared } from "./raster";

const N = 40;

/** Picture i is dark but for one bright row, which tells its class, i % 4. */
function pixelsOf(side: number, white = 255): number[] {
  return Array.from({ length: N * side * side }, (_, at) => {
    const [picture, row] = [Math.floor(at / (side * side)), Math.floor(at / side) % side];
    return row === 1 + (picture % 4) ? white : 0;
  });
}

function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, 8);
  header.setUint8(3, shape.length);
  for (const [k, length] of shape.entries()) header.setUint32(4 + 4 * k, length);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...values]);
}

function npy(shape: readonly number[], values: readonly number[], descr = "|u1"): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }\n`;
  const body = descr === "|u1" ? Uint8Array.from(values) : new Uint8Array(Float32Array.from(values).buffer);
  const magic = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length & 255, text.length >> 8];
  return Uint8Array.from([...magic, ...new TextEncoder().encode(text), ...body]);
}

const LABELS = Array.from({ length: N }, (_, i) => i % 4);
const none = async () => null;
const file = (bytes: Uint8Array, name = "file") => ({ blob: new Blob([bytes as BlobPart]), name });

function checked(found: Awaited<ReturnType<typeof picturesInFiles>>, side: number) {
  expect(found?.columns.length).toBe(side * side);
  expect(arePixels(found?.columns ?? [])).toBe(true);
  expect(found?.points.length).toBe(N * side * side);
  const points = found?.points ?? new Float64Array();
  expect(points.every((pixel) => pixel >= -1 && pixel <= 1)).toBe(true);
  // The bright row is ink, all else paper.
  expect(points[side]).toBeGreaterThan(0.98);
  expect(points[0]).toBeLessThan(-0.98);
  return found;
}

test("MNIST's files are pictures with their labels, packed or not", async () => {
  const images = idx([N, 28, 28], pixelsOf(28));
  const labels = idx([N], LABELS);
  const all = checked(await picturesInFiles([file(labels), file(gzipSync(images))], none), 28);
  expect(all?.labels?.classes).toEqual(["0", "1", "2", "3"]);
  expect([...(all?.labels?.of ?? [])]).toEqual(LABELS);
  expect(all?.note).toContain("40 pictures of 28 × 28 pixels");
  const alone = checked(await picturesInFiles([file(images)], none), 28);
  expect(alone?.labels).toBeUndefined();
});

test("NumPy's arrays of pictures are read: gray or color, bytes or fractions, alone or beside their labels", async () => {
  const three = pixelsOf(8).flatMap((value) => [value, value, value]);
  checked(await picturesInFiles([file(npy([N, 8, 8, 3], three))], none), 8);
  const fractions = pixelsOf(12, 2).map((value) => value - 1);
  checked(await picturesInFiles([file(npy([N, 12, 12], fractions, "<f4"))], none), 12);
  checked(await picturesInFiles([file(npy([N, 8, 8], pixelsOf(8, 16)))], none), 8);
  const zip = zipSync({ "x.npy": npy([N, 8, 8], pixelsOf(8)), "y.npy": npy([N], LABELS) });
  expect(checked(await picturesInFiles([file(zip)], none), 8)?.labels?.classes.length).toBe(4);
});

test("pictures that are a file each are squared; what is none is named and left out", async () => {
  const pixels = pixelsOf(20, 1);
  const decode = async (blob: Blob): Promise<Raster | null> => {
    const i = Number(await blob.text());
    if (Number.isNaN(i)) return null;
    return rasterOf(pixels.slice(400 * i, 400 * i + 400), 1, 20, 20);
  };
  const picture = (i: number) => ({ ...file(new TextEncoder().encode(String(i)), `${i}.png`), folder: `row ${i % 4}` });
  const files = [file(new TextEncoder().encode("notes"), "readme.txt"), ...LABELS.map((_, i) => picture(i))];
  const found = checked(await picturesInFiles(files, decode), 20);
  expect(found?.note).toContain("Left out, since they can't be read as pictures: readme.txt.");
  expect(found?.labels?.classes).toEqual(["row 0", "row 1", "row 2", "row 3"]);
  await expect(picturesInFiles(files.slice(0, 5), decode)).rejects.toThrow(
    "There are 4 pictures; at least 16 are needed.",
  );
});

test("a table stays a table, and other gray values are refused in a sentence", async () => {
  const table = "x,y\n".concat(Array.from({ length: 20 }, (_, i) => `${i},${i * i}\n`).join(""));
  const read = await answer({ source: new Blob([table]), options: {}, isPlanar: true });
  expect(read.kind === "points" && read.columns).toEqual(["x", "y"]);
  const far = npy([N, 8, 8], pixelsOf(8, 3000), "<f4");
  const refused = await answer({ source: new Blob([far as BlobPart]), options: {}, isPlanar: true });
  expect(refused).toEqual({
    kind: "refused",
    message: "The pictures' pixels go from 0 to 3000; from 0 or -1 to 1, 0 to 16 or 0 to 255 can be read.",
  });
  const short = await answer({ source: new Blob([idx([N, 8, 8], [1, 2]) as BlobPart]), options: {}, isPlanar: true });
  expect(short.kind === "refused" && short.message).toContain("The IDX file is cut short");
});

test("a larger picture becomes the means of what its pixels cover, in the middle of a square", () => {
  const wide = rasterOf([1, 1, 0, 0, 1, 1, 0, 0], 1, 4, 2);
  expect([...squared(wide, 2, false)]).toEqual([0.5, 0, 0.5, 0]);
  const dark = rasterOf([0, 0.5, 1, 1], 1, 2, 2);
  expect([...squared(dark, 2, true)]).toEqual([1, 0.5, 0, 0]);
  // Light is kept, whatever the sides are.
  const light = Float32Array.from({ length: 49 * 49 }, (_, i) => ((i * 7919) % 101) / 101);
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(squared({ width: 49, height: 49, light }, 32, false))).toBeCloseTo(mean(light), 4);
});

test("pictures in color stay so, unless most are gray: three numbers a pixel, light from -1 to 1, on white", async () => {
  // The left half red, the right half gray; wider than high.
  const size = 10 * 8;
  const red = Array.from({ length: 20 * size * 3 }, (_, i) => (i % 3 === 0 || Math.floor(i / 3) % 10 >= 5 ? 200 : 20));
  const found = await picturesInFiles([file(npy([20, 8, 10, 3], red))], none);
  expect(found?.note).toContain("20 pictures were made 10 × 10 pixels in color");
  expect([found?.columns.length, found?.columns[4], arePixels(found?.columns ?? [])]).toEqual([
    300,
    "pixel 2 green",
    true,
  ]);
  const rowOf = (y: number) =>
    [...(found?.points.subarray(30 * y, 30 * y + 30) ?? [])].map((value) => Math.round(127.5 * (value + 1)));
  expect(rowOf(0).every((value) => value >= 254)).toBe(true);
  const near = (value: number) => expect.closeTo(value, -0.5);
  expect(rowOf(4).slice(0, 3)).toEqual([near(200), near(20), near(20)]);
  expect(rowOf(4).slice(27)).toEqual([near(200), near(200), near(200)]);
  const grays = npy(
    [30, 8, 10],
    Array.from({ length: 30 * size }, (_, i) => (i % 7) * 30),
  );
  const mixed = await picturesInFiles([file(npy([20, 8, 10, 3], red)), file(grays)], none);
  expect(mixed?.columns.length).toBe(100);
});
