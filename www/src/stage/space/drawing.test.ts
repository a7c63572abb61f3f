import fc from "fast-check";
import { expect, test } from "vitest";
import { ALL_LAYERS, SCENE } from "../fixture";
import type { Mark } from "../marks";
import { squareAt } from "../projection";
import { frameOf, marksOfScene, type Scene } from "../scene";
import { svgFromScene } from "../svg";
import { SPACE_SCALES } from "../view";
import { ON_SPACES } from "./fixture";
import { SPHERE } from "./globe";
import { TORUS } from "./torus";

const WIDTHS = [320, 700] as const;

function sceneOf(space: "torus" | "sphere", camera = { x: 0, y: 0, zoom: 1 }, t = 0.4): Scene {
  const scale = [SPACE_SCALES[space], SPACE_SCALES[space]];
  return { ...SCENE, picture: ON_SPACES[space], dim: 2, center: [0, 0], scale, camera, layers: ALL_LAYERS, t };
}

test("no way crosses the square of a torus: every piece keeps inside, and goes on where the last one ended", () => {
  // At this width every time is in one square.
  const { projection, picture } = frameOf(sceneOf("torus"), 320);
  const { x, y, width, height } = squareAt(projection, 0);
  const pieces = TORUS.pieces(picture.generated ?? expect.fail(), 400, projection);
  let numCut = 0;
  for (const [i, { vertices, curve }] of pieces.entries()) {
    vertices.forEach((value, j) => {
      const beyond =
        j % 2 === 0 ? Math.abs(value - x - width / 2) - width / 2 : Math.abs(value - y - height / 2) - height / 2;
      expect(beyond).toBeLessThan(0.01);
    });
    const before = pieces[i - 1];
    if (before?.curve !== curve) continue;
    numCut++;
    const [endX = 0, endY = 0] = before.vertices.slice(-2);
    // On the opposite edge of the square, or on both at a corner.
    const gaps = [Math.abs((vertices[0] ?? 0) - endX), Math.abs((vertices[1] ?? 0) - endY)];
    for (const gap of gaps) expect(Math.min(gap, Math.abs(gap - projection.side))).toBeLessThan(0.01);
  }
  expect(numCut).toBeGreaterThan(50);
});

test("however a globe is turned, all of its points and ways lie on its disc, and behind its edge only what is behind", () => {
  const place = fc.record({
    x: fc.double({ min: -20, max: 20, noNaN: true }),
    y: fc.double({ min: -6.6, max: 6.6, noNaN: true }),
  });
  fc.assert(
    fc.property(place, ({ x, y }) => {
      const { projection, picture } = frameOf(sceneOf("sphere", { x, y, zoom: 1 }), 320);
      const { box } = projection;
      const [middleX, middleY] = [(box.x[0] + box.x[1]) / 2, (box.y[0] + box.y[1]) / 2];
      const { front, behind, isFront } = SPHERE.seen(picture.data ?? expect.fail(), projection);
      expect(front.length + behind.length).toBe(2 * isFront.length);
      for (const points of [front, behind]) {
        for (let i = 0; i < points.length; i += 2) {
          expect(Math.hypot((points[i] ?? 0) - middleX, (points[i + 1] ?? 0) - middleY)).toBeLessThan(1 + 1e-9);
        }
      }
      const radius = projection.side / (box.x[1] - box.x[0]);
      const [centerX, centerY] = [projection.screenXFromData(middleX, 0), projection.screenYFromData(middleY)];
      for (const { vertices } of SPHERE.pieces(picture.paths ?? expect.fail(), 24, projection)) {
        for (let i = 0; i < vertices.length; i += 2) {
          expect(Math.hypot((vertices[i] ?? 0) - centerX, (vertices[i + 1] ?? 0) - centerY)).toBeLessThan(
            radius + 0.01,
          );
        }
      }
    }),
    { numRuns: 30 },
  );
});

function numbersOf(mark: Mark): number[] {
  return Object.values(mark).flatMap((value) => (ArrayBuffer.isView(value) ? [...(value as Float32Array)] : []));
}

test.each(["torus", "sphere"] as const)("on a %s everything is drawn of finite numbers, also for print", (space) => {
  for (const width of WIDTHS) {
    for (const camera of [
      { x: 0, y: 0, zoom: 1 },
      { x: 2, y: -3, zoom: 2.5 },
    ]) {
      for (const t of [0, 0.4, 1]) {
        const scene = sceneOf(space, camera, t);
        const groups = marksOfScene(scene, width);
        const drawn = groups.filter(({ marks }) => marks.length > 0).map(({ name }) => name);
        for (const name of ["data", "noise", "paths", "trajectories", "samples", "density", "velocity"] as const) {
          expect(drawn).toContain(name);
        }
        for (const mark of groups.flatMap(({ marks }) => marks))
          expect(numbersOf(mark).every(Number.isFinite)).toBe(true);
        if (t === 0.4) expect(svgFromScene(scene, width)).not.toMatch(/NaN|undefined|Infinity|null/);
      }
    }
  }
});

test("what is behind a globe is drawn, and fainter than what is in front", () => {
  const groups = marksOfScene(sceneOf("sphere"), 320);
  for (const name of ["noise", "samples", "paths"] as const) {
    const opacities = groups
      .filter((group) => group.name === name)
      .flatMap(({ marks }) => marks.map(({ opacity }) => opacity));
    expect(Math.min(...opacities)).toBeLessThan(0.4 * Math.max(...opacities));
  }
});
