// What samples are asked to be: of one of the data's classes, or given numbers that were observed, with a guidance weight. Which
// methods can be told them.
import { msg, num, withMinus } from "../language";
import type { Experiment, KnownNumber } from "./experiment";
import { said } from "./said";

/** What is asked of a trained model; it changes what is drawn, and no training. */
export interface Asking {
  /** the number of a class; null for none in particular */
  asked: number | null;
  /** the numbers that are observed; null for none */
  observed: readonly number[] | null;
  /** w of w f(x, t, given) + (1 - w) f(x, t, none) */
  guidance: number;
}

/** What is known of each data point: its class, or numbers; none where nothing is. */
export interface Known {
  classes: readonly string[];
  numbers: readonly KnownNumber[];
}

export const DEFAULT_ASKING: Asking = { asked: null, observed: null, guidance: 1 };
export const MAX_GUIDANCE = 5;
/** The largest number of a class that is read from a link. */
export const LAST_CLASS = 127;
/** As many numbers as the engine takes. */
export const MOST_OBSERVED = 4;

/** Whose network, or closed form, can be told a condition. */
const TOLD: readonly Experiment["method"]["kind"][] = [
  "flow-matching",
  "mean-flow",
  "shortcut",
  "stochastic-interpolant",
  "diffusion",
  "closed-form",
];

/** The engine's own sentence: tests/browser/conditions.spec.ts asks it. */
export const WHY_NOT_TOLD = msg(
  "No condition for this method; flow matching, MeanFlow, shortcut models, diffusion and stochastic interpolants can be told one.",
);

export function canBeTold(kind: Experiment["method"]["kind"]): boolean {
  return TOLD.includes(kind);
}

export function isConditioned(panel: Pick<Conditioned, "options">): boolean {
  return conditionOf(panel) !== null;
}

/** What the network of a panel is told; null for nothing. */
export function conditionOf({ options }: Pick<Conditioned, "options">): "class" | "numbers" | null {
  const kind = options["condition.kind"];
  return kind === "class" || kind === "numbers" ? kind : null;
}

interface Conditioned {
  /** as a reader has set them, by place */
  options: Readonly<Record<string, unknown>>;
  /** what the panel asks for, whatever the others do */
  asks?: Partial<Asking>;
}

/** A class that there is, and its guidance weight. */
export interface ClassAskedFor {
  class: number;
  guidance: number;
}

/** Numbers that may be observed, and how much samples are guided to them. */
export interface NumbersAskedFor {
  numbers: readonly number[];
  guidance: number;
}

export type AskedFor = ClassAskedFor | NumbersAskedFor;

/** The class that is asked for, if one is. */
export function classOf(asked: AskedFor | null): ClassAskedFor | null {
  return asked !== null && "class" in asked ? asked : null;
}

/** What a panel's samples are to be; null where nothing is asked for that its data knows. */
export function askedOf(panel: Conditioned, shared: Asking, { classes, numbers }: Known): AskedFor | null {
  const { asked, observed, guidance } = { ...shared, ...panel.asks };
  switch (conditionOf(panel)) {
    case "class":
      return asked === null || asked >= classes.length ? null : { class: asked, guidance };
    case "numbers":
      return observed === null || whyNotObserved(observed, numbers) !== null ? null : { numbers: observed, guidance };
    default:
      return null;
  }
}

/** Why these numbers cannot be asked for of such data, in one sentence; null where they can. */
function whyNotObserved(observed: readonly number[], numbers: readonly KnownNumber[]): string | null {
  if (observed.length !== numbers.length)
    return numbers.length === 1
      ? msg(`These data have 1 number, and ${observed.length} are observed: none is asked for.`)
      : msg(`These data have ${numbers.length} numbers, and ${observed.length} are observed: none is asked for.`);
  const outside = numbers.find(({ least, greatest }, k) => !isWithin(observed[k], least, greatest));
  if (outside === undefined) return null;
  const { name, least, greatest } = outside;
  const [from, to] = [num(String(least)), num(String(greatest))];
  return msg(`${name} is observed from ${from} to ${to} in these data: nothing is asked for.`);
}

function isWithin(number = Number.NaN, least: number, greatest: number): boolean {
  return number >= least && number <= greatest;
}

/** Network passes of one evaluation: guidance asks the network twice, with the condition and without. */
export function passesOf(asked: AskedFor | null): number {
  return asked === null || asked.guidance === 0 || asked.guidance === 1 ? 1 : 2;
}

/** "x₁ = 0.1, x₂ = −0.2" */
export function observedName(observed: readonly number[], { numbers }: Known): string {
  return observed.map((number, k) => `${numbers[k]?.name ?? "x"} = ${withMinus(String(number))}`).join(", ");
}

/** What is special about what is asked for, each in one sentence. */
export function askingNotes(panel: Conditioned, shared: Asking, known: Known): string[] {
  const { asked, observed, guidance } = { ...shared, ...panel.asks };
  switch (conditionOf(panel)) {
    case "class":
      return known.classes.length === 0 ? [] : [classNote(asked, guidance, known)];
    case "numbers":
      return known.numbers.length === 0 ? [] : [numbersNote(observed, guidance, known)];
    default:
      return [];
  }
}

function classNote(asked: number | null, guidance: number, { classes }: Known): string {
  if (asked !== null && asked >= classes.length) return msg(`These data have no class ${asked}: none is asked for.`);
  if (asked === null) return msg("Trained with the class, asked for none: samples are of all classes.");
  const name = said(classes[asked] ?? "");
  if (guidance === 0)
    return msg(`Asked for ${name} with w = 0, which leaves the class out: samples are of all classes.`);
  if (guidance === 1)
    return msg(`Asked for ${name}: samples, density and numbers are of that class, the data of others faint.`);
  return msg(
    `Guided to ${name}: every evaluation is two passes of the network. This does not end at the tilted law p(x | c)^w p(x)^(1 − w), nor at the class's own, so nothing is compared with data.`,
  );
}

function numbersNote(observed: readonly number[] | null, guidance: number, known: Known): string {
  if (observed === null)
    return msg("Trained with what is observed, asked without: samples are of all data, whatever was observed.");
  const refusal = whyNotObserved(observed, known.numbers);
  if (refusal !== null) return refusal;
  const name = num(observedName(observed, known));
  if (guidance === 0) return msg(`Asked for ${name} with w = 0, which leaves it out: samples are of all data.`);
  if (guidance === 1)
    return msg(`Given ${name}: samples and density are the posterior's, and so are the numbers, where it is known.`);
  return msg(
    `Guided to ${name}: every evaluation is two passes of the network, and the law is not the posterior: nothing is compared with data.`,
  );
}
