import { describe, expect, test } from "vitest";
import {
  beginStroke,
  chooseTool,
  clear,
  continueStroke,
  type Drawing,
  erase,
  MOST_DRAWN,
  moveCursor,
  newDrawing,
  numPoints,
  PAD_EXTENT,
  type Point,
  pointsOf,
  redo,
  refusalOfDrawing,
  resizeBrush,
  stroke,
  undo,
} from "./drawing";

/** A stroke along `way`, one step of undo. */
function drawn(drawing: Drawing, way: readonly Point[]): Drawing {
  const [first = [0, 0], ...rest] = way;
  return rest.reduce((before, to) => continueStroke(before, to), beginStroke(drawing, first));
}

/** Pseudo-random strokes on the pad, some of which erase. */
function strokes(count: number): { tool: "draw" | "erase"; way: Point[] }[] {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return 7 * (state / 2147483647) - 3.5;
  };
  return Array.from({ length: count }, (_, i) => ({
    tool: i % 4 === 3 ? ("erase" as const) : ("draw" as const),
    way: Array.from({ length: 2 + (i % 5) }, (): Point => [next(), next()]),
  }));
}

/** What each stroke left behind. */
function history(count: number): Drawing[] {
  const states = [newDrawing()];
  for (const { tool, way } of strokes(count)) {
    states.push(drawn(chooseTool(states.at(-1) ?? newDrawing(), tool), way));
  }
  return states;
}

const WIDE = drawn(resizeBrush(newDrawing(), 1), [
  [-3, -3],
  [3, 3],
  [3, -3],
]);

test("undo goes back stroke by stroke to an empty pad, and redo forth again", () => {
  const states = history(40);
  const last = states.at(-1) ?? newDrawing();
  // An erasing that hits nothing is no step.
  const distinct = states.filter(({ points }, i) => points !== states[i - 1]?.points);
  let drawing = last;
  for (const before of distinct.slice(0, -1).reverse()) {
    drawing = undo(drawing);
    expect(drawing.points).toBe(before.points);
  }
  expect(numPoints(drawing)).toBe(0);
  expect(undo(drawing)).toBe(drawing);
  for (const after of distinct.slice(1)) {
    drawing = redo(drawing);
    expect(drawing.points).toBe(after.points);
  }
  expect(redo(drawing)).toBe(drawing);
});

test("a stroke after an undo can be undone, and what was undone is gone", () => {
  const states = history(6);
  const back = undo(states.at(-1) ?? newDrawing());
  const other = drawn(chooseTool(back, "draw"), [
    [0, 0],
    [1, 1],
  ]);
  expect(redo(other)).toBe(other);
  expect(undo(other).points).toBe(back.points);
});

test("an empty pad after clear is undone too; clearing an empty pad is no step", () => {
  expect(numPoints(clear(WIDE))).toBe(0);
  expect(undo(clear(WIDE)).points).toBe(WIDE.points);
  expect(clear(clear(WIDE)).past).toHaveLength(2);
  expect(clear(newDrawing()).past).toHaveLength(0);
});

test("no change touches the drawing before it", () => {
  const before = pointsOf(WIDE);
  drawn(chooseTool(WIDE, "erase"), [
    [-3, 0],
    [3, 0],
  ]);
  drawn(WIDE, [
    [0, 0],
    [1, 0],
  ]);
  expect(pointsOf(WIDE)).toEqual(before);
  expect(pointsOf(WIDE)).not.toBe(WIDE.points);
});

test("erase removes what is within the radius of its way, and nothing else", () => {
  const erased = erase(resizeBrush(WIDE, 0.5), [-2, 0], [2, 0]);
  const inside = (x: number, y: number) => Math.hypot(x - Math.min(2, Math.max(-2, x)), y) <= 0.5;
  const expected: number[] = [];
  for (let i = 0; i < WIDE.points.length; i += 2) {
    const [x = 0, y = 0] = WIDE.points.slice(i, i + 2);
    if (!inside(x, y)) expected.push(x, y);
  }
  expect(expected.length).toBeLessThan(WIDE.points.length);
  expect([...erased.points]).toEqual(expected);
});

describe("a stroke scatters evenly", () => {
  const begun = resizeBrush(newDrawing(), 0.3);
  const alongX = (pieces: number) =>
    Array.from({ length: pieces }, (_, i) => (6 * (i + 1)) / pieces - 3).reduce(
      (before, x) => stroke(before, [x - 6 / pieces, 0], [x, 0]),
      begun,
    );
  const whole = alongX(1);

  test.each([2, 7, 60, 1000, 5000])("however fast: in %d pieces the same points", (pieces) => {
    const slow = alongX(pieces);
    expect(Math.abs(numPoints(slow) - numPoints(whole))).toBeLessThanOrEqual(1);
    // The sequence of random places is the same as well.
    const gaps = slow.points.slice(0, whole.points.length - 2).map((value, i) => value - (whole.points[i] ?? 0));
    expect(Math.max(...gaps.map(Math.abs))).toBeLessThan(1e-3);
  });

  test("the same strokes give the same points", () => {
    expect(alongX(60).points).toEqual(alongX(60).points);
  });

  test("as many to a length everywhere, inside the brush, and across all of it", () => {
    const xs = whole.points.filter((_, i) => i % 2 === 0);
    const ys = whole.points.filter((_, i) => i % 2 === 1);
    for (let x = -2.5; x < 2.5; x++) {
      const count = xs.filter((value) => value >= x && value < x + 1).length;
      expect(Math.abs(count - 60)).toBeLessThan(15);
    }
    expect(Math.max(...ys.map(Math.abs))).toBeLessThanOrEqual(0.3);
    const meanSquare = ys.reduce((sum, y) => sum + y * y, 0) / ys.length;
    // Of a uniform disk: r²/4.
    expect(meanSquare / (0.3 ** 2 / 4)).toBeGreaterThan(0.8);
    expect(meanSquare / (0.3 ** 2 / 4)).toBeLessThan(1.2);
  });
});

test("a press that does not move leaves a stamp; a light pen a narrow one", () => {
  const light = beginStroke(resizeBrush(newDrawing(), 0.5), [1, 1], 0.2);
  expect(numPoints(light)).toBeGreaterThan(4);
  for (let i = 0; i < light.points.length; i += 2) {
    expect(Math.hypot((light.points[i] ?? 0) - 1, (light.points[i + 1] ?? 0) - 1)).toBeLessThanOrEqual(0.1 + 1e-6);
  }
});

test("nothing is drawn off the pad, and the cursor stays on it", () => {
  const beyond = drawn(resizeBrush(newDrawing(), 1), [
    [3.5, 0],
    [6, 0],
    [3.5, 3.9],
  ]);
  expect(Math.max(...beyond.points.map(Math.abs))).toBeLessThanOrEqual(PAD_EXTENT);
  expect(moveCursor(newDrawing(), 9, -9).cursor).toEqual([PAD_EXTENT, -PAD_EXTENT]);
});

test("a full pad takes no more, says so, and takes more after some are erased", () => {
  let drawing = beginStroke(newDrawing(), [-3, 0]);
  for (let i = 0; i < 80; i++) drawing = continueStroke(drawing, [i % 2 === 0 ? 3 : -3, 0]);
  expect(numPoints(drawing)).toBe(MOST_DRAWN);
  expect(drawing.notice).toBe("The pad holds 20,000 points: erase some to draw on.");
  const again = drawn(chooseTool(drawing, "erase"), [
    [-1, 0],
    [0, 0],
  ]);
  expect(again.notice).toBeNull();
  expect(numPoints(beginStroke(chooseTool(again, "draw"), [0, 2]))).toBe(numPoints(again) + 12);
});

test("what can't be trained on is refused in one sentence", () => {
  const of = (...points: number[]): Drawing => ({ ...newDrawing(), points: Float32Array.from(points) });
  const rows = (point: (i: number) => number[]) => of(...Array.from({ length: 20 }, (_, i) => point(i)).flat());
  expect(refusalOfDrawing(newDrawing())).toBe("Draw at least 16 points; there are none yet.");
  expect(refusalOfDrawing(of(1, 2))).toBe("Draw at least 16 points; there is 1.");
  expect(refusalOfDrawing(beginStroke(newDrawing(), [0, 0]))).toBe("Draw at least 16 points; there are 12.");
  expect(refusalOfDrawing(rows((i) => [2, i]))).toBe(
    "Every point has the same x: a constant can't be scaled or learned.",
  );
  expect(refusalOfDrawing(rows((i) => [i, 2]))).toBe(
    "Every point has the same y: a constant can't be scaled or learned.",
  );
  expect(refusalOfDrawing(WIDE)).toBeNull();
});
