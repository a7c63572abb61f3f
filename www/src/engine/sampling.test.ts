import { expect, test } from "vitest";
import { FlowError } from "./error";
import { completed, type SamplingOptions, sampling } from "./sampling";

test("a sampler is told by its kind, and says only what was asked", () => {
  expect(sampling({ solver: "heun", steps: 4 })).toEqual({ kind: "heun", steps: 4 });
  expect(sampling({ sampler: "ddim" })).toEqual({ kind: "ddim" });
  const noisy = { sampler: "euler-maruyama", steps: 20, epsilon: 0, grid: "root-time" } as const;
  expect(sampling({ ...noisy, seed: 1 } as SamplingOptions)).toEqual({
    kind: "euler-maruyama",
    steps: 20,
    epsilon: 0,
    grid: "root-time",
  });
});

test.each([
  [{ solver: "rk4", sampler: "ddim" }, 'solver is "rk4"; allowed: nothing beside a sampler.'],
  [{ tolerance: 0.1, sampler: "ddim" }, "tolerance is 0.1; allowed: nothing beside a sampler."],
  [{ solver: "rk4", churn: 1 }, "churn is 1; allowed: nothing without a sampler."],
  [{ grid: "karras" }, 'grid is "karras"; allowed: nothing without a sampler.'],
  [{ sampler: "ddim", steps: 0 }, "steps is 0; allowed: a whole number from 1"],
])("%j is refused in a sentence", (options, sentence) => {
  expect(() => sampling(options as SamplingOptions)).toThrow(sentence);
  expect(() => sampling(options as SamplingOptions)).toThrow(FlowError);
});

test("a solver that names its kind or its steps means equal steps", () => {
  const usual = { kind: "dopri5", steps: 20, tolerance: 1e-4 } as const;
  expect(completed({}, usual)).toBe(usual);
  expect(completed({ steps: 3 }, usual)).toEqual({ kind: "dopri5", steps: 3 });
});
