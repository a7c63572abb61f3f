// What samples are asked to be: one of the data's classes, with a guidance weight. Which methods can be told one.
import type { Experiment } from "./experiment";

/** What is asked of a trained model; it changes what is drawn, and no training. */
export interface Asking {
  /** the number of a class; null for none in particular */
  asked: number | null;
  /** w of w f(x, t, class) + (1 - w) f(x, t, none) */
  guidance: number;
}

export const DEFAULT_ASKING: Asking = { asked: null, guidance: 1 };
export const MAX_GUIDANCE = 5;
/** The largest number of a class that is read from a link. */
export const LAST_CLASS = 127;

/** Whose network, or closed form, can be told a class. */
const TOLD: readonly Experiment["method"]["kind"][] = [
  "flow-matching",
  "stochastic-interpolant",
  "diffusion",
  "closed-form",
];

/** The engine's own sentence: tests/browser/conditions.spec.ts asks it. */
export const WHY_NOT_TOLD =
  "No condition for this method; flow matching, diffusion and stochastic interpolants can be told one.";

export function canBeTold(kind: Experiment["method"]["kind"]): boolean {
  return TOLD.includes(kind);
}

export function isConditioned({ options }: Pick<Conditioned, "options">): boolean {
  return options["condition.kind"] === "class";
}

interface Conditioned {
  /** as a reader has set them, by place */
  options: Readonly<Record<string, unknown>>;
  /** what the panel asks for, whatever the others do */
  asks?: Partial<Asking>;
}

/** A class that there is, and its guidance weight. */
export interface AskedFor {
  class: number;
  guidance: number;
}

/** What a panel's samples are to be; null where nothing is asked for that its data knows. */
export function askedOf(panel: Conditioned, shared: Asking, numClasses: number): AskedFor | null {
  const { asked, guidance } = { ...shared, ...panel.asks };
  if (!isConditioned(panel) || asked === null || asked >= numClasses) return null;
  return { class: asked, guidance };
}

/** Network passes of one evaluation: guidance asks the network twice, with the class and without. */
export function passesOf(asked: AskedFor | null): number {
  return asked === null || asked.guidance === 0 || asked.guidance === 1 ? 1 : 2;
}

/** ", of east under guidance 3"; empty where nothing is asked for. */
export function askedName(asked: AskedFor | null, classes: readonly string[]): string {
  if (asked === null) return "";
  const name = classes[asked.class] ?? `class ${asked.class}`;
  return `, of ${name}${asked.guidance === 1 ? "" : ` with w = ${asked.guidance}`}`;
}

/** What is special about what is asked for, each in one sentence. */
export function askingNotes(panel: Conditioned, shared: Asking, classes: readonly string[]): string[] {
  if (!isConditioned(panel) || classes.length === 0) return [];
  const { asked, guidance } = { ...shared, ...panel.asks };
  if (asked !== null && asked >= classes.length) return [`These data have no class ${asked}: none is asked for.`];
  if (asked === null) return ["Trained with the class, asked for none: samples are of all classes."];
  const name = classes[asked];
  if (guidance === 0) return [`Asked for ${name} with w = 0, which leaves the class out: samples are of all classes.`];
  if (guidance === 1)
    return [`Asked for ${name}: samples, density and numbers are of that class, the data of others faint.`];
  return [
    `Guided to ${name}: every evaluation is two passes of the network. This does not end at the tilted law p(x | c)^w p(x)^(1 − w), nor at the class's own, so nothing is compared with data.`,
  ];
}
