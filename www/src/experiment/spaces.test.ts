import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inColumns, pointsOnSpace } from "./angles";
import { optionsFor } from "./applies";
import { earthquakesFrom } from "./earthquakes";
import { METHOD_IDS } from "./methods";
import { DEFAULT_SETUP, experimentFor, OFFERED_DATA, OFFERED_NOISE, PLANAR_NOISE, type Setup } from "./presets";
import { ANGLES, isForSpaces, noiseOn, SPACE_NOISE, spaceOf } from "./spaces";

const USER = { columns: ["phi", "psi"] };
const FLOW = { method: "flow-matching", own: {}, options: {} } as const;

test("whatever was chosen before, noise is on the data's space, and comes back with the plane", () => {
  for (const data of [...OFFERED_DATA, "points"] as const) {
    for (const noise of OFFERED_NOISE) {
      for (const angles of ANGLES) {
        const isOnSpace = spaceOf({ data, angles }) !== null;
        const found = noiseOn({ data, angles, noise });
        expect((isOnSpace ? SPACE_NOISE : PLANAR_NOISE) as readonly string[]).toContain(found);
        if ((SPACE_NOISE as readonly string[]).includes(noise) === isOnSpace) expect(found).toBe(noise);
      }
    }
  }
});

test("an experiment on a space has what the engine takes there, whatever else was set", () => {
  const options = { "method.path": "cosine", "condition.kind": "class", "method.couplingBatch": 32 };
  const setup: Setup = { ...DEFAULT_SETUP, data: "points", angles: "globe" };
  const found = experimentFor({ method: "ot-coupling", own: {}, options }, setup, USER);
  expect(found.data).toEqual({ kind: "points", space: "sphere" });
  expect(found.noise).toEqual({ kind: "uniform" });
  expect(found.condition).toBeUndefined();
  expect(found.method).toEqual({ kind: "flow-matching", coupling: "minibatch-ot", couplingBatch: 32 });
  expect(experimentFor(FLOW, { ...DEFAULT_SETUP, angles: "globe" }).data).toEqual({ kind: "moons" });
  const places = optionsFor(FLOW, "von-mises").map(({ place }) => place);
  expect(places.filter((place) => /path|condition/.test(place))).toEqual([]);
  expect(places).toContain("method.coupling");
  expect(METHOD_IDS.filter(isForSpaces)).toEqual(["flow-matching", "ot-coupling", "sinkhorn-coupling"]);
});

test("columns of angles come back from where they were put", () => {
  const degrees = fc.array(
    fc.tuple(fc.double({ min: -179, max: 179, noNaN: true }), fc.double({ min: -89, max: 89, noNaN: true })),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(degrees, (rows) => {
      const columns = Float64Array.from(rows.flat());
      for (const angles of ["degrees", "globe"] as const) {
        const space = spaceOf({ data: "points", angles }) ?? expect.fail();
        const { points, dim } = pointsOnSpace(columns, angles) ?? expect.fail();
        expect(points.length).toBe(dim * rows.length);
        inColumns(points, space, angles).forEach((value, i) => {
          expect(value).toBeCloseTo(columns[i] ?? 0, 6);
        });
        for (let i = 0; dim === 3 && i < points.length; i += 3) {
          expect(Math.hypot(...points.subarray(i, i + 3))).toBeCloseTo(1, 12);
        }
      }
    }),
  );
  expect(pointsOnSpace(Float64Array.of(1, 2), "none")).toBeNull();
});

test("the earthquakes are 1,707 places on the globe", () => {
  const points = earthquakesFrom(new Uint8Array(readFileSync("www/src/experiment/earthquakes.npy")));
  expect(points.length).toBe(2 * 1707);
  expect([...points.slice(0, 2)]).toEqual([-118.67, 34.49]);
  points.forEach((value, i) => {
    expect(Math.abs(value)).toBeLessThanOrEqual(i % 2 === 0 ? 180 : 90);
  });
});
