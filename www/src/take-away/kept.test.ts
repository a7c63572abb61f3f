import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import type { Run } from "../library";
import { initialState } from "../state/initial";
import { changePanel } from "../state/panel";
import { changeSetup, useUserData } from "../state/setup";
import { sharedOf } from "../state/shared";
import type { Measured, State } from "../state/state";
import { type Files, KEPT_NAME, keptFiles } from "./kept";
import { keptIn } from "./opened";

/** More than a link carries, of classes, in numbers of 64 bits. */
const points = Float64Array.from({ length: 6000 }, (_, i) => Math.sin(i) / 3);
const of = Uint32Array.from({ length: 3000 }, (_, i) => i % 3);
const user = {
  name: "mine.csv",
  points,
  columns: ["u", "v"],
  labels: { column: "kind", classes: ["a", "b", "c"], of },
  note: null,
};
const measured = { step: 40, seconds: 1, networkEvaluations: 80, n: 9, likelihoodN: 9, nfe: 40, solver: "Heun" };
const run = {
  numParameters: 2,
  checkpoint: async () => ({ bytes: Uint8Array.of(4, 5), step: 40 }),
  weights: async () => Uint8Array.of(6),
};

function trained(): State {
  const losses = lossesOf(Array.from({ length: 50 }, (_, i) => 1 / (i + 1)));
  const part = {
    origin: "seed",
    step: 50,
    loss: 0.02,
    losses,
    history: [measured as Measured, { ...measured, step: 50 } as Measured],
  } as const;
  const set = useUserData(user)(changeSetup({ seed: 11, width: 32 })(initialState(true)));
  return changePanel("b", { ...part, extended: [{ step: 20, budget: { kind: "steps", limit: 20 } }] })(set);
}

async function filesOf(state: State): Promise<Files> {
  return keptFiles(
    () => state,
    () => run as unknown as Run,
  );
}

test("what is opened is what was saved, as far as training had come to", async () => {
  const state = trained();
  const kept = keptIn(zipSync(await filesOf(state)));
  const shared = sharedOf(state);
  const [first, second] = shared.panels;
  expect(kept?.shared).toEqual({ ...shared, panels: [first, { ...second, step: 40 }] });
  expect(kept?.panels[1]).toEqual({
    origin: "seed",
    checkpoint: Uint8Array.of(4, 5),
    weights: Uint8Array.of(6),
    firstStep: 0,
    losses: lossesOf(Array.from({ length: 40 }, (_, i) => 1 / (i + 1))),
    loss: 0.02,
    history: [measured],
    hasMoved: false,
  });
});

test("its text alone opens too, where it needs no points", async () => {
  const state = changeSetup({ data: "moons" })(trained());
  const files = await filesOf(state);
  const kept = keptIn(files[KEPT_NAME] ?? new Uint8Array());
  expect(kept?.shared.setup).toEqual(state.setup);
  expect(kept?.panels.map(({ checkpoint }) => checkpoint)).toEqual([null, null]);
});

test("what is none is left to others, and what is damaged is refused in a sentence", async () => {
  expect(keptIn(new TextEncoder().encode('{"x": [1, 2], "y": [3, 4]}'))).toBe(null);
  expect(keptIn(zipSync({ "arr_0.npy": Uint8Array.of(1) }))).toBe(null);
  expect(keptIn(Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9))).toBe(null);
  const files = await filesOf(trained());
  const { "points.npy": _, ...without } = files;
  expect(() => keptIn(zipSync(without))).toThrow("This save can't be opened: points.npy is missing.");
  const text = new TextDecoder().decode(files[KEPT_NAME]);
  const changed = (from: string | RegExp, to: string) =>
    zipSync({ ...files, [KEPT_NAME]: new TextEncoder().encode(text.replace(from, to)) });
  expect(() => keptIn(changed('"version": 1', '"version": 9'))).toThrow("version 9");
  expect(() => keptIn(changed("seed=11", "seed=x"))).toThrow("This link's seed is “x”");
  expect(() => keptIn(changed('"u"', '"u", "w"'))).toThrow("points.npy has 2 columns");
  expect(keptIn(changed(/"count": \d+/g, '"count": 3'))?.panels[1]?.losses.count).toBe(0);
});
