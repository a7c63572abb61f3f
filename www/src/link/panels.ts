// Panels in a link: "reflow;method.rounds:2;seed:3;step:500;bits:0f3a91c2", one after the other with commas between.
import { type Asking, LAST_CLASS, MAX_GUIDANCE, MOST_OBSERVED } from "../experiment/conditions";
import { DRAWS, TEMPERATURES } from "../experiment/energies";
import { BUDGET_LIMITS, MAX_SEED } from "../experiment/limits";
import { METHOD_IDS, type MethodId, methodOf } from "../experiment/methods";
import { NETWORK_KINDS } from "../experiment/networks";
import { type Option, type Options, optionsOf } from "../experiment/options";
import { type BudgetChoice, DEPTHS, OFFERED_DATA, OFFERED_NOISE, type Own, SIDES, WIDTHS } from "../experiment/presets";
import { msg } from "../language";
import type { SharedPanel } from "../state/shared";
import { type Extension, SLOTS } from "../state/state";
import { type Codec, listOf, oneOf, orNull, Refusal, real, whole } from "./codec";

/** In the units of the reader's own data, which may be anywhere. */
const FARTHEST = 3.4e38;

const METHOD = oneOf(METHOD_IDS);

interface Range {
  min: number;
  max: number;
  whole: boolean;
}

function ranged({ min, max, whole: isWhole }: Range): Codec<number> {
  return isWhole ? whole(min, max) : real(min, max);
}

const LIMITS = {
  steps: ranged(BUDGET_LIMITS.steps),
  seconds: ranged(BUDGET_LIMITS.seconds),
  networkEvaluations: ranged(BUDGET_LIMITS.networkEvaluations),
};

/** "usual", or a limit as "steps/1000". */
const budget: Codec<BudgetChoice> = {
  write: (choice) =>
    choice.kind === "usual" ? choice.kind : `${choice.kind}/${LIMITS[choice.kind].write(choice.limit)}`,
  read: (text) => {
    if (text === "usual") return { kind: "usual" };
    const [kind = "", limit = ""] = text.split("/");
    if (!Object.hasOwn(LIMITS, kind)) throw new Refusal(msg("usual, steps/…, seconds/… or networkEvaluations/…"));
    const known = kind as keyof typeof LIMITS;
    return { kind: known, limit: LIMITS[known].read(limit) };
  },
};

/** What a panel may have of its own, and all may share. */
export const SETTINGS: { [K in keyof Own]-?: Codec<NonNullable<Own[K]>> } = {
  seed: whole(0, MAX_SEED),
  data: oneOf(["points", ...OFFERED_DATA] as const),
  noise: oneOf(OFFERED_NOISE),
  width: oneOf(WIDTHS),
  depth: oneOf(DEPTHS),
  network: oneOf(NETWORK_KINDS),
  side: oneOf(SIDES),
  temperature: real(TEMPERATURES.min, TEMPERATURES.max),
  draws: oneOf(DRAWS),
  budget,
};
/** What a panel may ask for of its own, and all may. */
export const ASKS: { [K in keyof Asking]: Codec<Asking[K]> } = {
  asked: orNull("none", whole(0, LAST_CLASS)),
  observed: orNull("none", listOf(real(-FARTHEST, FARTHEST), MOST_OBSERVED)),
  guidance: real(0, MAX_GUIDANCE),
};
const MOST_EXTENSIONS = 20;
/** "2000-steps/4000": the training step from which another budget than this took its place. */
const extension: Codec<Extension> = {
  write: ({ step, budget: before }) => `${step}-${budget.write(before)}`,
  read: (text) => {
    const [, step = "", before = ""] = /^(\d+)-(.*)$/.exec(text) ?? [];
    return { step: TRAINED.step.read(step), budget: budget.read(before) };
  },
};
/** In the order of their steps, with tildes between. */
const extended: Codec<readonly Extension[]> = {
  write: (all) => all.map(extension.write).join("~"),
  read: (text) => {
    const all = text.split("~").map(extension.read);
    const isAscending = all.every(({ step }, i) => step > (all[i - 1]?.step ?? 0));
    if (all.length > MOST_EXTENSIONS || !isAscending)
      throw new Refusal(msg(`up to ${MOST_EXTENSIONS} ascending steps, each with its budget`));
    return all;
  },
};
const TRAINED = {
  step: ranged(BUDGET_LIMITS.steps),
  bits: digits(/^[0-9a-f]{8}$/, msg("eight hexadecimal digits")),
  extended,
};

function digits(shape: RegExp, allowed: string): Codec<string> {
  const read = (text: string) => {
    if (!shape.test(text)) throw new Refusal(allowed);
    return text;
  };
  return { write: String, read };
}

function written<Part extends object>(part: Part, codecs: { [K in keyof Part]-?: unknown }): string[] {
  return (Object.keys(part) as (keyof Part & string)[]).flatMap((key) => {
    const value = part[key];
    return value === undefined ? [] : [`${key}:${(codecs[key] as Codec<typeof value>).write(value)}`];
  });
}

function write({ method, own, options, asks = {}, step, bits, extended: before }: SharedPanel): string {
  const owned = [...written(own, SETTINGS), ...written(asks, ASKS)];
  const set = Object.entries(options).map(([place, value]) => `${place}:${value}`);
  const trained = [
    ...(step > 0 ? [`step:${step}`] : []),
    ...(bits === null ? [] : [`bits:${bits}`]),
    ...(before === undefined ? [] : [`extended:${extended.write(before)}`]),
  ];
  return [method, ...owned, ...set, ...trained].join(";");
}

function read(text: string): SharedPanel {
  const [name = "", ...settings] = text.split(";");
  const method = METHOD.read(name);
  const found: Record<Home, Record<string, unknown>> = { own: {}, options: {}, asks: {}, trained: {} };
  for (const setting of settings) {
    const [key = "", value = "", ...rest] = setting.split(":");
    const { home, codec } = settingAt(method, key);
    if (rest.length > 0 || Object.hasOwn(found[home], key))
      throw new Refusal(msg(`a method and settings: ${name};seed:3`));
    found[home][key] = readSetting(codec, key, value);
  }
  const { own, options, trained } = found as { own: Own; options: Options; trained: Partial<SharedPanel> };
  const asks = Object.keys(found.asks).length === 0 ? {} : { asks: found.asks as Partial<Asking> };
  return { method, own, options, ...asks, step: 0, bits: null, ...trained };
}

/** Which part of a panel a setting is in. */
type Home = "own" | "options" | "asks" | "trained";

function settingAt(method: MethodId, key: string): { home: Home; codec: Codec<unknown> } {
  if (Object.hasOwn(SETTINGS, key)) return { home: "own", codec: SETTINGS[key as keyof Own] as Codec<unknown> };
  if (Object.hasOwn(ASKS, key)) return { home: "asks", codec: ASKS[key as keyof Asking] as Codec<unknown> };
  if (Object.hasOwn(TRAINED, key)) {
    return { home: "trained", codec: TRAINED[key as keyof typeof TRAINED] as Codec<unknown> };
  }
  const options = optionsOf(methodOf(method).experiment.method.kind);
  const option = options.find(({ place }) => place === key);
  if (option !== undefined) return { home: "options", codec: optionCodec(option) as Codec<unknown> };
  const known = [...Object.keys(SETTINGS), ...Object.keys(ASKS), ...options.map(({ place }) => place)];
  throw new Refusal(msg(`a method and its settings, which for ${method} are ${known.join(", ")}`));
}

function optionCodec(option: Option): Codec<string> | Codec<number> {
  return option.type === "choice" ? oneOf(option.choices.map(({ name }) => name)) : ranged(option);
}

function readSetting(codec: Codec<unknown>, key: string, text: string): unknown {
  try {
    return codec.read(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(msg(`a method and its settings, in which ${quoted(key)} must be ${error.allowed}`));
  }
}

/** A stranger's text in a sentence. */
export function quoted(text: string): string {
  return msg(`“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”`);
}

export const panels: Codec<readonly SharedPanel[]> = {
  write: (all) => all.map(write).join(","),
  read: (text) => {
    const texts = text.split(",");
    if (texts.length > SLOTS.length) throw new Refusal(msg(`1 to ${SLOTS.length} panels`));
    return texts.map(read);
  },
};

export const one: Codec<SharedPanel> = { write, read };
