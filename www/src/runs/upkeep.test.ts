import { expect, test } from "vitest";
import type { PanelChoice } from "../experiment/presets";
import type { Run } from "../library";
import { compare } from "../state/comparison";
import { initialState } from "../state/initial";
import { Place } from "./place";
import { Upkeep } from "./upkeep";

const CHOICE: PanelChoice = { method: "flow-matching", own: {}, options: {} };

/** Of pictures, or of points of the plane; each is where it was. */
function opened(dim: number) {
  const state = compare(dim === 2 ? "nf-vs-fm" : "pictures")(initialState(false));
  const carried: number[] = [];
  const experiment = { network: { kind: dim === 2 ? "perceptron" : "u-net" }, data: { kind: "moons" }, method: {} };
  const run = {
    dim,
    experiment,
    step: 0,
    training: { spent: 0, round: 0 },
    scaling: { center: new Array(dim).fill(0), scale: new Array(dim).fill(1) },
    data: async (n: number) => Float64Array.from({ length: n * dim }, (_, i) => Math.sin(i)),
    noise: async (n: number) => new Float64Array(n * dim),
    ask: async () => ({ whyNoTruth: null }),
    transport: async (points: Float64Array) => {
      carried.push(points.length / dim);
      return { times: [1, 0], positions: Float64Array.from([...points, ...points]) };
    },
  } as unknown as Run;
  const host = { state, change: () => undefined };
  return { upkeep: new Upkeep(CHOICE, run, new Place("a", host as never)), carried };
}

test("a first look at pictures is of as many as are shown, and their way from noise is there with it", async () => {
  const { upkeep, carried } = opened(256);
  const { pictures, strips } = await upkeep.firstPicture();
  expect([pictures?.n, carried]).toEqual([16, [16]]);
  expect(strips?.map(({ columns }) => columns[0])).toEqual(["t = 1"]);
});

test("of points of the plane there are no strips", async () => {
  const { upkeep, carried } = opened(2);
  const { pictures, strips } = await upkeep.firstPicture();
  expect([pictures, strips, carried]).toEqual([null, null, [256]]);
});
