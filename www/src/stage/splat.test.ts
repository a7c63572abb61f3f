import { expect, test } from "vitest";
import { newStamp, type Pixels, splat, wipe } from "./splat";

const CORNER = { left: 0, top: 0 };

function blank(width: number, height: number): Pixels {
  return { width, height, data: new Uint32Array(width * height) };
}

const alphas = ({ data }: Pixels) => [...data].map((pixel) => (pixel >>> 24) / 255);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test.each([1.1, 1.9, 3.8])(
  "a dot of radius %d covers its area around its center, wherever it stands in a pixel",
  (radius) => {
    const stamp = newStamp(radius, 1);
    for (const [x, y] of [
      [15, 15],
      [15.49, 14.51],
      [15.99, 15.01],
    ] as const) {
      const pixels = blank(30, 30);
      splat(pixels, Float32Array.of(x, y), stamp, { color: 0, scale: 1, ...CORNER });
      const covered = alphas(pixels);
      const area = sum(covered);
      expect(Math.abs(area / (Math.PI * radius * radius) - 1)).toBeLessThan(0.05);
      const middle = (at: (i: number) => number) => sum(covered.map((a, i) => a * (at(i) + 0.5))) / area;
      expect(Math.abs(middle((i) => i % 30) - x)).toBeLessThan(0.15);
      expect(Math.abs(middle((i) => Math.floor(i / 30)) - y)).toBeLessThan(0.15);
    }
  },
);

test("dots over each other add up as opacities do, in one color", () => {
  const pixels = blank(9, 9);
  splat(pixels, Float32Array.of(4.5, 4.5, 4.5, 4.5), newStamp(2, 0.5), { color: 0x123456, scale: 1, ...CORNER });
  const middle = pixels.data[4 * 9 + 4] ?? 0;
  expect(middle & 0xffffff).toBe(0x123456);
  expect((middle >>> 24) / 255).toBeCloseTo(0.75, 2);
});

test("a dot on the edge is cut, and what is outside is left alone", () => {
  const width = 6;
  const data = new Uint32Array(3 * width * width).fill(7);
  const image = data.subarray(width * width, 2 * width * width).fill(0);
  const dots = Float32Array.of(0, 0, 6, 3, 3, 6, -50, 3, 3, 900, 5.9, 5.9);
  const bounds = splat({ data: image, width, height: width }, dots, newStamp(2, 1), { color: 0, scale: 1, ...CORNER });
  expect(bounds).toEqual({ left: 0, top: 0, right: 6, bottom: 6 });
  expect(data.subarray(0, width * width).every((pixel) => pixel === 7)).toBe(true);
  expect(data.subarray(2 * width * width).every((pixel) => pixel === 7)).toBe(true);
  // Cut at the left edge, the dot does not come back at the right one.
  expect(image[5]).toBe(0);
});

test("the bounds hold every pixel that was touched, and clearing them clears all", () => {
  const pixels = blank(40, 40);
  const bounds = splat(pixels, Float32Array.of(10.3, 12, 20, 15.7), newStamp(1.7, 1), {
    color: 0,
    scale: 1,
    ...CORNER,
  });
  alphas(pixels).forEach((alpha, i) => {
    const [x, y] = [i % 40, Math.floor(i / 40)];
    const inside = x >= bounds.left && x < bounds.right && y >= bounds.top && y < bounds.bottom;
    if (!inside) expect(alpha).toBe(0);
  });
  expect(bounds.right - bounds.left).toBeLessThan(17);
  wipe(pixels, bounds);
  expect(pixels.data.every((pixel) => pixel === 0)).toBe(true);
});

test("at two pixels of the screen to one the dot is where it should be", () => {
  const pixels = blank(40, 40);
  splat(pixels, Float32Array.of(10, 5), newStamp(2, 1), { color: 0, scale: 2, ...CORNER });
  expect((pixels.data[10 * 40 + 20] ?? 0) >>> 24).toBe(255);
  const moved = blank(40, 40);
  splat(moved, Float32Array.of(10, 5), newStamp(2, 1), { color: 0, scale: 2, left: 15, top: -3 });
  expect((moved.data[13 * 40 + 5] ?? 0) >>> 24).toBe(255);
});
