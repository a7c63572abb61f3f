// The sentences of the engine, which is written in English for every language: those that a page comes to show have words in each.
// An inner reason, as of a graphics driver, stays as it is.
import { msg, num } from "../language";

const SAYS: readonly (readonly [sentence: RegExp, said: (...parts: string[]) => string])[] = [
  [
    /^Training diverged at step (\d+): the loss is no longer a number\. .*$/,
    (step = "") =>
      msg(
        `Training diverged at step ${step}: the loss is no longer a number. The last good weights are kept; a lower learning rate may help.`,
      ),
  ],
  [
    /^The solver stopped at t = (.*): the velocity is no longer a finite number there\.$/,
    (t = "") => msg(`The solver stopped at t = ${num(t)}: the velocity is no longer a finite number there.`),
  ],
  [
    /^The solver stopped at t = (.*): (\d+) steps were not enough; .*$/,
    (t = "", steps = "") =>
      msg(
        `The solver stopped at t = ${num(t)}: ${steps} steps were not enough; a looser tolerance or equal steps may be.`,
      ),
  ],
  [
    /^The solver stopped at t = (.*): no step is short enough .*$/,
    (t = "") =>
      msg(
        `The solver stopped at t = ${num(t)}: no step is short enough for the tolerance; the field may explode there.`,
      ),
  ],
  [
    /^The model carries point (\d+) out of all finite numbers: its coordinate (\d+) became (\S+)\. .*$/,
    (point = "", coordinate = "", value = "") =>
      msg(
        `The model carries point ${point} out of all finite numbers: its coordinate ${coordinate} became ${value}. The field has diverged, or the solver's steps are too long for it.`,
      ),
  ],
  [/^The (\S+) engine failed: (.*)\.$/, (engine = "", why = "") => msg(`The ${engine} engine failed: ${why}.`)],
  [/^The points cannot be used: (.*)\.$/, (why = "") => msg(`The points cannot be used: ${why}.`)],
  [/^The weights cannot be loaded: (.*)\.$/, (why = "") => msg(`The weights cannot be loaded: ${why}.`)],
  [
    /^(\S+) is (.*); allowed: (.*)\.$/,
    (field = "", value = "", allowed = "") => msg(`${field} is ${value}; allowed: ${allowed}.`),
  ],
  [
    /^A distilled student jumps and has no density that this formula can give\.$/,
    () => msg("A distilled student jumps and has no density that this formula can give."),
  ],
  [
    /^The last snapshot is known by its points alone, .*$/,
    () =>
      msg(
        "The last snapshot is known by its points alone, so no formula gives a density of the flow that starts from it.",
      ),
  ],
  [
    /^Drawn digits differ in fewer ways .*$/,
    () => msg("Drawn digits differ in fewer ways than they have pixels, so they have no density."),
  ],
  [
    /^The columns are linearly dependent \(column (\d+) .*$/,
    (column = "") =>
      msg(
        `The columns are linearly dependent (column ${column} is a sum of multiples of those before it), so they have no density.`,
      ),
  ],
  [
    /^Not converged: the log-density is not a finite number\.$/,
    () => msg("Not converged: the log-density is not a finite number."),
  ],
  [
    /^Not converged: NLL (\S+) is below the data's entropy (\S+) by .*$/,
    (nll = "", entropy = "") =>
      msg(
        `Not converged: NLL ${num(nll)} is below the data's entropy ${num(entropy)} by more than three standard errors.`,
      ),
  ],
  [
    /^Not converged: encoding and generating returns points (\S+) away .*$/,
    (distance = "") => msg(`Not converged: encoding and generating returns points ${num(distance)} away on average.`),
  ],
  [
    /^Not converged: twice the solver steps change the NLL by (.*)\.$/,
    (change = "") => msg(`Not converged: twice the solver steps change the NLL by ${num(change)}.`),
  ],
];

/** In the page's language. The build leaves the sentence alone in English. */
export function engineSays(sentence: string): string {
  for (const [known, said] of SAYS) {
    const parts = known.exec(sentence)?.slice(1);
    if (parts !== undefined) return said(...parts);
  }
  return sentence;
}
