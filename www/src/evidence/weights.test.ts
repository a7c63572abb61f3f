// What is said of weighted samples: no number without its error, none that is not believed, and why.
import { expect, test } from "vitest";
import { DEFAULT_SETUP } from "../experiment/presets";
import { newPanel } from "../state/panel";
import type { PanelState } from "../state/state";
import { EXTRAS } from "./details";
import { standingOf } from "./standing";

const FOUND = {
  n: 2000,
  effective: 1741.2,
  logZ: 10.301,
  logZStandardError: 0.0123,
  logZTruth: 10.2934797,
  deltaF: -1.71,
  deltaFStandardError: 0.065,
  deltaFTruth: -1.6906308,
  reason: null,
};

function cellOf(id: "ess" | "log-z" | "delta-f", reweighting: object | null) {
  const details = reweighting === null ? null : ({ reweighting } as unknown as PanelState["details"]);
  const panel = { ...newPanel({ method: "coupling-flow", own: {}, options: {} }, "a", "seed"), details };
  const state = { panels: [panel], setup: DEFAULT_SETUP, results: [], qualityLine: null };
  return EXTRAS[id].cell({ panel, standing: standingOf(panel, state as never) }, DEFAULT_SETUP);
}

test("weighted samples have their worth, and ln Z and ΔF beside the truth", () => {
  expect(cellOf("ess", FOUND)).toEqual({ text: "87.1\u00a0%", aside: " (of 2,000)" });
  expect(cellOf("log-z", FOUND)).toEqual({ text: "10.301", aside: " ± 0.012 (in truth 10.293)" });
  expect(cellOf("delta-f", FOUND)).toEqual({ text: "−1.710", aside: " ± 0.065 (in truth −1.691)" });
});

test("what is withheld says why", () => {
  const reason = "2000 samples are worth 40 by their weights, and of fewer than 100 nothing is believed.";
  const few = { ...FOUND, effective: 40, logZ: null, deltaF: null, reason };
  expect(cellOf("ess", few)).toHaveProperty("text", "2.0\u00a0%");
  for (const id of ["log-z", "delta-f"] as const) expect(cellOf(id, few)).toEqual({ absent: "–", why: reason });
  expect(cellOf("ess", null)).toEqual({ absent: "not measured yet" });
  expect(cellOf("ess", { ...FOUND, effective: null, reason: "No weights." })).toEqual({
    absent: "–",
    why: "No weights.",
  });
});
