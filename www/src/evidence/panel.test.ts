// What a panel's numbers become: a result, a standing, cells and curves.
import { expect, test } from "vitest";
import { lossesOf } from "../experiment/losses";
import { DEFAULT_SETUP } from "../experiment/presets";
import { initialState } from "../state/initial";
import { newPanel } from "../state/panel";
import { record } from "../state/results";
import type { Measured, PanelState, State } from "../state/state";
import { tableCaption } from "./caption";
import { GROUPS, rankingOf } from "./columns";
import { hasQuality, leftOut, lossChart, lossVersion, pointsIn, qualityChart, qualityVersion } from "./curves";
import { EXTRAS, groupsFor } from "./details";
import { resultKey, resultOf } from "./finished";
import { standingOf } from "./standing";

const MEASURED = {
  nll: 2.5,
  nllStandardError: 0.02,
  kl: 0.1,
  klStandardError: 0.01,
  slicedW2: 0.004,
  slicedW2StandardError: 0.0006,
  slicedW2Floor: 0.002,
  slicedW2FloorSpread: 0.0005,
  heldOut: true,
  nfe: 40,
  converged: true,
  reason: null,
  step: 5000,
  seconds: 12,
  networkEvaluations: 10_000,
  n: 2048,
  likelihoodN: 512,
  solver: "rk4 × 10",
} as Measured;

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
    losses: lossesOf([4, 3]),
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
  const panelOf = (seconds: number) => {
    // Measured often: it came to the line between two measurements that are near in time.
    const at = (share: number, slicedW2: number) => ({ ...MEASURED, seconds: share * seconds, slicedW2 });
    return finished({ seconds, costs: COSTS, history: [at(0.99, 1), at(1, 0.001)] });
  };
  expect(ranksOf("Training", [panelOf(12), panelOf(12.03)])?.ranks).toEqual([1, 1]);
  expect(ranksOf("Training", [panelOf(12), panelOf(15)])?.ranks).toEqual([1, 2]);
});

test("who may have come to the line as soon as another is not ranked behind it", () => {
  const came = (after: number, by: number) => {
    const before = after === 0 ? [] : [{ ...MEASURED, seconds: after, slicedW2: 1 }];
    const there = { ...MEASURED, seconds: by, slicedW2: 0.001 };
    return finished({ seconds: 20, costs: COSTS, history: [...before, there] });
  };
  expect(ranksOf("Training", [came(0, 0.1), came(0, 1.7)])?.ranks).toEqual([1, 1]);
  expect(ranksOf("Training", [came(0, 0.1), came(0.05, 1.7)])?.ranks).toEqual([1, 1]);
  expect(ranksOf("Training", [came(0, 0.1), came(0.5, 1.7)])?.ranks).toEqual([1, 2]);
});

test("who stopped sooner than others came to the line is not ranked behind them", () => {
  const course = (seconds: number, slicedW2: number) =>
    finished({ seconds, costs: COSTS, history: [{ ...MEASURED, seconds, slicedW2 }] });
  expect(ranksOf("Training", [course(12, 0.001), course(2, 1), course(15, 0.001)])?.ranks[1]).toBeNull();
  expect(ranksOf("Training", [course(12, 0.001), course(20, 1)])?.ranks).toEqual([1, 2]);
});

const POINTS = [1, 8, 64].map((nfe) => ({
  nfe,
  n: 4096,
  slicedW2: 0.001 + 1 / nfe ** 2,
  slicedW2StandardError: 0.0001,
  slicedW2Floor: 0.001,
  slicedW2FloorSpread: 0.0002,
  solver: { kind: "euler", steps: nfe },
}));
const COSTS = { step: 5000, points: POINTS } as unknown as NonNullable<PanelState["costs"]>;

function rows(...panels: PanelState[]) {
  const state = { ...STATE, panels };
  return panels.map((panel) => ({ panel, standing: standingOf(panel, state) }));
}

function ranksOf(title: string, panels: readonly PanelState[]) {
  const group = GROUPS.find((one) => one.title === title);
  return group && rankingOf(group, rows(...panels));
}

test("a panel with data or noise of its own is set apart, and in no ranks", () => {
  const better = finished({ measured: { ...MEASURED, kl: 0.02 } });
  const others = [{ data: "circles" }, { noise: "rings" }] as const;
  for (const own of others) {
    const apart = finished({ own, measured: { ...MEASURED, kl: 0.001 }, costs: COSTS });
    expect(ranksOf("Quality", [finished(), better, apart])?.ranks).toEqual([2, 1, null]);
    expect(ranksOf("Quality", [finished(), apart])).toBeNull();
    const [, row] = rows(finished({ costs: COSTS }), apart);
    expect(row?.standing.apart).toMatch(/^has (data|noise) of its own, (circles|rings)$/);
    expect(row?.standing.of.nfe).toBeNull();
  }
  // What all have is nobody's own.
  const own = { data: "circles" } as const;
  expect(ranksOf("Quality", [finished({ own }), { ...better, own }])?.ranks).toEqual([2, 1]);
});

test("seconds are compared on one engine only, and who trained elsewhere is told", () => {
  const at = (seconds: number, change: Partial<PanelState>) => {
    const course = [1, 0.001].map((slicedW2, i) => ({ ...MEASURED, seconds: (0.8 + 0.2 * i) * seconds, slicedW2 }));
    return finished({ seconds, costs: COSTS, history: course, ...change });
  };
  const [cpu, slow] = [at(2, { slot: "a" }), at(9, { slot: "b" })];
  const gpu = at(0.1, { slot: "c", device: "webgpu" });
  const moved = at(1, { slot: "d", hasMoved: true });
  expect(ranksOf("Training", [cpu, gpu])).toBeNull();
  expect(ranksOf("Training", [cpu, moved])).toBeNull();
  const panels = [gpu, cpu, slow, moved];
  expect(ranksOf("Training", panels)?.ranks).toEqual([null, 1, 2, null]);
  const said = tableCaption(rows(...panels), DEFAULT_SETUP, [], null);
  expect(said).toContain("Flow matching was trained on WebGPU, others on CPU: its seconds are not compared.");
  expect(said).toContain("Flow matching was trained on several engines in turn: its seconds are not compared.");
  const state = { ...STATE, panels };
  expect(qualityChart("seconds", state)).toMatchObject({ series: [{ slot: "a" }, { slot: "b" }] });
  expect(leftOut("seconds", state)).toHaveLength(2);
  expect(qualityChart("evaluations", state)).toMatchObject({ series: panels.map(({ slot }) => ({ slot })) });
  expect(leftOut("evaluations", state)).toEqual([]);
  // Alone it is compared with nobody, and drawn.
  for (const one of [gpu, moved]) {
    expect(qualityChart("seconds", { ...STATE, panels: [one] })).not.toBeNull();
    expect(leftOut("seconds", { ...STATE, panels: [one] })).toEqual([]);
  }
});

test("who is set apart is in no chart that the others share, and that is said", () => {
  const apart = finished({ slot: "c", own: { data: "circles" }, costs: COSTS });
  const state = { ...STATE, panels: [finished({ costs: COSTS }), apart] };
  for (const against of ["seconds", "evaluations", "nfe"] as const) {
    expect(qualityChart(against, state)).toMatchObject({ series: [{ slot: "b" }] });
    expect(leftOut(against, state)).toEqual(["Flow matching has data of its own, circles: not drawn here."]);
    expect(qualityVersion(against, state)).toEqual(
      qualityVersion(against, { ...state, panels: state.panels.slice(0, 1) }),
    );
  }
  const unmeasured = {
    ...state,
    panels: [...state.panels.slice(0, 1), finished({ ...apart, costs: null, history: [] })],
  };
  expect(leftOut("nfe", unmeasured)).toEqual([]);
});

test("every chart says on how many points it was measured", () => {
  const history = [{ ...MEASURED, n: 256, likelihoodN: 128 }, MEASURED];
  const state = { ...STATE, panels: [finished({ costs: COSTS, history })] };
  expect(pointsIn("seconds", { ...state, quality: "slicedW2" })).toBe("256 to 2,048");
  expect(pointsIn("evaluations", { ...state, quality: "kl" })).toBe("128 to 512");
  expect(pointsIn("nfe", state)).toBe("4,096");
});

test("training that is not finished is not ranked, in anything", () => {
  const half = finished({ spent: 0.5, costs: COSTS, measured: { ...MEASURED, kl: 0.001 } });
  for (const title of ["Training", "Inference", "Quality"]) {
    expect(ranksOf(title, [finished({ costs: COSTS }), half])).toBeNull();
  }
  expect(tableCaption(rows(finished(), half), DEFAULT_SETUP, [], null)).toContain(
    "Flow matching is not ranked before its training is finished.",
  );
});

test("where nothing is held out, nothing is ranked by likelihood, and that is said", () => {
  const trainedOn = (slicedW2: number) =>
    finished({ measured: { ...MEASURED, heldOut: false, slicedW2, kl: -slicedW2 } });
  expect(ranksOf("Quality", [trainedOn(0.1), trainedOn(0.001)])).toEqual({ quantity: "slicedW2", ranks: [2, 1] });
  expect(tableCaption(rows(trainedOn(0.1)), DEFAULT_SETUP, [], null)).toContain("Nothing is held out");
});

test("a panel that never comes to the line is last, not first", () => {
  const barely = {
    step: 5000,
    points: POINTS.map((point) => ({ ...point, slicedW2: 1.9 })),
  } as unknown as NonNullable<PanelState["costs"]>;
  const panels = [finished({ costs: barely }), finished({ costs: COSTS })];
  expect(ranksOf("Inference", panels)?.ranks).toEqual([2, 1]);
  expect(rows(...panels).map(({ standing }) => standing.of.nfe?.value)).toEqual([Number.POSITIVE_INFINITY, 64]);
  const strict = { ...STATE, panels, qualityLine: 1e-6 };
  const none = panels.map((panel) => ({ panel, standing: standingOf(panel, strict) }));
  const inference = GROUPS.find(({ title }) => title === "Inference");
  expect(inference && rankingOf(inference, none)).toBeNull();
});

test("a training is a result once its budget is spent and its last weights are measured", () => {
  expect(resultOf(finished())).toMatchObject({
    seed: 7,
    method: "flow-matching",
    data: "moons",
    kl: 0.1,
    costs: [],
    course: [{ seconds: 12, slicedW2: 0.004 }],
  });
  const unfinished: Partial<PanelState>[] = [
    { spent: 0.9 },
    { origin: "pretrained" },
    { measured: null },
    { measured: { ...MEASURED, step: 4000 } },
    { experiment: null },
    { spent: 1, step: 0 },
  ];
  for (const change of unfinished) expect(resultOf(finished(change))).toBeNull();
});

test("evaluations needed are a result's only if found with its last weights", () => {
  expect(resultOf(finished({ costs: COSTS }))?.costs).toMatchObject([{ nfe: 1 }, { nfe: 8 }, { nfe: 64 }]);
  expect(resultOf(finished({ costs: { ...COSTS, step: 4000 } }))?.costs).toEqual([]);
});

test("only the seed may differ between what is averaged", () => {
  const key = resultKey(finished());
  expect(resultKey(finished({ experiment: experiment(8) }))).toBe(key);
  expect(resultKey(finished({ device: "webgpu" }))).not.toBe(key);
  expect(resultKey(finished({ measured: { ...MEASURED, solver: "euler × 4" } }))).not.toBe(key);
  const points = (values: number[]): Partial<PanelState> => ({
    points: { name: "points.csv", points: Float64Array.from(values), columns: ["x", "y"], note: null },
  });
  expect(resultKey(finished(points([1, 2])))).toBe(resultKey(finished(points([1, 2]))));
  expect(resultKey(finished(points([1, 2])))).not.toBe(resultKey(finished(points([1, 3]))));
});

test("samples drawn by another sampler in the course of a training are no course with the others", () => {
  const other = { ...MEASURED, step: 4000, seconds: 9, solver: "ddim × 20" };
  const mixed = finished({ history: [other, MEASURED] });
  expect(resultOf(mixed)?.course).toHaveLength(1);
  const compared = { panels: [mixed], quality: "slicedW2", setup: STATE.setup, qualityLine: null } as const;
  const points = (chart: ReturnType<typeof qualityChart>) =>
    chart?.kind === "quality-cost" ? chart.series[0]?.points.length : null;
  expect(points(qualityChart("seconds", compared))).toBe(1);
  // A likelihood is the same whatever draws the samples.
  expect(points(qualityChart("seconds", { ...compared, quality: "kl" }))).toBe(2);
});

test("one seed shows its present numbers, several their mean and spread", () => {
  const panel = finished();
  expect(standingOf(panel, STATE)).toMatchObject({ seeds: 1, of: { kl: { value: 0.1, spread: 0.01 } } });
  const results = [0.1, 0.3].flatMap((kl, i) => {
    const seeded = finished({ experiment: experiment(i), measured: { ...MEASURED, kl } });
    return resultOf(seeded) ?? [];
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
    "sliced W₂²": { text: "0.00400", aside: " ± 0.00060 (floor 0.00200 ± 0.00050)" },
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
  const better = finished({ measured: { ...MEASURED, kl: 0.02 } });
  expect(rankingOf(quality, rows(finished(), better))).toEqual({ quantity: "kl", ranks: [2, 1] });
  const noDensity = finished({ method: "distilled", measured: { ...MEASURED, slicedW2: 0.1 } });
  expect(rankingOf(quality, rows(finished(), noDensity))).toEqual({ quantity: "slicedW2", ranks: [1, 2] });
  expect(rankingOf(quality, rows(finished()))).toBeNull();
});

test("the caption says on how many points, with which solver and in how many dimensions", () => {
  const [row] = rows(finished({ costs: COSTS }));
  if (row === undefined) throw new Error("one panel, one row");
  expect(tableCaption([row], DEFAULT_SETUP, [], { value: 0.03 })).toBe(
    "Distances on 2,048, likelihoods on 512, NFE needed on 4,096 held-out points in 2 dimensions, samples drawn by rk4 × 10, on this machine. ± is what the measurement alone may be off by: another seed of training can differ by more. Equal quality: sliced W₂² 0.03.",
  );
  const onALine = { ...row, panel: { ...row.panel, dim: 1 } };
  expect(tableCaption([onALine], DEFAULT_SETUP, [], null)).toContain("in 1 dimension, samples");
  expect(tableCaption([onALine], DEFAULT_SETUP, [], null)).toContain("On a line sliced W₂² is W₂² itself.");
  const details = { n: 1024 } as PanelState["details"];
  expect(tableCaption([{ ...row, panel: { ...row.panel, details } }], DEFAULT_SETUP, [], null)).toContain(
    "NFE needed on 4,096, further columns on 1,024 held-out points",
  );
  const stale = finished({ measured: { ...MEASURED, step: 10 } });
  expect(tableCaption([{ ...row, panel: stale }], DEFAULT_SETUP, [], null)).toContain("some steps old");
});

test("where guidance leaves nothing to compare with, every dash says so", () => {
  const whyNoTruth = "Guidance of 3 makes a law that is not the data's, so there is nothing to compare it with.";
  const none = { mmdBiased: null, w2: null, normalizedPathEnergy: null, straightness: 0.1, transportCost: 2 };
  const [row] = rows(finished({ whyNoTruth, details: none as unknown as PanelState["details"] }));
  if (row === undefined) throw new Error("one panel, one row");
  const cells = (ids: readonly (keyof typeof EXTRAS)[]) => ids.map((id) => EXTRAS[id].cell(row, DEFAULT_SETUP));
  for (const cell of cells(["mmd", "w2", "path-energy"])) expect(cell).toEqual({ absent: "–", why: whyNoTruth });
  for (const cell of cells(["straightness", "transport-cost"])) expect(cell).toHaveProperty("text");
});

test("of a student's way between its steps nothing is told, and why", () => {
  const none = { mmdBiased: 0.1, w2: null, normalizedPathEnergy: null, straightness: null, transportCost: 2 };
  const cellOf = (id: keyof typeof EXTRAS, method: "distilled" | "reflow") => {
    const [row] = rows(finished({ method, details: none as unknown as PanelState["details"] }));
    if (row === undefined) throw new Error("one panel, one row");
    return EXTRAS[id].cell(row, DEFAULT_SETUP);
  };
  for (const id of ["straightness", "path-energy"] as const) {
    expect(cellOf(id, "distilled")).toHaveProperty("why", expect.stringContaining("no curve between its steps"));
    expect(cellOf(id, "reflow")).toHaveProperty("why", expect.stringContaining("no such number of this panel"));
  }
  expect(cellOf("w2", "distilled")).toHaveProperty("why", expect.stringContaining("no such number of this panel"));
  expect(cellOf("transport-cost", "distilled")).toHaveProperty("text");
});

test("bits a pixel are seen where the NLL is", () => {
  const own = { data: "digits" } as const;
  const of = { bitsPerDim: 2.211, bitsPerDimStandardError: 0.03, trainingNll: 2 };
  const cellOf = (title: string, measured: Partial<Measured>, change: Partial<PanelState> = {}) => {
    const panel = finished({ own, measured: { ...MEASURED, ...of, ...measured }, ...change });
    const columns = groupsFor({ setup: DEFAULT_SETUP, panels: [panel], columns: [] }).flatMap(({ columns }) => columns);
    const column = columns.find((one) => one.title === title);
    return column?.cell({ panel, standing: standingOf(panel, STATE) }, DEFAULT_SETUP);
  };
  expect(cellOf("bits/dim", {})).toEqual({ text: "2.211", aside: " ± 0.030" });
  for (const title of ["bits/dim", "NLL", "training NLL"]) {
    expect(cellOf(title, {}), title).toHaveProperty("text");
    expect(cellOf(title, { converged: false, reason: "Too few steps." }), title).toEqual({
      absent: "not converged",
      why: "Too few steps.",
    });
    const why = "Guided: nothing to compare with.";
    expect(cellOf(title, {}, { whyNoTruth: why }), title).toEqual({ absent: "–", why });
  }
});

test("pictures have a distance with its floor, and an accuracy where a digit was asked for", () => {
  const cellOf = (id: "frechet" | "accuracy", details: object) => {
    const [row] = rows(finished({ details: details as PanelState["details"] }));
    if (row === undefined) throw new Error("one panel, one row");
    return EXTRAS[id].cell(row, DEFAULT_SETUP);
  };
  const found = { frechet: 1.234, frechetFloor: 0.5, frechetFloorSpread: 0.02, accuracy: 0.925 };
  expect(cellOf("frechet", found)).toEqual({ text: "1.23", aside: " (floor 0.500 ± 0.020)" });
  expect(cellOf("accuracy", found)).toEqual({ text: "92.5\u00a0%", aside: "" });
  expect(cellOf("frechet", { frechet: null })).toMatchObject({ absent: "–", why: "Of pictures alone." });
  expect(cellOf("accuracy", { accuracy: null })).toHaveProperty("why", expect.stringContaining("asked for"));
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
      const shown = { ...STATE, panels, quality };
      expect(hasQuality(against, shown)).toBe(qualityChart(against, shown) !== null);
    }
  }
  expect(lossChart(finished(), false)).toMatchObject({ budget: 5000, losses: lossesOf([4, 3]) });
  expect(lossChart(finished({ losses: lossesOf([]) }), true)).toBeNull();
  // Written as the sentence below the chart writes it.
  const floor = { value: 3.9021, standardError: 0.0168 };
  expect(lossChart(finished({ floor }), false)?.floor).toEqual({ value: 3.9021, shown: "3.902 ± 0.017" });
});

test("a KL below its error is drawn at its error", () => {
  const history = [{ ...MEASURED, kl: -0.004 }];
  const chart = qualityChart("seconds", { ...STATE, panels: [finished({ history })], quality: "kl" });
  expect(chart).toMatchObject({ series: [{ points: [{ value: 0.01 }] }], floor: { value: 0.01 } });
});

test("a chart's version changes with what it shows and with nothing else", () => {
  const panel = finished();
  expect(lossVersion({ ...panel, t: 0.5 } as PanelState, false)).toEqual(lossVersion(panel, false));
  expect(lossVersion({ ...panel, losses: lossesOf([1]) }, false)).not.toEqual(lossVersion(panel, false));
  expect(lossVersion(panel, true)).not.toEqual(lossVersion(panel, false));
  const compared: State = { ...STATE, panels: [panel], quality: "slicedW2" };
  expect(qualityVersion("seconds", { ...compared, panels: [{ ...panel, losses: lossesOf([1]) }] })).toEqual(
    qualityVersion("seconds", compared),
  );
  const held = { ...compared, panels: [finished({ costs: COSTS })] };
  expect(qualityVersion("nfe", { ...held, qualityLine: 0.5 })).not.toEqual(qualityVersion("nfe", held));
  expect(qualityVersion("seconds", { ...compared, quality: "kl" })).not.toEqual(qualityVersion("seconds", compared));
});

test("what the flow predicts of a snapshot left out stands beside what needs no training", () => {
  const report = {
    time: 2,
    from: 1,
    leftOut: true,
    n: 400,
    flow: { w1: 0.21, w2: 0.07, mmd: 0.004 },
    noFlow: { w1: 1.9, w2: 3.7, mmd: 0.21 },
    straight: { w1: 0.25, w2: null, mmd: 0.006 },
    floor: { w1: 0.12, w2: 0.03, mmd: null },
  };
  const cellOf = (method: "snapshots" | "ot-coupling", snapshots: object[] | undefined) => {
    const details = { n: 400, snapshots } as unknown as PanelState["details"];
    const [row] = rows(finished({ method, details }));
    if (row === undefined) throw new Error("there is one");
    return (id: "left-out-w1" | "left-out-w2" | "left-out-mmd") => EXTRAS[id].cell(row, DEFAULT_SETUP);
  };
  const found = cellOf("snapshots", [{ ...report, leftOut: false, flow: { w1: 9, w2: 9, mmd: 9 } }, report]);
  expect(found("left-out-w1")).toEqual({ text: "0.210", aside: " (no flow 1.90, straight 0.250, floor 0.120)" });
  expect(found("left-out-w2")).toEqual({ text: "0.0700", aside: " (no flow 3.70, floor 0.0300)" });
  expect(found("left-out-mmd")).toEqual({ text: "0.00400", aside: " (no flow 0.210, straight 0.00600)" });
  const none = { absent: "–", why: "No snapshot is left out." };
  expect(cellOf("snapshots", [{ ...report, leftOut: false }])("left-out-w1")).toEqual(none);
  expect(cellOf("ot-coupling", undefined)("left-out-w1")).toEqual({ absent: "–", why: "Of snapshots in time alone." });
});

test("a likelihood that takes long is asked for where it would stand, and says of how many pictures it is", () => {
  const LONG = { seconds: 20, share: null, isWhole: false };
  const nothing = { ...MEASURED, nll: null, kl: null, bitsPerDim: null, converged: false, reason: "Not asked for." };
  const of = (change: Partial<PanelState>) => {
    const digits = { ...experiment(7), data: { kind: "digits" } } as unknown as PanelState["experiment"];
    const panel = finished({ experiment: digits, own: { data: "digits" }, whyNoDensity: "It takes long.", ...change });
    const state = { ...STATE, panels: [panel] };
    const row = { panel, standing: standingOf(panel, state) };
    const columns = groupsFor(state).flatMap((group) => group.columns);
    return ["NLL", "KL", "bits/dim"].map((title) => columns.find((one) => one.title === title)?.cell(row, STATE.setup));
  };
  const absent = { absent: "–", why: "It takes long." };
  expect(of({ likelihood: { ...LONG, seconds: null }, measured: nothing })).toEqual([absent, absent, absent]);
  expect(of({ likelihood: LONG, measured: nothing })).toEqual([{ ...absent, asked: LONG }, absent, absent]);
  const part = { ...MEASURED, kl: null, bitsPerDim: 2.05, bitsPerDimStandardError: 0.05, likelihoodN: 16 };
  const [nll, kl, bits] = of({ likelihood: LONG, measured: part });
  expect([nll, bits]).toEqual([
    { text: "2.500", aside: " ± 0.020 (n = 16)", asked: LONG },
    { text: "2.050", aside: " ± 0.050 (n = 16)" },
  ]);
  expect(kl).toMatchObject({ absent: "–" });
  expect(of({ likelihood: { ...LONG, isWhole: true }, measured: part })[0]).not.toHaveProperty("asked");
  expect(of({ likelihood: LONG, measured: part, phase: "training" })[0]).not.toHaveProperty("asked");
  const failed = { ...part, converged: false, reason: "Not converged: 0.043." };
  const withheld = { absent: "not converged", why: "Not converged: 0.043." };
  expect(of({ likelihood: LONG, measured: failed })).toEqual([{ ...withheld, asked: LONG }, withheld, withheld]);
});
