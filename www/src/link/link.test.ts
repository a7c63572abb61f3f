import fc from "fast-check";
import { expect, test } from "vitest";
import { canBeTold, LAST_CLASS, MAX_GUIDANCE } from "../experiment/conditions";
import { DRAWS, TEMPERATURES } from "../experiment/energies";
import { MOST_LINKED } from "../experiment/limits";
import { COLUMN_IDS } from "../experiment/measures";
import { METHOD_IDS, methodOf } from "../experiment/methods";
import { NETWORK_KINDS } from "../experiment/networks";
import { type Option, type Options, type OptionValue, optionsOf } from "../experiment/options";
import { roundedPoints } from "../experiment/origins";
import { type BudgetChoice, DEPTHS, OFFERED_DATA, OFFERED_NOISE, SIDES, WIDTHS } from "../experiment/presets";
import { GRID_TITLES, MAX_NOISE, MAX_STEPS, SAMPLER_KINDS, SOLVER_TITLES } from "../experiment/samplers";
import { ANGLES } from "../experiment/spaces";
import { LAYER_NAMES, type LayerSwitches } from "../stage/layers";
import { initialState } from "../state/initial";
import { defaultShared, type Shared, type SharedPanel, type SharedView, sharedOf } from "../state/shared";
import { PARTS, THEMES } from "../state/state";
import { PARTICLES, SPEEDS, ZOOM } from "../state/view";
import { fitsLink, POINTS } from "./late-points";
import { readLink, writeLink } from "./link";

fc.configureGlobal({ seed: 7 });
await POINTS.load();

const budget: fc.Arbitrary<BudgetChoice> = fc.oneof(
  fc.constant({ kind: "usual" } as const),
  fc.record({ kind: fc.constant("steps" as const), limit: fc.integer({ min: 1, max: 10_000_000 }) }),
  fc.record({ kind: fc.constant("seconds" as const), limit: between(0.001, 1e6) }),
  fc.record({ kind: fc.constant("networkEvaluations" as const), limit: fc.integer({ min: 1, max: 1e12 }) }),
);

/** As it is typed: in hundredths. */
const temperature = fc
  .integer({ min: 100 * TEMPERATURES.min, max: 100 * TEMPERATURES.max })
  .map((hundredths) => hundredths / 100);

const shared = {
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  data: fc.constantFrom(...OFFERED_DATA),
  noise: fc.constantFrom(...OFFERED_NOISE),
  width: fc.constantFrom(...WIDTHS),
  depth: fc.constantFrom(...DEPTHS),
  network: fc.constantFrom(...NETWORK_KINDS),
  side: fc.constantFrom(...SIDES),
  temperature,
  draws: fc.constantFrom(...DRAWS),
  budget,
};

/** As far as a slider moves, in its steps. */
const observed = fc.integer({ min: -3000, max: 3000 }).map((steps) => steps / 1000);

const asking = {
  asked: fc.option(fc.nat(LAST_CLASS)),
  observed: fc.option(fc.array(observed, { minLength: 1, maxLength: 2 })),
  guidance: between(0, MAX_GUIDANCE),
};

const setup = fc.record({
  ...shared,
  ...asking,
  angles: fc.constantFrom(...ANGLES),
  solver: fc.constantFrom(...(Object.keys(SOLVER_TITLES) as (keyof typeof SOLVER_TITLES)[])),
  solverSteps: fc.integer({ min: 1, max: MAX_STEPS.sampler }),
  sampler: fc.constantFrom("ode" as const, ...SAMPLER_KINDS),
  epsilon: fc.option(between(0, MAX_NOISE)),
  churn: between(0, MAX_NOISE),
  grid: fc.constantFrom("usual" as const, ...(Object.keys(GRID_TITLES) as (keyof typeof GRID_TITLES)[])),
});

const panel: fc.Arbitrary<SharedPanel> = fc.constantFrom(...METHOD_IDS).chain((method) => {
  const options = optionsOf(methodOf(method).experiment.method.kind);
  const settings = Object.fromEntries(options.map((option) => [option.place, settingOf(option)]));
  return fc.record({
    method: fc.constant(method),
    own: fc.record(shared, { requiredKeys: [] }),
    options: fc.record(settings, { requiredKeys: [] }) as fc.Arbitrary<Options>,
    ...(canBeTold(methodOf(method).experiment.method.kind) && {
      asks: fc.oneof(
        fc.record({ asked: asking.asked }),
        fc.record({ observed: asking.observed }),
        fc.record({ guidance: asking.guidance }),
        fc.record(asking),
      ),
    }),
    step: fc.nat(1_000_000),
    bits: fc.option(fc.stringMatching(/^[0-9a-f]{8}$/)),
  });
});

function settingOf(option: Option): fc.Arbitrary<OptionValue> {
  if (option.type === "choice") return fc.constantFrom(...option.choices.map(({ name }) => name));
  return option.whole ? fc.integer({ min: option.min, max: option.max }) : between(option.min, option.max);
}

function between(min: number, max: number): fc.Arbitrary<number> {
  // A minus zero is written as 0, which is the same number.
  return fc.double({ min, max, noNaN: true }).map((value) => value + 0);
}

const view: fc.Arbitrary<SharedView> = fc.record({
  t: between(0, 1),
  playing: fc.boolean(),
  motion: fc.constantFrom("generate", "encode", "both"),
  loop: fc.boolean(),
  speed: fc.constantFrom(...SPEEDS),
  layers: fc
    .subarray([...LAYER_NAMES])
    .map((on) => Object.fromEntries(LAYER_NAMES.map((name) => [name, on.includes(name)])) as LayerSwitches),
  options: fc.record({ trajectoryColor: fc.constantFrom("plain", "time", "curvature") }),
  camera: fc.record({ x: between(-9, 9), y: between(-9, 9), zoom: between(ZOOM.min, ZOOM.max) }),
  plane: fc.oneof(
    fc.constant({ kind: "principal" } as const),
    fc.record({ kind: fc.constant("pair" as const), x: fc.nat(42), y: fc.nat(42) }),
  ),
  particles: fc.constantFrom(...PARTICLES),
  inspected: fc.option(fc.tuple(fc.oneof(between(-9, 9), fc.constant(1_700_000_001.25)), between(-9, 9))),
});

const name = fc
  .string({ maxLength: 20, unit: "grapheme" })
  .filter((text) => Array.from(text).length <= 80 && text === text.replace(/\s+/g, " "));

const user: fc.Arbitrary<Shared["user"]> = fc.integer({ min: 1, max: 5 }).chain((dim) =>
  fc.record({
    name,
    columns: fc.array(name, { minLength: dim, maxLength: dim }),
    points: fc
      .tuple(
        fc.constantFrom(0, 500_000.11, -1_700_000_001),
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 16, maxLength: 40 }),
      )
      .map(([origin, values]) => {
        const at = (i: number) => (values[i % values.length] ?? 0) + (i % dim === 0 ? origin : 0);
        return roundedPoints(
          Float64Array.from({ length: dim * values.length }, (_, i) => at(i)),
          dim,
        );
      }),
  }),
);

function whole(points: fc.Arbitrary<Shared["user"]>): fc.Arbitrary<Shared> {
  return fc.record({
    setup,
    panels: fc.array(panel, { minLength: 1, maxLength: 4 }),
    view,
    user: points,
    quality: fc.constantFrom("slicedW2", "kl"),
    qualityLine: fc.option(fc.double({ min: 1e-9, max: 1e12, noNaN: true })),
    columns: fc.subarray([...COLUMN_IDS]),
    aboveFloor: fc.boolean(),
    hidden: fc.subarray([...PARTS]),
    theme: fc.constantFrom(...THEMES),
  });
}

function opened(fragment: string): Shared {
  const link = readLink(fragment);
  if (link.kind === "refused") throw new Error(link.reason);
  return link.kind === "none" ? defaultShared() : link.shared;
}

test("what is read is what was written, in at most 2,600 characters", () => {
  fc.assert(
    fc.property(whole(fc.constant(null)), (shared) => {
      const link = writeLink(shared);
      expect(opened(link)).toEqual(shared);
      expect(link.length).toBeLessThanOrEqual(2600);
      // A fragment holds it as it stands: nothing is escaped again on the way.
      expect(new URL(`https://example.org/#${link}`).hash.slice(1)).toBe(link);
    }),
    { numRuns: 300 },
  );
});

test("points come back to the last bit, with their names, and may be what is trained on", () => {
  fc.assert(
    fc.property(whole(user), (shared) => {
      const onThem: Shared = { ...shared, setup: { ...shared.setup, data: "points" } };
      const { user, ...rest } = opened(writeLink(onThem));
      const { user: asked, ...others } = onThem;
      expect(rest).toEqual(others);
      expect({ ...user, points: bits(user) }).toEqual({ ...asked, points: bits(asked) });
    }),
    { numRuns: 200 },
  );
});

function bits(user: Shared["user"]): bigint[] {
  return [...new BigUint64Array(user?.points.slice().buffer ?? new ArrayBuffer(0))];
}

function scattered(numPoints: number): NonNullable<Shared["user"]> {
  // No two alike, and of as many digits as drawn ones have: nothing to be compressed but their exponents.
  const points = Float32Array.from({ length: 2 * numPoints }, (_, i) => 4 * Math.sin(78.233 * (i + 1)) ** 3);
  return { name: "drawn points", columns: ["x", "y"], points: Float64Array.from(points) };
}

test("500 drawn points make a link of at most 8,000 characters", () => {
  const link = writeLink({
    ...defaultShared(),
    user: scattered(500),
    setup: { ...defaultShared().setup, data: "points" },
  });
  expect(link.length).toBeLessThanOrEqual(8000);
  expect(fitsLink(scattered(MOST_LINKED / 2))).toBe(true);
  expect(fitsLink(scattered(MOST_LINKED / 2 + 1))).toBe(false);
});

test("more points than a link may carry are refused, however well they are compressed", () => {
  const zeros = { ...scattered(1), points: new Float64Array(1_000_000) };
  expect(readLink(writeLink({ ...defaultShared(), user: zeros })).kind).toBe("refused");
});

test("a name that a link has no room for is cut, not refused", () => {
  const name = `${"long, ".repeat(30)}\ud83d`;
  const shared = { ...defaultShared(), user: { ...scattered(16), name, columns: ["a\nb", "\ud83d\ude00".repeat(99)] } };
  const { user } = opened(writeLink(shared));
  expect(user?.name).toBe(name.slice(0, 80));
  expect(user?.columns).toEqual(["a b", "\ud83d\ude00".repeat(80)]);
});

test("the state that the page opens with needs no link", () => {
  expect(sharedOf(initialState(true))).toEqual(defaultShared());
  expect(writeLink(defaultShared())).toBe("");
  expect(readLink("")).toEqual({ kind: "none" });
  expect(readLink("#")).toEqual({ kind: "none" });
});

/** Links that were given away. A line that fails means that they no longer open as they were: read them as version 1. */
const VERSION_1: [string, (usual: Shared) => Shared][] = [
  ["v=1", (usual) => usual],
  ["seed=11&data=8-gaussians&v=1", (usual) => ({ ...usual, setup: { ...usual.setup, seed: 11, data: "8-gaussians" } })],
  [
    "method=reflow;method.rounds:2;seed:3;budget:steps/500;step:500;bits:0f3a91c2&t=0.25&play=no&v=1",
    (usual) => ({
      ...usual,
      panels: [
        {
          method: "reflow",
          own: { seed: 3, budget: { kind: "steps", limit: 500 } },
          options: { "method.rounds": 2 },
          step: 500,
          bits: "0f3a91c2",
        },
      ],
      view: { ...usual.view, t: 0.25, playing: false },
    }),
  ],
  [
    "panels=flow-matching,ddpm&hide=title,evidence&theme=dark&camera=0.5,-1,2&inspect=0.1,0.2&plane=3,4&v=1",
    (usual) => ({
      ...usual,
      panels: (["flow-matching", "ddpm"] as const).map((method) => ({
        method,
        own: {},
        options: {},
        step: 0,
        bits: null,
      })),
      view: {
        ...usual.view,
        camera: { x: 0.5, y: -1, zoom: 2 },
        inspected: [0.1, 0.2],
        plane: { kind: "pair", x: 3, y: 4 },
      },
      hidden: ["title", "evidence"],
      theme: "dark",
    }),
  ],
];

test.each(VERSION_1)("a link of version 1 opens as it was: %s", (link, expected) => {
  expect(opened(link)).toEqual(expected(defaultShared()));
});

test("the defaults that links of version 1 are silent about have not changed", () => {
  const { setup, panels, view, quality, aboveFloor } = defaultShared();
  const on = LAYER_NAMES.filter((name) => view.layers[name]);
  expect({
    setup,
    methods: panels.map(({ method }) => method),
    view: { ...view, layers: on },
    quality,
    aboveFloor,
  }).toMatchInlineSnapshot(`
      {
        "aboveFloor": false,
        "methods": [
          "normalizing-flow",
          "flow-matching",
        ],
        "quality": "slicedW2",
        "setup": {
          "angles": "none",
          "asked": null,
          "budget": {
            "kind": "usual",
          },
          "churn": 0,
          "data": "moons",
          "depth": 3,
          "draws": "exact",
          "epsilon": null,
          "grid": "usual",
          "guidance": 1,
          "network": "perceptron",
          "noise": "gaussian",
          "observed": null,
          "sampler": "ode",
          "seed": 7,
          "side": 16,
          "solver": "rk4",
          "solverSteps": 10,
          "temperature": 1,
          "width": 64,
        },
        "view": {
          "camera": {
            "x": 0,
            "y": 0,
            "zoom": 1,
          },
          "inspected": null,
          "layers": [
            "decoded",
            "density",
            "data",
            "noise",
            "paths",
            "samples",
            "trajectories",
            "tails",
            "glyphs",
            "inspection",
          ],
          "loop": true,
          "motion": "both",
          "options": {
            "trajectoryColor": "plain",
          },
          "particles": 1000,
          "plane": {
            "kind": "principal",
          },
          "playing": true,
          "speed": 1,
          "t": 1,
        },
      }
    `);
});

test.each(["&amp;", "&#38;", "&#x26;", "&AMP;"])(
  "a link that was taken from a page's source is read: %s",
  (ampersand) => {
    const link = "panels=ddpm;seed:3&seed=11&t=0.5&v=1";
    expect(opened(link.replaceAll("&", ampersand))).toEqual(opened(link));
  },
);

test.each([
  ["seed=1", /cut off/],
  ["seed=1&v", /“v” where a key=value/],
  ["seed=1&v=2", /version 2.*newer/],
  ["seed=1&v=0", /version is “0”/],
  ["seed=-1&v=1", /seed is “-1”, and must be a whole number from 0 to 4294967295/],
  ["seed=NaN&v=1", /seed is “NaN”/],
  ["seed=1&seed=2&v=1", /“seed” twice/],
  ["t=1e999&v=1", /t is “1e999”, and must be a number from 0 to 1/],
  ["sampler=ddpm&v=1", /sampler is “ddpm”, and must be one of ode, euler-maruyama, ancestral, ddim, dpm-solver/],
  ["epsilon=-1&v=1", /epsilon is “-1”, and must be a number from 0 to 100/],
  ["steps=201&v=1", /steps is “201”, and must be a whole number from 1 to 200/],
  ["data=points&v=1", /data is points, and it has none/],
  ["panels=&v=1", /must be one of normalizing-flow/],
  ["panels=reflow;method.rounds:99&v=1", /“method.rounds” must be a whole number from 0 to 8/],
  ["panels=reflow;__proto__:1&v=1", /settings, which for reflow are/],
  ["__proto__=1&v=1", /not known here: “__proto__”/],
  ["panels=ddpm,ddpm,ddpm,ddpm,ddpm&v=1", /1 to 4 panels/],
  ["theme=%E0%A4%A&v=1", /“theme” is damaged/],
  ["points=a,b,!!&v=1", /points as “Copy link” writes them/],
  [`seed=${"1".repeat(200_000)}&v=1`, /longer than any/],
])("refused with one sentence: %.60s", (link, sentence) => {
  const read = readLink(link);
  expect(read.kind).toBe("refused");
  if (read.kind !== "refused") return;
  expect(read.reason).toMatch(sentence);
  expect(read.reason.length).toBeLessThan(400);
});

test("10,000 damaged fragments are each read or refused, none in over 100 ms", () => {
  const fragment = fc.oneof(
    { weight: 1, arbitrary: fc.string({ maxLength: 500, unit: "binary" }) },
    { weight: 4, arbitrary: damaged() },
  );
  fc.assert(
    fc.property(fragment, (text) => {
      // The processor's time: the clock's goes on while others have the processor.
      const before = process.cpuUsage();
      const read = readLink(text);
      const { user, system } = process.cpuUsage(before);
      expect(user + system).toBeLessThan(100_000);
      if (read.kind === "shared") expect(opened(writeLink(read.shared))).toEqual(read.shared);
    }),
    { numRuns: 10_000 },
  );
});

/** A link with a piece cut out, doubled or replaced. */
function damaged(): fc.Arbitrary<string> {
  const links = fc.sample(whole(fc.option(user)), { numRuns: 50, seed: 1 }).map(writeLink);
  const piece = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom("&", "=", ",", ";", ":", "%", "v=1", "1e9", "-"),
  );
  return fc
    .tuple(fc.constantFrom(...links), fc.nat(), fc.nat(40), piece, fc.boolean())
    .map(([link, at, length, piece, cut]) => {
      const start = at % (link.length + 1);
      return cut ? link.slice(0, start) : link.slice(0, start) + piece + link.slice(start + length);
    });
}
