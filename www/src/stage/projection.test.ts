import { expect, test } from "vitest";
import { heightFor, project, projectPoints, squareAt } from "./projection";
import { viewBox } from "./view";

const BOX = viewBox([10, -3], [2, 0.5]);

test("the data square is at the left edge, the noise square at the right, and t goes evenly between", () => {
  const { screenXFromData, side, offset } = project(600, BOX);
  expect(screenXFromData(BOX.x[0], 0)).toBeCloseTo(1);
  expect(screenXFromData(BOX.x[1], 1)).toBeCloseTo(599);
  expect(offset(0.5)).toBeCloseTo((offset(0) + offset(1)) / 2);
  expect(screenXFromData(BOX.x[1], 0) - screenXFromData(BOX.x[0], 0)).toBeCloseTo(side);
});

test("up in the data is up on the screen, and the view box fills its square", () => {
  const { screenYFromData, side } = project(600, BOX);
  expect(screenYFromData(BOX.y[1])).toBeCloseTo(1);
  expect(screenYFromData(BOX.y[0])).toBeCloseTo(1 + side);
});

test("on a phone every time is drawn in one square as wide as the screen allows", () => {
  const { kind, screenXFromData, side } = project(320, BOX);
  expect(kind).toBe("square");
  expect(screenXFromData(10, 0)).toBe(screenXFromData(10, 1));
  expect(side).toBe(318);
  expect(heightFor(320)).toBe(320);
});

test("what a pixel shows is the point that is drawn there, also where a camera looks closer", () => {
  const box = viewBox([10, -3], [2, 0.5], { x: 1, y: -2, zoom: 3 });
  expect(box.x).toEqual([9, 15]);
  expect(box.y).toEqual([-4.75, -3.25]);
  const { screenXFromData, screenYFromData, dataFromScreen } = project(600, box);
  const { x, y } = dataFromScreen(screenXFromData(11.3, 0.4), screenYFromData(-3.9), 0.4);
  expect(x).toBeCloseTo(11.3);
  expect(y).toBeCloseTo(-3.9);
});

test("points outside the view are left out, and those that are none", () => {
  const points = Float64Array.of(10, -3, 20, -3, Number.NaN, -3, 10, Number.NEGATIVE_INFINITY, 11, -3);
  expect(projectPoints(points, 0, project(600, BOX)).length).toBe(4);
});

test("points become pixels, one by one", () => {
  const projection = project(600, BOX);
  const center = projectPoints(Float64Array.of(10, -3, 11, -3), 0, projection);
  expect(center[0]).toBeCloseTo(1 + projection.side / 2);
  expect(center[1]).toBeCloseTo(1 + projection.side / 2);
  expect((center[2] ?? 0) - (center[0] ?? 0)).toBeCloseTo(projection.side / 18);
});

for (const [room, width, height] of [
  ["wide and low", 900, 300],
  ["as usual", 600, heightFor(600)],
  ["higher than usual", 600, 500],
  ["a tower", 450, 1400],
  ["on a phone, wide", 374, 290],
  ["on a phone, high", 374, 700],
] as const) {
  test(`a unit is as long up as across, and all of the room is used: ${room}`, () => {
    const projection = project(width, viewBox([0, 0], [1, 1]), height);
    const { screenXFromData, screenYFromData, dataFromScreen, kind } = projection;
    const across = screenXFromData(1, 0) - screenXFromData(0, 0);
    expect(across).toBeCloseTo(screenYFromData(0) - screenYFromData(1));
    const [data, noise] = [squareAt(projection, 0), squareAt(projection, 1)];
    expect(data.x).toBeCloseTo(1);
    expect(noise.x + noise.width).toBeCloseTo(width - 1);
    expect(Math.abs(data.y + data.height - (height - 1 - (kind === "square" ? 0 : 32)))).toBeLessThanOrEqual(0.5);
    // The whole view is shown, and what is shown is what is drawn.
    for (const corner of [-4.5, 4.5]) {
      const at = projectPoints(Float64Array.of(corner, corner), 0, projection);
      expect(at[0]).toBeCloseTo(screenXFromData(corner, 0), 3);
      expect(at[1]).toBeCloseTo(screenYFromData(corner), 3);
    }
    const { x, y } = dataFromScreen(screenXFromData(1.3, 1), screenYFromData(-3.9), 1);
    expect([x, y].map((value) => Number(value.toFixed(6)))).toEqual([1.3, -3.9]);
  });
}
