// Panels in a link: "reflow;method.rounds:2;seed:3;step:500;bits:0f3a91c2", one after the other with commas between.
import { METHOD_IDS, type MethodId, methodOf } from "../experiment/methods";
import { type Option, type OptionValue, optionsOf } from "../experiment/options";
import { type BudgetChoice, DEPTHS, OFFERED_DATA, OFFERED_NOISE, type Own, WIDTHS } from "../experiment/presets";
import { SLOTS } from "../state/state";
import { type Codec, oneOf, Refusal, real, whole } from "./codec";
import type { SharedPanel } from "./shared";

const METHOD = oneOf(METHOD_IDS);
const MOST_STEPS = 10_000_000;

const LIMITS = { steps: whole(1, MOST_STEPS), seconds: real(0.001, 1e6), networkEvaluations: whole(1, 1e12) } as const;

/** "usual", or a limit as "steps/1000". */
export const budget: Codec<BudgetChoice> = {
  write: (choice) =>
    choice.kind === "usual" ? choice.kind : `${choice.kind}/${LIMITS[choice.kind].write(choice.limit)}`,
  read: (text) => {
    if (text === "usual") return { kind: "usual" };
    const [kind = "", limit = ""] = text.split("/");
    if (!Object.hasOwn(LIMITS, kind)) throw new Refusal("usual, steps/…, seconds/… or networkEvaluations/…");
    const known = kind as keyof typeof LIMITS;
    return { kind: known, limit: LIMITS[known].read(limit) };
  },
};

export const seed = whole(0, 2 ** 32 - 1);
export const data = oneOf(["points", ...OFFERED_DATA] as const);
export const noise = oneOf(OFFERED_NOISE);
export const width = oneOf(WIDTHS);
export const depth = oneOf(DEPTHS);

const OWN: { [K in keyof Own]-?: Codec<NonNullable<Own[K]>> } = { seed, data, noise, width, depth, budget };
const BITS = /^[0-9a-f]{8}$/;

function optionCodec(option: Option): Codec<OptionValue> {
  if (option.type === "choice") return oneOf<OptionValue>(option.choices.map(({ name }) => name));
  return option.whole ? whole(option.min, option.max) : real(option.min, option.max);
}

function write({ method, own, options, step, bits }: SharedPanel): string {
  const keys = Object.keys(own) as (keyof Own)[];
  const owned = keys.flatMap((key) => {
    const value = own[key];
    return value === undefined ? [] : [`${key}:${(OWN[key] as Codec<typeof value>).write(value)}`];
  });
  const set = Object.entries(options).map(([place, value]) => `${place}:${value}`);
  const trained = [...(step > 0 ? [`step:${step}`] : []), ...(bits === null ? [] : [`bits:${bits}`])];
  return [method, ...owned, ...set, ...trained].join(";");
}

function read(text: string): SharedPanel {
  const [name = "", ...parts] = text.split(";");
  const method = METHOD.read(name);
  const panel: SharedPanel = { method, own: {}, options: {}, step: 0, bits: null };
  const seen = new Set<string>();
  for (const part of parts) {
    const [key = "", value = "", ...rest] = part.split(":");
    if (rest.length > 0 || seen.has(key)) throw new Refusal(`a method and settings such as ${name};seed:3`);
    seen.add(key);
    set(panel, key, value);
  }
  return panel;
}

/** `panel` is still being made. */
function set(panel: SharedPanel, key: string, value: string): void {
  try {
    if (Object.hasOwn(OWN, key)) {
      Object.assign(panel, { own: { ...panel.own, [key]: OWN[key as keyof Own].read(value) } });
    } else if (key === "step") panel.step = whole(1, MOST_STEPS).read(value);
    else if (key === "bits") panel.bits = bitsOf(value);
    else panel.options = { ...panel.options, [key]: optionCodec(optionAt(panel.method, key)).read(value) };
  } catch (error) {
    if (!(error instanceof Refusal) || error.allowed.startsWith("a method")) throw error;
    throw new Refusal(`a method and its settings, in which ${shown(key)} must be ${error.allowed}`);
  }
}

function bitsOf(text: string): string {
  if (!BITS.test(text)) throw new Refusal("eight hexadecimal digits");
  return text;
}

function optionAt(method: MethodId, key: string): Option {
  const options = optionsOf(methodOf(method).experiment.method.kind);
  const found = options.find(({ place }) => place === key);
  if (found !== undefined) return found;
  const known = [...Object.keys(OWN), ...options.map(({ place }) => place)];
  throw new Refusal(`a method and its settings, which for ${method} are ${known.join(", ")}`);
}

/** A stranger's text in a sentence. */
export function shown(text: string): string {
  return text.length > 24 ? `“${text.slice(0, 24)}…”` : `“${text}”`;
}

export const panels: Codec<readonly SharedPanel[]> = {
  write: (all) => all.map(write).join(","),
  read: (text) => {
    const texts = text.split(",");
    if (texts.length > SLOTS.length) throw new Refusal(`1 to ${SLOTS.length} panels`);
    return texts.map(read);
  },
};

/** A single panel under its own name. */
export const panel: Codec<SharedPanel> = { write, read };
