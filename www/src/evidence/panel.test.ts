// What a panel's numbers become: a result, a standing, cells and curves.
import { expect, test } from "vitest";
import { DEFAULT_SETUP } from "../experiment/presets";
import { initialState } from "../state/initial";
import { newPanel } from "../state/panel";
import type { Measured, PanelState, State } from "../state/state";
import { captionOf, GROUPS, rankingOf } from "./columns";
import { hasQuality, lossChart, lossVersion, qualityChart, qualityVersion } from "./curves";
import { keyOf, resultOf } from "./finished";
import { record } from "./results";
import { standingOf } from "./standing";

const MEASURED: Measured = {
  nll: 2.5,
  nllStandardError: 0.02,
  kl: 0.1,
  klStandardError: 0.01,
  slicedW2: 0.004,
  slicedW2Floor: 0.002,
  nfe: 40,
  converged: true,
  reason: null,
  step: 5000,
  seconds: 12,
  networkEvaluations: 10_000,
  n: 2000,
  solver: "rk4 × 10",
};

function experiment(seed: number): NonNullable<PanelState["experiment"]> {
  return { seed, method: { kind: "flow-matching" }, data: { kind: "moons" } } as unknown as NonNullable<
    PanelState["experiment"]
  >;
}

function finished(change: Partial<PanelState> = {}): PanelState {
  return {
    ...newPanel({ method: "flow-matching", own: {}, options: {} }, "b", "seed"),
    phase: "ready",
    experiment: experiment(7),
    step: 5000,
    spent: 1,
    losses: [4, 3],
    loss: 3,
    seconds: 12,
    networkEvaluations: 10_000,
    measured: MEASURED,
    history: [MEASURED],
    ...change,
  };
}

const STATE: State = initialState(false);

test("under equal budgets of seconds nobody is faster", () => {
  const [training] = GROUPS;
  const row = (seconds: number) => {
    const panel = finished({ seconds });
    return { panel, standing: standingOf(panel, STATE) };
  };
  if (training === undefined) throw new Error("training is the first group");
  expect(rankingOf(training, [row(12), row(12.03)])?.ranks).toEqual([1, 1]);
  expect(rankingOf(training, [row(12), row(15)])?.ranks).toEqual([1, 2]);
});

test("a training is a result once its budget is spent and its last weights are measured", () => {
  expect(resultOf(finished(), STATE)).toMatchObject({
    seed: 7,
    method: "flow-matching",
    data: "moons",
    kl: 0.1,
    nfe: null,
  });
  const unfinished: Partial<PanelState>[] = [
    { spent: 0.9 },
    { origin: "pretrained" },
    { measured: null },
    { measured: { ...MEASURED, step: 4000 } },
    { experiment: null },
    { spent: 1, step: 0 },
  ];
  for (const change of unfinished) expect(resultOf(finished(change), STATE)).toBeNull();
});

test("evaluations needed are a result's only if found with its last weights", () => {
  const points = [{ nfe: 8, slicedW2: 0.004, slicedW2Floor: 0.002 }] as unknown as NonNullable<
    PanelState["costs"]
  >["points"];
  expect(resultOf(finished({ costs: { step: 5000, points } }), STATE)?.nfe).toBe(8);
  expect(resultOf(finished({ costs: { step: 4000, points } }), STATE)?.nfe).toBeNull();
});

test("only the seed may differ between what is averaged", () => {
  const key = keyOf(finished(), STATE);
  expect(keyOf(finished({ experiment: experiment(8) }), STATE)).toBe(key);
  expect(keyOf(finished({ device: "webgpu" }), STATE)).not.toBe(key);
  expect(keyOf(finished({ measured: { ...MEASURED, solver: "euler × 4" } }), STATE)).not.toBe(key);
  const points = (values: number[]): State => ({
    ...STATE,
    setup: { ...DEFAULT_SETUP, data: "points" },
    user: { name: "points.csv", points: Float32Array.from(values), columns: ["x", "y"], note: null },
  });
  expect(keyOf(finished(), points([1, 2]))).toBe(keyOf(finished(), points([1, 2])));
  expect(keyOf(finished(), points([1, 2]))).not.toBe(keyOf(finished(), points([1, 3])));
});

test("one seed shows its present numbers, several their mean and spread", () => {
  const panel = finished();
  expect(standingOf(panel, STATE)).toMatchObject({ seeds: 1, of: { kl: { value: 0.1, spread: 0.01 } } });
  const results = [0.1, 0.3].flatMap((kl, i) => {
    const seeded = finished({ experiment: experiment(i), measured: { ...MEASURED, kl } });
    return resultOf(seeded, STATE) ?? [];
  });
  const kept = results.reduce(record, [] as State["results"]);
  const standing = standingOf(panel, { ...STATE, results: kept });
  expect(standing.seeds).toBe(2);
  expect(standing.of.kl?.value).toBeCloseTo(0.2);
  expect(standing.of.kl?.spread).toBeCloseTo(0.1 * Math.SQRT2);
  expect(standing.of.kl?.standardError).toBeCloseTo(0.1);
  expect(standingOf({ ...panel, origin: "pretrained" }, { ...STATE, results: kept }).seeds).toBe(1);
});

function cellsOf(panel: PanelState): Record<string, unknown> {
  const row = { panel, standing: standingOf(panel, STATE) };
  return Object.fromEntries(
    GROUPS.flatMap(({ columns }) => columns).map(({ title, cell }) => [title, cell(row, DEFAULT_SETUP)]),
  );
}

test("a cell holds its number with its error, or why there is none", () => {
  expect(cellsOf(finished())).toMatchObject({
    training: { text: "12.0 s" },
    "network evaluations": { text: "10,000" },
    "NFE needed": { absent: "not measured yet" },
    NFE: { text: "40" },
    NLL: { text: "2.500", aside: " ± 0.020" },
    KL: { text: "0.100", aside: " ± 0.010" },
    "sliced W₂²": { text: "0.0040", aside: " (floor 0.0020)" },
  });
  expect(cellsOf(finished({ origin: "pretrained" }))).toMatchObject({ training: { absent: "pre-trained" } });
  expect(cellsOf(finished({ step: 0, spent: 0, measured: null }))).toMatchObject({
    training: { absent: "not trained yet" },
    KL: { absent: "not measured yet" },
  });
  expect(cellsOf(finished({ method: "exact-field", step: 0 }))).toMatchObject({
    training: { absent: "nothing to train" },
    NLL: { absent: "–", why: expect.stringContaining("500 points") },
  });
  const unconverged = { ...MEASURED, converged: false, reason: "Not converged: too few steps." };
  expect(cellsOf(finished({ measured: unconverged }))).toMatchObject({
    NLL: { absent: "not converged", why: "Not converged: too few steps." },
  });
  expect(cellsOf(finished({ measured: { ...MEASURED, kl: null } }))).toMatchObject({ KL: { absent: "–" } });
});

test("ranks are of the best known quantity that leaves nobody out, and of at least two", () => {
  const quality = GROUPS.find(({ title }) => title === "Quality");
  if (quality === undefined) throw new Error("no such group");
  const rows = (...panels: PanelState[]) => panels.map((panel) => ({ panel, standing: standingOf(panel, STATE) }));
  const better = finished({ measured: { ...MEASURED, kl: 0.02 } });
  expect(rankingOf(quality, rows(finished(), better))).toEqual({ quantity: "kl", ranks: [2, 1] });
  const noDensity = finished({ method: "distilled", measured: { ...MEASURED, slicedW2: 0.1 } });
  expect(rankingOf(quality, rows(finished(), noDensity))).toEqual({ quantity: "slicedW2", ranks: [1, 2] });
  expect(rankingOf(quality, rows(finished()))).toBeNull();
  const training = GROUPS[0];
  if (training) expect(rankingOf(training, rows(finished(), finished({ spent: 0.5 })))).toBeNull();
});

test("the caption says on how many points, with which solver and in how many dimensions", () => {
  const row = { panel: finished(), standing: standingOf(finished(), STATE) };
  expect(captionOf([row], DEFAULT_SETUP)).toBe(
    "On 2000 held-out points in 2 dimensions, samples solved with rk4 × 10 steps, on this machine.",
  );
  const stale = finished({ measured: { ...MEASURED, step: 10 } });
  expect(captionOf([{ ...row, panel: stale }], DEFAULT_SETUP)).toContain("Some steps old");
});

test("charts are made of what was measured, and are nothing before", () => {
  const panels = [finished(), finished({ slot: "c", history: [], measured: null })];
  const state = { ...STATE, panels };
  expect(qualityChart("seconds", state)).toMatchObject({
    cost: "seconds",
    series: [{ slot: "b", points: [{ cost: 12, value: 0.004 }] }],
    floor: { value: 0.002 },
  });
  expect(qualityChart("nfe", state)).toBeNull();
  for (const against of ["seconds", "evaluations", "nfe"] as const) {
    for (const quality of ["slicedW2", "kl"] as const) {
      const shown = { panels, quality };
      expect(hasQuality(against, shown)).toBe(qualityChart(against, shown) !== null);
    }
  }
  expect(lossChart(finished(), false)).toMatchObject({ budget: 5000, losses: [4, 3] });
  expect(lossChart(finished({ losses: [] }), true)).toBeNull();
});

test("a KL below its error is drawn at its error", () => {
  const history = [{ ...MEASURED, kl: -0.004 }];
  const chart = qualityChart("seconds", { panels: [finished({ history })], quality: "kl" });
  expect(chart).toMatchObject({ series: [{ points: [{ value: 0.01 }] }], floor: { value: 0.01 } });
});

test("a chart's version changes with what it shows and with nothing else", () => {
  const panel = finished();
  expect(lossVersion({ ...panel, t: 0.5 } as PanelState, false)).toEqual(lossVersion(panel, false));
  expect(lossVersion({ ...panel, losses: [1] }, false)).not.toEqual(lossVersion(panel, false));
  expect(lossVersion(panel, true)).not.toEqual(lossVersion(panel, false));
  const compared = { panels: [panel], quality: "slicedW2" } as const;
  expect(qualityVersion("seconds", { ...compared, panels: [{ ...panel, losses: [1] }] })).toEqual(
    qualityVersion("seconds", compared),
  );
  expect(qualityVersion("seconds", { ...compared, quality: "kl" })).not.toEqual(qualityVersion("seconds", compared));
});
