import { expect, test, vi } from "vitest";
import type { Experiment } from "../experiment/experiment";
import type { Keeper } from "./keeper";
import { Readings } from "./readings";

vi.mock("./classifier", () => ({ classifierFile: async () => Uint8Array.of(1, 2, 3) }));

/** Of such data, and what it asks its engine. */
function readingsOf(data: string) {
  const asked: [string, object][] = [];
  const keeper = { call: async (kind: string, input: object) => asked.push([kind, input]) };
  class OfData extends Readings {
    readonly dim = 64;
    readonly classes = [];
    readonly experiment = {
      seed: 1,
      data: { kind: data },
      solver: { kind: "rk4", steps: 10 },
    } as unknown as Experiment;
  }
  return { readings: new OfData(keeper as unknown as Keeper), asked };
}

test("what judges pictures is sent once, before the first measurement by it", async () => {
  const { readings, asked } = readingsOf("drawn-digits");
  await readings.measure({ metrics: ["sliced-w2"] });
  await Promise.all([readings.measure(), readings.measure({ metrics: ["frechet"] })]);
  await readings.qualityAgainstCost();
  const kinds = asked.map(([kind]) => kind);
  expect(kinds).toEqual(["measure", "judge", "measure", "measure", "qualityAgainstCost"]);
  expect(asked.filter(([, input]) => "classifier" in input)).toEqual([
    ["judge", { classifier: Uint8Array.of(1, 2, 3) }],
  ]);
});

test("where it did not arrive it is sent again, and of points that are no pictures never", async () => {
  const { readings, asked } = readingsOf("glyphs");
  const lost = new Error("the engine stopped");
  const push = asked.push.bind(asked);
  asked.push = () => {
    throw lost;
  };
  await expect(readings.measure()).rejects.toBe(lost);
  asked.push = push;
  await readings.measure();
  expect(asked.map(([kind]) => kind)).toEqual(["judge", "measure"]);
  const { readings: ofPoints, asked: askedOfPoints } = readingsOf("moons");
  await ofPoints.measure();
  expect(askedOfPoints.map(([kind]) => kind)).toEqual(["measure"]);
});
