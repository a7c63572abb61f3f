// Every sentence that is known is one of the engine's own: they stand in Rust, and change there.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { engineSays } from "./says";

const CRATE = new URL("../../../crate/src/", import.meta.url);
const SOURCE = readdirSync(CRATE, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".rs"))
  .map((name) => readFileSync(new URL(name, CRATE), "utf8"))
  .join("\n")
  .replace(/\\\n\s*/g, "");

/** As Rust writes them, with what is put in. */
const SENTENCES: readonly (readonly [inRust: string, sentence: string])[] = [
  [
    "Training diverged at step {step}: the loss is no longer a number. The last good weights are kept; a lower learning rate may help.",
    "Training diverged at step 12: the loss is no longer a number. The last good weights are kept; a lower learning rate may help.",
  ],
  [
    "The solver stopped at t = {time:.4}: the velocity is no longer a finite number there.",
    "The solver stopped at t = 0.1250: the velocity is no longer a finite number there.",
  ],
  [
    "The solver stopped at t = {time:.4}: {steps} steps were not enough; a looser tolerance or equal steps may be.",
    "The solver stopped at t = 0.1250: 1000 steps were not enough; a looser tolerance or equal steps may be.",
  ],
  [
    "The solver stopped at t = {time:.4}: no step is short enough for the tolerance; the field may explode there.",
    "The solver stopped at t = 0.1250: no step is short enough for the tolerance; the field may explode there.",
  ],
  [
    "The model carries point {point} out of all finite numbers: its coordinate {coordinate} became {}. The field has diverged, or the solver's steps are too long for it.",
    "The model carries point 3 out of all finite numbers: its coordinate 1 became inf. The field has diverged, or the solver's steps are too long for it.",
  ],
  ["The {engine} engine failed: {reason}.", "The webgpu engine failed: no memory."],
  ["The points cannot be used: {reason}.", "The points cannot be used: two are needed."],
  ["The weights cannot be loaded: {reason}.", "The weights cannot be loaded: they are of another network."],
  ["{field} is {value}; allowed: {allowed}.", "network.width is 7; allowed: 8 to 256."],
  [
    "A distilled student jumps and has no density that this formula can give.",
    "A distilled student jumps and has no density that this formula can give.",
  ],
  [
    "The last snapshot is known by its points alone, so no formula gives a density of the flow that starts from it.",
    "The last snapshot is known by its points alone, so no formula gives a density of the flow that starts from it.",
  ],
  [
    "Drawn digits differ in fewer ways than they have pixels, so they have no density.",
    "Drawn digits differ in fewer ways than they have pixels, so they have no density.",
  ],
  [
    "The columns are linearly dependent (column {column} is a sum of multiples of those before it), so they have no density.",
    "The columns are linearly dependent (column 3 is a sum of multiples of those before it), so they have no density.",
  ],
  ["the log-density is not a finite number", "Not converged: the log-density is not a finite number."],
  [
    "NLL {nll:.3} is below the data's entropy {entropy:.3} by more than three standard errors",
    "Not converged: NLL 1.000 is below the data's entropy 1.500 by more than three standard errors.",
  ],
  [
    "encoding and generating returns points {0:.1e} away on average",
    "Not converged: encoding and generating returns points 1.0e-1 away on average.",
  ],
  ["twice the solver steps change the NLL by {0:.3}", "Not converged: twice the solver steps change the NLL by 0.020."],
];

test.each(SENTENCES)("the engine says: %s", (inRust, sentence) => {
  expect(SOURCE).toContain(inRust);
  // In English each is said as it was.
  expect(engineSays(sentence)).toBe(sentence);
});

test("what is not known is said as it came", () => {
  expect(engineSays("Something else.")).toBe("Something else.");
});
