import { expect, test } from "vitest";
import { ALL_LAYERS, PALETTE } from "./fixture";
import type { Curves, DensityGrid, FieldSlices, Picture } from "./frame";
import type { LayerName } from "./layers";
import { bars, counted, projectLine } from "./line";
import type { Mark } from "./marks";
import { AXIS_PX, heightFor, squareAt } from "./projection";
import { marksOfScene, type Scene } from "./scene";
import { svgFromScene } from "./svg";
import { viewBox, WHOLE_VIEW } from "./view";

const WIDTH = 800;
const BOX = viewBox([0, 10], [1, 2]);
const SIZE = 8;
const OVER_TIME = { x: [0, 1], y: BOX.y } as const;

/** x = 10 + z (1 + t), of two particles: (0, x) at each time. */
const CURVES: Curves = { times: [1, 0.5, 0], positions: Float64Array.of(0, 12, 0, 6, 0, 11.5, 0, 7, 0, 11, 0, 8) };
const DENSITY: DensityGrid = {
  size: SIZE,
  box: OVER_TIME,
  logDensity: Float32Array.from({ length: SIZE * SIZE }, (_, cell) => -Math.abs(Math.floor(cell / SIZE) - 3.5)),
};
/** Up, the faster the later. */
const FIELD: FieldSlices = {
  size: SIZE,
  box: OVER_TIME,
  times: [0],
  velocity: Float32Array.from({ length: 2 * SIZE * SIZE }, (_, i) =>
    i % 2 === 0 ? 1 : (4 * (((i >> 1) % SIZE) + 0.5)) / SIZE,
  ),
  divergence: new Float32Array(SIZE * SIZE).fill(1),
};
const PICTURE: Picture = {
  data: Float64Array.of(0, 11, 0, 11, 0, 8),
  labels: null,
  asked: null,
  noise: Float64Array.of(0, 10, 0, 12),
  generated: CURVES,
  paths: CURVES,
  density: DENSITY,
  field: FIELD,
  lattice: null,
  inspection: { at: [0, 11], t: 0.4, velocity: [0, 2], mean: [0, 1], paths: CURVES, divergence: 0, logDensity: -1 },
  pictures: null,
  decoder: null,
  strips: null,
  learned: null,
};
const SCENE: Scene = {
  picture: PICTURE,
  dim: 1,
  center: [0, 10],
  scale: [1, 2],
  camera: WHOLE_VIEW,
  layers: ALL_LAYERS,
  options: { trajectoryColor: "plain" },
  palette: PALETTE,
  t: 0.5,
};

function marksOf(name: LayerName | "axis", scene: Scene = SCENE, width = WIDTH): readonly Mark[] {
  return marksOfScene(scene, width).flatMap((layer) => (layer.name === name ? layer.marks : []));
}

function only<K extends Mark["kind"]>(marks: readonly Mark[], kind: K): Extract<Mark, { kind: K }>[] {
  return marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);
}

test.each([320, 800, 1400])("time runs from the data's gutter to the noise's, and x upwards, at %i px", (width) => {
  const projection = projectLine(width, BOX);
  const { offset, screenXFromData, screenYFromData, dataFromScreen, height } = projection;
  const all = squareAt(projection, 0.7);
  expect(height).toBe(heightFor(width));
  expect(all).toEqual(squareAt(projection, 0));
  expect([offset(0), offset(1)]).toEqual([all.x, all.x + all.width]);
  expect(all.x + all.width).toBeCloseTo(width - all.x);
  expect(screenXFromData(0, 0.25)).toBeCloseTo(all.x + all.width / 4);
  expect([screenYFromData(BOX.y[0]), screenYFromData(BOX.y[1])]).toEqual([all.y + all.height, all.y]);
  expect(all.y + all.height).toBeCloseTo(height - AXIS_PX - 1);
  expect(dataFromScreen(123, screenYFromData(11.5), 0.3)).toEqual({ x: 0, y: expect.closeTo(11.5) });
});

test("a trajectory is a curve over time, and the particles of a time stand above each other", () => {
  const projection = projectLine(WIDTH, BOX);
  const [lines] = only(marksOf("trajectories"), "lines");
  const [first = 0, height = 0] = lines?.vertices ?? [];
  expect([first, height]).toEqual([
    expect.closeTo(projection.offset(1), 3),
    expect.closeTo(projection.screenYFromData(12), 3),
  ]);
  const [dots] = only(marksOf("samples"), "dots");
  const across = [...(dots?.at ?? [])].filter((_, i) => i % 2 === 0);
  expect(across).toHaveLength(2);
  for (const x of across) expect(x).toBeCloseTo(projection.offset(0.5), 3);
});

test("points are counted in bars, those that the view does not show are not", () => {
  const shares = counted(Float64Array.of(0, 11, 0, 11, 0, 8, 0, 1000), { box: BOX });
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(0.75);
  expect(Math.max(...shares)).toBeCloseTo(0.5);
  const projection = projectLine(WIDTH, BOX);
  const ring = bars(shares, 100, -50, projection);
  const [left, right] = [Math.min, Math.max].map((of) => of(...ring.filter((_, i) => i % 2 === 0)));
  expect([left, right]).toEqual([75, 100]);
});

test("data are counted left of t = 0, noise right of t = 1, both in the picture", () => {
  const extent = (name: LayerName) => {
    const across = only(marksOf(name), "area").flatMap(({ rings }) =>
      rings.flatMap((ring) => [...ring].filter((_, i) => i % 2 === 0)),
    );
    return [Math.min(...across), Math.max(...across)] as const;
  };
  const { offset } = projectLine(WIDTH, BOX);
  const [[dataLeft, dataRight], [noiseLeft, noiseRight]] = [extent("data"), extent("noise")];
  expect(dataRight).toBeCloseTo(offset(0), 3);
  expect(noiseLeft).toBeCloseTo(offset(1), 3);
  expect(dataLeft).toBeGreaterThan(0);
  expect(noiseRight).toBeLessThan(WIDTH);
});

test("classes are counted in their own colors, as large a part of all as they are", () => {
  const labels = Uint32Array.of(0, 0, 1);
  const picture = { ...PICTURE, labels, asked: { class: 1, guidance: 2 } };
  const reaches = (name: LayerName) =>
    only(marksOf(name, { ...SCENE, t: 0, picture }), "area").map(({ rings, role, shade }) => {
      const across = rings.flatMap((ring) => [...ring].filter((_, i) => i % 2 === 0));
      return { role, shade, reach: Math.max(...across) - Math.min(...across) };
    });
  const [first, , second] = reaches("data");
  expect([first?.role, second?.role]).toEqual(["class", "class"]);
  expect(first?.shade).not.toBe(second?.shade);
  expect(first?.reach).toBeCloseTo(2 * (second?.reach ?? 0), 3);
  // Two generated points, in two bars: each half of the class's third.
  expect(reaches("samples")[0]?.reach).toBeCloseTo((second?.reach ?? 0) / 2, 3);
});

test("slopes are the field's: as steep as a trajectory there, and no longer than each other", () => {
  const projection = projectLine(WIDTH, BOX);
  const [{ vectors } = { vectors: new Float32Array() }] = only(marksOf("velocity"), "arrows");
  const { width, height } = squareAt(projection, 0);
  expect(vectors.length).toBeGreaterThan(4 * 14 * 10);
  for (let i = 0; i < vectors.length; i += 4) {
    const [x = 0, , dx = 0, dy = 0] = vectors.subarray(i, i + 4);
    const t = (x + dx / 2 - projection.offset(0)) / width;
    // Between the outermost cells' centers the grid is linear in time.
    if (t > 1 / SIZE && t < 1 - 1 / SIZE)
      expect(-dy / dx).toBeCloseTo((4 * t * height) / (BOX.y[1] - BOX.y[0]) / width, 3);
    expect(Math.hypot(dx, dy)).toBeCloseTo(Math.hypot(vectors[2] ?? 0, vectors[3] ?? 0), 3);
  }
});

test("the density is shaded over all times, and the arrows at an inspected point lie along its slope", () => {
  const projection = projectLine(WIDTH, BOX);
  const rings = only(marksOf("density"), "area").flatMap((mark) => mark.rings);
  const across = rings.flatMap((ring) => [...ring].filter((_, i) => i % 2 === 0));
  expect(Math.min(...across)).toBeCloseTo(projection.offset(0), 3);
  expect(Math.max(...across)).toBeCloseTo(projection.offset(1), 3);
  const thick = only(marksOf("inspection"), "arrows").at(-1);
  const [x = 0, y = 0, dx = 0, dy = 0] = thick?.vectors ?? [];
  expect([x, y]).toEqual([
    expect.closeTo(projection.offset(0.4), 3),
    expect.closeTo(projection.screenYFromData(11), 3),
  ]);
  const { width, height } = squareAt(projection, 0);
  expect(-dy / dx).toBeCloseTo((2 * height) / (BOX.y[1] - BOX.y[0]) / width, 4);
});

test("what says where t stands moves with it, and nothing else of the axis does", () => {
  const at = (t: number) => marksOf("axis", { ...SCENE, t });
  const labels = only(at(0.2), "text");
  expect(labels).toEqual(only(at(0.9), "text"));
  expect(labels.map(({ text }) => text)).toEqual(
    expect.arrayContaining(["data", "noise", "t = 0", "t = 1", "10", "15", "5"]),
  );
  expect(at(0.2)).not.toEqual(at(0.9));
});

test("every mark is finite and in the picture, at every width", () => {
  for (const width of [280, 390, 1200]) {
    const svg = svgFromScene(SCENE, width);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).toContain(`height="${heightFor(width)}"`);
  }
});

test("nothing asks for a second coordinate: an empty picture is an axis", () => {
  const empty = {
    ...PICTURE,
    data: null,
    noise: null,
    generated: null,
    paths: null,
    density: null,
    field: null,
    inspection: null,
  };
  const names = marksOfScene({ ...SCENE, picture: empty }, WIDTH).filter(({ marks }) => marks.length > 0);
  expect(new Set(names.map(({ name }) => name))).toEqual(new Set(["axis"]));
});
