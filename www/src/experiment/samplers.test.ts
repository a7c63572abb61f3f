import { expect, test } from "vitest";
import { samplerKeysOf } from "./applies";
import { DEFAULT_ASKING } from "./conditions";
import { METHOD_IDS, type MethodId } from "./methods";
import { nameOf } from "./names";
import type { Options } from "./options";
import { DEFAULT_SETUP, drawingOf, experimentFor, isSameButSampler, type Own, type Setup } from "./presets";
import {
  drawnBy,
  evaluationsOf,
  isStochastic,
  MAX_NOISE,
  PATH_SAMPLERS,
  SAMPLER_KINDS,
  type SamplerSetup,
  samplerFor,
  samplersOf,
  samplingNotes,
  triedOf,
} from "./samplers";

const OTHER: SamplerSetup = {
  solver: "heun",
  solverSteps: 7,
  sampler: "ddim",
  epsilon: 0.3,
  churn: MAX_NOISE,
  grid: "root-time",
};

function of(method: MethodId, options: Options = {}, own: Own = {}) {
  return { method, options, own };
}

test.each(METHOD_IDS)("%s: what is offered of the sampler changes what draws, and what is not does not", (method) => {
  for (const sampler of ["ode", ...SAMPLER_KINDS] as const) {
    const setup: Setup = { ...DEFAULT_SETUP, sampler };
    const offered = samplerKeysOf([of(method)], setup);
    for (const key of Object.keys(OTHER) as (keyof SamplerSetup)[]) {
      const values = key === "sampler" ? ["ode", ...SAMPLER_KINDS] : [OTHER[key]];
      const changed = values.map((value) => samplerFor(of(method), { ...setup, [key]: value }));
      const all = [samplerFor(of(method), setup), ...changed].map((by) => JSON.stringify(by));
      expect(new Set(all).size > 1, `${sampler} ${key}`).toBe(offered.includes(key));
    }
  }
});

test("a knob is there if any panel is drawn by what it turns", () => {
  const setup = { ...DEFAULT_SETUP, sampler: "euler-maruyama" } as const;
  expect(samplerKeysOf([of("ddpm")], setup)).toEqual(["sampler", "solverSteps", "epsilon", "grid"]);
  expect(samplerKeysOf([of("ddpm"), of("ffjord")], setup)).toEqual([
    "sampler",
    "solver",
    "solverSteps",
    "epsilon",
    "grid",
  ]);
  expect(samplerKeysOf([of("ffjord")], setup)).toEqual(["solver", "solverSteps"]);
  expect(samplerKeysOf([of("ddpm")], { ...setup, sampler: "karras-heun" })).toContain("churn");
});

test("a student is drawn by its own steps alone, which is said, and nothing else is offered", () => {
  for (const student of [of("distilled"), of("reflow", { "method.distill": 4 })]) {
    const setup = { ...DEFAULT_SETUP, ...OTHER };
    const steps = student.method === "distilled" ? 1 : 4;
    expect(samplerFor(student, setup)).toEqual({ solver: "euler", steps });
    expect(experimentFor(student, setup).solver).toEqual({ kind: "euler", steps });
    expect(samplerKeysOf([student], setup)).toEqual([]);
    expect(samplingNotes(student, DEFAULT_SETUP).join()).toMatch(/its own (single Euler step|4 Euler steps)/);
  }
});

test("a coupling flow is drawn by the formula of each block, which is said, and nothing else is offered", () => {
  const blocks = { nice: 9, "real-nvp": 8, glow: 16, spline: 8 };
  for (const [maps, count] of Object.entries(blocks)) {
    const flow = of("coupling-flow", { "method.maps": maps });
    expect(evaluationsOf(samplerFor(flow, { ...DEFAULT_SETUP, ...OTHER }))).toBe(count);
    expect(samplerKeysOf([flow], DEFAULT_SETUP)).toEqual([]);
    expect(samplingNotes(flow, DEFAULT_SETUP).join()).toContain(`the formulas of its ${count} blocks`);
    expect(drawnBy(flow, DEFAULT_SETUP)).toBe(`the formulas of ${count} blocks`);
  }
  expect(samplerKeysOf([of("coupling-flow"), of("ffjord")], DEFAULT_SETUP)).toEqual(["solver", "solverSteps"]);
});

test("a velocity tells a score of independent pairs with Gaussian noise alone", () => {
  expect(samplersOf(of("flow-matching"), "gaussian")).toEqual(PATH_SAMPLERS);
  expect(samplersOf(of("flow-matching"), "rings")).toEqual([]);
  expect(samplersOf(of("ot-coupling"), "gaussian")).toEqual([]);
  expect(samplersOf(of("ot-coupling", { "method.coupling": "independent" }), "gaussian")).toEqual(PATH_SAMPLERS);
  const setup = { ...DEFAULT_SETUP, sampler: "ddim" } as const;
  expect(samplerFor(of("ot-coupling"), setup)).toEqual({ solver: "rk4", steps: 10 });
});

test("jumps are offered to who learned them, in few steps, whatever the noise, and say why to all others", () => {
  const setup = { ...DEFAULT_SETUP, sampler: "few-steps", solverSteps: 1, grid: "karras" } as const;
  for (const method of ["mean-flow", "shortcut"] as const) {
    expect(samplersOf(of(method), "gaussian")).toEqual(SAMPLER_KINDS);
    expect(samplersOf(of(method), "rings")).toEqual(["few-steps"]);
    expect(samplerFor(of(method), setup)).toEqual({ sampler: "few-steps", steps: 1 });
    expect(samplerKeysOf([of(method)], setup)).toEqual(["sampler", "solverSteps"]);
  }
  expect(triedOf({ sampler: "few-steps", steps: 1 }).map(evaluationsOf)).toEqual([1, 2, 4, 8]);
  expect(samplingNotes(of("reflow"), setup)).toEqual(["Its ODE is solved: it learned no jumps."]);
});

test("who is not drawn by what is chosen says why, and who is says nothing unless its paths are an SDE's", () => {
  for (const method of METHOD_IDS) {
    for (const sampler of SAMPLER_KINDS) {
      const setup = { ...DEFAULT_SETUP, sampler };
      const by = samplerFor(of(method), setup);
      const isPlain = by.sampler !== undefined && !isStochastic(by);
      expect(samplingNotes(of(method), setup), `${method} ${sampler}`).toHaveLength(isPlain ? 0 : 1);
    }
    const isFixed = method === "distilled" || method === "coupling-flow";
    expect(samplingNotes(of(method), DEFAULT_SETUP)).toHaveLength(isFixed ? 1 : 0);
  }
  const leveled = { ...DEFAULT_SETUP, sampler: "euler-maruyama", grid: "karras", epsilon: 0 } as const;
  expect(samplerFor(of("interpolant"), leveled)).toEqual({ sampler: "euler-maruyama", steps: 10, epsilon: 0 });
  expect(samplingNotes(of("interpolant"), leveled).join()).toMatch(/no noise level/);
});

test("evaluations are counted as the engine counts them, and tried up to the solvers' and with noise beyond", () => {
  const karras = { sampler: "karras-heun", steps: 6 } as const;
  expect(evaluationsOf({ solver: "rk4", steps: 10 })).toBe(40);
  expect([karras, { ...karras, grid: "uniform" as const }].map(evaluationsOf)).toEqual([11, 12]);
  expect(triedOf(karras).map(evaluationsOf)).toEqual([1, 3, 7, 15, 31, 63]);
  const counts = (sampler: "ddim" | "ancestral") => triedOf({ sampler, steps: 3 }).map(evaluationsOf);
  expect([counts("ddim").at(-1), counts("ancestral").at(-1)]).toEqual([64, 256]);
});

test("a name says everything that is not usual", () => {
  const setup = { ...DEFAULT_SETUP, ...OTHER, sampler: "euler-maruyama" } as const;
  expect(nameOf(samplerFor(of("ddpm"), setup))).toBe("Euler–Maruyama × 7, ε 0.3, equal in √t");
  expect(nameOf({ sampler: "dpm-solver", steps: 20 })).toBe("DPM-Solver++(2M) × 20");
});

test("nothing that only draws needs another run", () => {
  expect(isSameButSampler({ ...DEFAULT_SETUP, ...OTHER }, DEFAULT_SETUP)).toBe(true);
  expect(isSameButSampler({ ...DEFAULT_SETUP, seed: 8 }, DEFAULT_SETUP)).toBe(false);
  expect(drawingOf({ ...DEFAULT_SETUP, ...OTHER })).toEqual({ ...OTHER, ...DEFAULT_ASKING });
});
