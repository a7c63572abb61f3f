import { expect, test } from "vitest";
import type { Experiment } from "./experiment";
import { isCostly, kindOfOwn, numShown, seenAs, takesUNet, whyNoLikelihood } from "./networks";
import { pixelNames } from "./pictures";
import { DEFAULT_SETUP, experimentFor } from "./presets";

function of(kind: "perceptron" | "u-net"): Experiment {
  return { network: { kind, width: 16, depth: 1, activation: "silu", conditioning: "concat" } } as Experiment;
}

test("of costly samples fewer are drawn, and never more than asked for", () => {
  for (const particles of [1, 64, 65, 1000]) {
    expect(numShown(of("perceptron"), particles)).toBe(particles);
    expect(numShown(of("u-net"), particles)).toBe(Math.min(64, particles));
  }
  expect([of("perceptron"), of("u-net")].map(isCostly)).toEqual([false, true]);
});

test("what the engine says of a likelihood comes first, and a U-Net has a sentence", () => {
  const why = (kind: "perceptron" | "u-net", whyNoDensity: string | null) =>
    whyNoLikelihood({ whyNoDensity, experiment: of(kind) });
  expect(why("perceptron", null)).toBeUndefined();
  expect([why("perceptron", "x"), why("u-net", "x")]).toEqual(["x", "x"]);
  expect(why("u-net", null)).toMatch(/^A U-Net's likelihood .* when it is asked for\.$/);
});

test("own points are pictures where a U-Net can halve their sides", () => {
  for (const side of [8, 10, 12, 27, 28, 30, 32]) {
    expect(kindOfOwn({ columns: pixelNames({ side, colors: 1 }) }), `${side}`).toBe(
      side % 4 === 0 ? "pictures" : "points",
    );
  }
  expect(kindOfOwn({ columns: ["x", "y"] })).toBe("points");
  expect(kindOfOwn(null)).toBe("points");
  const user = { columns: pixelNames({ side: 28, colors: 1 }) };
  const [own, built] = [seenAs({ data: "points" as const }, user), seenAs({ data: "moons" as const }, user)];
  expect([own.data, built.data]).toEqual(["pictures", "moons"]);
  const panel = { method: "ddpm", own: {}, options: {} } as const;
  const asked = { ...DEFAULT_SETUP, data: "points", network: "u-net" } as const;
  expect(experimentFor(panel, asked, user).network).toEqual({ kind: "u-net" });
  expect(experimentFor(panel, asked, { columns: ["x", "y"] }).network?.kind).toBeUndefined();
});

test("a U-Net is of pictures, for methods whose network has no form of its own", () => {
  expect(takesUNet("ddpm", "drawn-digits")).toBe(true);
  expect(takesUNet("ddpm", "moons")).toBe(false);
  expect(takesUNet("exact-field", "drawn-digits")).toBe(false);
});
