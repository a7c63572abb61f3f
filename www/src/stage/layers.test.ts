import { expect, test } from "vitest";
import { packedCells } from "./canvas";
import { bump, CURVES, NO_LAYERS, PICTURE, rotation, SCENE } from "./fixture";
import { EMPTY_PICTURE, type Picture } from "./frame";
import { LAYER_NAMES, type LayerName, type LayerOptions } from "./layers";
import { mended } from "./layers/curves";
import { density } from "./layers/density";
import { pictures } from "./layers/pictures";
import { samples } from "./layers/samples";
import { streamlines } from "./layers/streamlines";
import { NUM_ARROWS, velocity } from "./layers/velocity";
import type { Mark, OfKind, Rectangle } from "./marks";
import { frameOf, marksOfScene, type Scene } from "./scene";

function pixelsOf(mark: Mark): number[] {
  switch (mark.kind) {
    case "lines":
      return [...mark.vertices];
    case "arrows":
      return [...mark.vectors];
    case "area":
      return mark.rings.flatMap((ring) => [...ring]);
    case "text":
      return [mark.x, mark.y];
    case "cells":
    case "rectangle":
      return [mark.x, mark.y, mark.width, mark.height];
    default:
      return [...mark.at];
  }
}

function marksOf(scene: Scene, width: number): Mark[] {
  return marksOfScene(scene, width).flatMap(({ marks }) => marks);
}

function ofKind<K extends Mark["kind"]>(kind: K, marks: readonly Mark[]): OfKind<K>[] {
  return marks.filter((mark): mark is OfKind<K> => mark.kind === kind);
}

/** Marks wherever they can be: at t = 0.3 in a span, at the inspected time in a square. */
const TIMES = [0, 0.3, 1];

test("before anything has arrived only the axis is drawn", () => {
  for (const { name, marks } of marksOfScene({ ...SCENE, picture: EMPTY_PICTURE }, 600)) {
    expect(marks.length > 0).toBe(name === "axis");
  }
});

test("with every layer off only the axis is left", () => {
  expect(marksOfScene({ ...SCENE, layers: NO_LAYERS }, 600).map(({ name }) => name)).toEqual(["axis", "axis"]);
});

/** By a generous width of a letter. */
function spansOf(marks: readonly Mark[]): Rectangle[] {
  return ofKind("text", marks).map(({ x, y, text, align, size }) => {
    const width = 0.56 * size * text.length;
    return { x: align === "left" ? x : x - (align === "right" ? width : width / 2), y: y - size, width, height: size };
  });
}

test.each([320, 400, 420, 600, 1600])(
  "%i pixels wide, which way velocities and samples go is said, over no other word",
  (width) => {
    const only = (name: LayerName) => marksOf({ ...SCENE, layers: { ...NO_LAYERS, [name]: true } }, width);
    for (const name of ["velocity", "streamlines"] as const) {
      const words = ofKind("text", only(name)).map(({ text }) => text);
      expect(words.join(" ")).toMatch(width < 400 ? /velocities to noise, samples to data/ : /← samples.*velocities →/);
      for (const [i, one] of spansOf(only(name)).entries()) {
        expect(one.x).toBeGreaterThanOrEqual(0);
        expect(one.x + one.width).toBeLessThanOrEqual(width);
        for (const other of spansOf(only(name)).slice(i + 1)) {
          const isApart = one.x + one.width <= other.x || other.x + other.width <= one.x;
          expect(isApart || one.y + one.height <= other.y || other.y + other.height <= one.y).toBe(true);
        }
      }
    }
  },
);

test("velocities point to the noise, which is where the axis says that they point", () => {
  // Data at x = 0, noise at x = 1: x(1) - x(0) is to the right.
  const { field } = SCENE.picture;
  if (field === null) throw new Error("the fixture has a field");
  const right = { ...field, velocity: field.velocity.map((_, i) => 1 - (i % 2)) };
  const scene = { ...SCENE, picture: { ...SCENE.picture, field: right }, layers: { ...NO_LAYERS, velocity: true } };
  const [arrows] = ofKind("arrows", marksOf(scene, 600));
  expect(arrows?.vectors.length).toBeGreaterThan(0);
  arrows?.vectors.forEach((value, i) => {
    if (i % 4 === 2) expect(value).toBeGreaterThan(0);
  });
});

test.each(LAYER_NAMES)("%s alone draws marks under its name, and nothing else does", (name) => {
  const drawn = marksOfScene({ ...SCENE, layers: { ...NO_LAYERS, [name]: true } }, 600);
  const others = drawn.filter((layer) => layer.name !== name);
  expect(drawn.find((layer) => layer.name === name)?.marks.length).toBeGreaterThan(0);
  expect(new Set(others.map((layer) => layer.name))).toEqual(new Set(["axis"]));
});

test.each([320, 600, 1600])("every mark is drawn on the stage, %i pixels wide, at any time", (width) => {
  for (const t of TIMES) {
    for (const mark of marksOf({ ...SCENE, t }, width)) {
      for (const pixel of pixelsOf(mark)) {
        expect(Number.isFinite(pixel)).toBe(true);
        if (mark.kind === "arrows") continue;
        expect(pixel).toBeGreaterThanOrEqual(0);
        expect(pixel).toBeLessThanOrEqual(width);
      }
    }
  }
});

/** What engines may answer while training goes wrong. */
function broken(value: number): Picture {
  const spoil = <T extends Float32Array | Float64Array>(values: T) =>
    values.map((known, i) => (i % 3 === 0 ? value : known)) as T;
  const curves = { ...CURVES, positions: spoil(CURVES.positions) };
  const field = rotation(6, [0, 0.5, 1]);
  return {
    ...PICTURE,
    data: spoil(Float64Array.of(0, 0, 1, 1)),
    generated: curves,
    paths: curves,
    density: { ...bump(24), logDensity: spoil(bump(24).logDensity) },
    field: { ...field, velocity: spoil(field.velocity), divergence: spoil(field.divergence ?? field.velocity) },
    lattice: { curves, perLine: 2 },
    inspection: {
      at: [1, 0],
      t: 0.3,
      velocity: [value, 0],
      mean: [0, value],
      paths: curves,
      divergence: 0,
      logDensity: 0,
    },
    pictures: {
      ...{ side: 2, colors: 1, n: 3, times: [0, 1] },
      positions: spoil(new Float32Array(24)),
      own: spoil(new Float32Array(8)),
    },
  };
}

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1e30])("points at %d do no harm", (value) => {
  for (const trajectoryColor of ["plain", "time", "curvature"] satisfies LayerOptions["trajectoryColor"][]) {
    for (const t of TIMES) {
      const marks = marksOf({ ...SCENE, picture: broken(value), options: { trajectoryColor }, t }, 600);
      expect(marks.flatMap(pixelsOf).every(Number.isFinite)).toBe(true);
    }
  }
});

test("what the camera doesn't see has no dots", () => {
  const camera = { x: 0.5, y: 0.5, zoom: 9 };
  const frame = frameOf({ ...SCENE, camera, t: 0 }, 600);
  const [dots] = ofKind("dots", samples({ ...frame, t: 0.5 }));
  expect(dots?.at.length).toBe(2);
  expect(ofKind("dots", samples({ ...frame, t: 1 }))[0]?.at.length).toBe(0);
});

test("a cloud's frames share their memory, two clouds' do not", () => {
  const at = (picture: Picture, t: number) => ofKind("dots", samples(frameOf({ ...SCENE, picture, t }, 600)))[0]?.at;
  const other = { ...PICTURE, generated: { ...CURVES } };
  expect(at(PICTURE, 0.5)?.buffer).toBe(at(PICTURE, 0.1)?.buffer);
  expect(at(PICTURE, 0.5)?.buffer).not.toBe(at(other, 0.5)?.buffer);
});

test("a line that runs away stays where it was, or waits for its first vertex", () => {
  const nan = Number.NaN;
  expect([...mended(Float32Array.of(1, 2, nan, 3, 5, 6, 1e30, 7), 4)]).toEqual([1, 2, 1, 2, 5, 6, 5, 6]);
  expect([...mended(Float32Array.of(nan, 2, 3, 4, 5, 6), 3)]).toEqual([3, 4, 3, 4, 5, 6]);
  const [x = 0] = mended(Float32Array.of(nan, nan, nan, nan), 2);
  expect(x).toBeLessThan(-1000);
});

test("the innermost band of the log-density lies around its peak, and diverged cells do no harm", () => {
  const grid = bump(48);
  grid.logDensity[0] = Number.NaN;
  grid.logDensity[1] = Number.NEGATIVE_INFINITY;
  const frame = frameOf({ ...SCENE, picture: { ...PICTURE, density: grid }, t: 0 }, 600);
  const innermost = ofKind("area", density(frame)).findLast(({ hollow }) => !hollow);
  const [ring = new Float32Array()] = innermost?.rings ?? [];
  const mean = (offset: number) => {
    const values = [...ring].filter((_, i) => i % 2 === offset);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  expect(Math.abs(mean(0) - frame.projection.screenXFromData(2.25, 0))).toBeLessThan(5);
  expect(Math.abs(mean(1) - frame.projection.screenYFromData(-2.25))).toBeLessThan(5);
});

test("arrows keep to the spacing between them, at every time", () => {
  const picture = { ...PICTURE, field: rotation(24, [0, 0.5, 1]) };
  let longest = 0;
  for (const t of TIMES) {
    const frame = frameOf({ ...SCENE, picture, t }, 600);
    for (const { vectors } of ofKind("arrows", velocity(frame))) {
      for (let i = 0; i < vectors.length; i += 4) {
        const length = Math.hypot(vectors[i + 2] ?? 0, vectors[i + 3] ?? 0);
        expect(length).toBeLessThanOrEqual((frame.projection.side / NUM_ARROWS) * 0.9001);
        longest = Math.max(longest, length);
      }
    }
  }
  expect(longest).toBeGreaterThan(10);
});

test("an arrow points along the field, up on the screen where y grows", () => {
  const frame = frameOf({ ...SCENE, t: 0 }, 600);
  const [{ vectors } = { vectors: new Float32Array() }] = ofKind("arrows", velocity(frame));
  const { x, y, dx, dy } = { x: vectors[0] ?? 0, y: vectors[1] ?? 0, dx: vectors[2] ?? 0, dy: vectors[3] ?? 0 };
  // At the top left a turn against the clock goes left and down.
  expect([x < 30, y < 30, dx < 0, dy > 0]).toEqual([true, true, true, true]);
});

test("streamlines of a rotation stay on their circles", () => {
  const picture = { ...PICTURE, field: rotation(32, [0, 1]) };
  const frame = frameOf({ ...SCENE, picture, t: 0.5 }, 900);
  const [lines] = ofKind("lines", streamlines(frame));
  if (lines === undefined) throw new Error("there are streamlines");
  const { vertices, numVertices } = lines;
  const radiusOf = (vertex: number) => {
    const { x, y } = frame.projection.dataFromScreen(vertices[2 * vertex] ?? 0, vertices[2 * vertex + 1] ?? 0, 0.5);
    return Math.hypot(x, y);
  };
  const longest = { moved: 0 };
  for (let line = 0; line < vertices.length / (2 * numVertices); line++) {
    const radii = Array.from({ length: numVertices }, (_, k) => radiusOf(line * numVertices + k));
    const seed = radii[(numVertices - 1) / 2] ?? 0;
    // Nearer to the middle the grid itself is coarser than a circle; at the edge it ends.
    if (seed < 0.6 || seed > 4.2) continue;
    for (const radius of radii) expect(Math.abs(radius / seed - 1)).toBeLessThan(0.05);
    const first = 2 * line * numVertices;
    const last = first + 2 * numVertices - 2;
    const dx = (vertices[last] ?? 0) - (vertices[first] ?? 0);
    longest.moved = Math.max(longest.moved, Math.abs(dx));
  }
  expect(longest.moved).toBeGreaterThan(50);
});

test("pictures in color are cells of three values, on paper of their own", () => {
  const red = Float32Array.from({ length: 2 * 4 * 3 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const shown = { side: 2, colors: 3, n: 1, times: [0, 1], positions: red, own: new Float32Array() } as const;
  const frame = frameOf({ ...SCENE, picture: { ...PICTURE, pictures: shown }, t: 1 }, 600);
  const [paper, cells] = ofKind("cells", pictures(frame));
  expect([paper?.width, paper?.height]).toEqual([cells?.width, cells?.height]);
  expect([cells?.colored, cells?.columns, cells?.rows, cells?.values.length]).toEqual([true, 4, 4, 48]);
  const drawn = [...packedCells(cells ?? { values: red }, ["rgb(0, 0, 0)"])].map((pixel) => pixel >>> 0);
  expect(drawn.filter((pixel) => pixel === 0xff0000ff)).toHaveLength(4);
  expect(drawn.filter((pixel) => pixel === 0)).toHaveLength(12);
});

test("each snapshot in time is seen at its own, and faint at those of its neighbours", () => {
  const times = [0, 0.25, 1];
  const data = Float64Array.of(-1, 0, 0, 0.5, 1, 0);
  const labels = Uint32Array.of(0, 1, 2);
  const opacities = (t: number) => {
    const scene = { ...SCENE, t, picture: { ...PICTURE, data, labels, times } };
    const { marks = [] } = marksOfScene(scene, 320).find(({ name }) => name === "data") ?? {};
    return ofKind("dots", marks).map(({ opacity }) => opacity);
  };
  for (const [number, t] of times.entries()) {
    const found = opacities(t);
    expect(found).toHaveLength(3);
    const others = found.filter((_, other) => other !== number);
    expect(Math.max(...others), `at ${t}`).toBeLessThan(0.7 * (found[number] ?? 0));
  }
});
