import { expect, test } from "vitest";
import { heightFor, project, projectPoints } from "./projection";
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
