// What can be set of each method: every option once, with its range and one sentence. An option is named by its place
// in the experiment, and what is left out takes the default that the engine fills in.
import { DECIMAL_SIGN, msg, num } from "../language";
import { canBeTold, isConditioned } from "./conditions";
import type { Experiment, ExperimentInput } from "./experiment";
import { evidenceOf, parseNumber } from "./numbers";

/** What a reader has set, by place: {"method.rounds": 2}. */
export type Options = Readonly<Record<string, OptionValue>>;
export type OptionValue = string | number;

interface Described {
  /** "method.rounds" */
  place: string;
  title: string;
  /** one sentence */
  meaning: string;
}

export interface NumberOption extends Described {
  type: "number";
  min: number;
  max: number;
  whole: boolean;
}

export interface ChoiceOption extends Described {
  type: "choice";
  /** by name; `json` where the experiment writes it otherwise */
  choices: readonly { name: string; title: string; json?: unknown }[];
}

export type Option = NumberOption | ChoiceOption;

type MethodKind = Experiment["method"]["kind"];

function whole(place: string, title: string, range: readonly [number, number], meaning: string): NumberOption {
  return { type: "number", place, title, min: range[0], max: range[1], whole: true, meaning };
}

function real(place: string, title: string, range: readonly [number, number], meaning: string): NumberOption {
  return { ...whole(place, title, range, meaning), whole: false };
}

function choice(place: string, title: string, choices: ChoiceOption["choices"], meaning: string): ChoiceOption {
  return { type: "choice", place, title, choices, meaning };
}

const PATH = choice(
  "method.path",
  msg("Path"),
  [
    { name: "linear", title: msg("linear") },
    { name: "linear-smoothed", title: msg("linear, smoothed") },
    { name: "cosine", title: msg("cosine") },
    { name: "variance-preserving", title: msg("variance preserving") },
  ],
  msg("The conditional path between a data point and a noise point: a line, an arc, or a diffusion's."),
);
const COUPLING = choice(
  "method.coupling",
  msg("Coupling"),
  [
    { name: "independent", title: msg("independent") },
    { name: "minibatch-ot", title: msg("minibatch OT") },
    { name: "sinkhorn", title: "Sinkhorn", json: { sinkhorn: {} } },
  ],
  msg(
    "Which point at its other end each path leads to: any, the first one's partner in the batch's optimal pairing, or one drawn near it (Sinkhorn).",
  ),
);
const COUPLING_BATCH = whole(
  "method.couplingBatch",
  msg("OT batch"),
  [1, 4096],
  msg("Points that are paired together; larger blocks straighten more and cost more."),
);
const TIMES = choice(
  "method.weighting",
  msg("Times"),
  [
    { name: "uniform", title: msg("uniform") },
    { name: "logit-normal", title: msg("logit-normal") },
  ],
  msg(
    "Which times are drawn in training: all alike, or more of those in the middle, with a logit that is normal (Esser 2024).",
  ),
);
const DIVERGENCE = choice(
  "method.divergence",
  msg("Divergence"),
  [
    { name: "exact", title: msg("exact") },
    { name: "hutchinson", title: "Hutchinson" },
    { name: "hutchinson-gaussian", title: msg("Hutchinson, Gaussian") },
    { name: "finite-difference", title: msg("finite difference") },
  ],
  msg(
    "How tr ∂f/∂x is found in training: summed exactly, or estimated with one random probe (Hutchinson's estimate, or a difference).",
  ),
);
const OBJECTIVE = choice(
  "method.objective",
  msg("Trained by"),
  [
    { name: "likelihood", title: msg("data") },
    { name: "reverse-kl", title: msg("energy") },
  ],
  msg(
    "What training sees of these data: points, whose likelihood it raises; or their energy alone, whose free energy its own samples lower (reverse KL). The second needs no data, and may never find a well.",
  ),
);
const TRAINING_STEPS = whole(
  "method.trainingSteps",
  msg("Solver steps in training"),
  [1, 64],
  msg(
    "RK4 solver steps from data to noise in every training step: with too few the network can learn to cheat the solver.",
  ),
);

function jumps(max: number): NumberOption {
  return real(
    "method.jumps",
    msg("Jumps"),
    [0.01, max],
    msg("The share of a batch that jumps; the rest regresses the velocity."),
  );
}

/** Where a reader sets which of the snapshots in time is to be predicted. */
export const LEFT_OUT_PLACE = "snapshots.leaveOut";
const LEAVE_OUT = whole(
  LEFT_OUT_PLACE,
  msg("Leave out"),
  [0, 62],
  msg("The snapshot, from 0, that training does not see; 0 for none."),
);

const METHOD_OPTIONS: Record<MethodKind, readonly Option[]> = {
  "flow-matching": [PATH, COUPLING, COUPLING_BATCH, TIMES, LEAVE_OUT],
  reflow: [
    whole("method.rounds", msg("Reflows"), [0, 8], msg("How often the flow is trained again, on its own pairs.")),
    whole(
      "method.distill",
      msg("Distill to"),
      [0, 16],
      msg("Solver steps that a student of the last round takes; 0 for no student."),
    ),
    whole("method.pairs", msg("Pairs"), [100, 100_000], msg("Pairs of noise and sample that a round trains on.")),
  ],
  "mean-flow": [
    jumps(1),
    real(
      "method.adaptive",
      msg("Adaptive weights"),
      [0, 1],
      msg(
        "The power p of each point's weight 1/(|error|² + 0.001)^p in training: with 0 all weigh the same, with 1, as in the paper, large errors pull no harder than small ones.",
      ),
    ),
  ],
  shortcut: [
    jumps(0.9),
    whole(
      "method.halvings",
      msg("Halvings"),
      [1, 10],
      msg("How often the whole way is halved until the velocity is taken."),
    ),
  ],
  "stochastic-interpolant": [
    PATH,
    real(
      "method.bridge",
      msg("Bridge"),
      [1e-4, 100],
      msg("γ² / (t (1 - t)): how much noise each path has of its own."),
    ),
    COUPLING,
    COUPLING_BATCH,
  ],
  diffusion: [
    choice(
      "method.prediction",
      msg("Prediction"),
      [
        { name: "noise", title: msg("noise") },
        { name: "score", title: msg("score") },
        { name: "data", title: msg("data") },
      ],
      msg("What the network's output stands for; each can be turned into the others."),
    ),
    choice(
      "method.weighting",
      msg("Weighting"),
      [
        { name: "uniform", title: msg("uniform") },
        { name: "likelihood", title: msg("likelihood") },
        { name: "logit-normal", title: msg("logit-normal") },
      ],
      msg(
        "Which times count how much: equally, so that half the loss bounds the NLL of the reverse SDE (ScoreFlow), or the middle ones more (a normal logit).",
      ),
    ),
  ],
  "normalizing-flow": [
    TRAINING_STEPS,
    real(
      "method.kineticPenalty",
      msg("Kinetic penalty"),
      [0, 100],
      msg("Weight of the mean of ∫|f|² dt, which keeps trajectories simple."),
    ),
    DIVERGENCE,
    OBJECTIVE,
  ],
  "coupling-flow": [
    choice(
      "method.maps",
      msg("Maps"),
      [
        { name: "nice", title: "NICE" },
        { name: "real-nvp", title: "RealNVP" },
        { name: "glow", title: "Glow" },
        { name: "spline", title: msg("Neural spline") },
      ],
      msg(
        "What a layer does to the half that moves: shift it (NICE), scale and shift it (RealNVP), that behind a learned mixing of all coordinates (Glow), or bend each coordinate by a monotone spline (Neural spline).",
      ),
    ),
    whole(
      "method.layers",
      msg("Layers", "of a flow"),
      [1, 32],
      msg("Coupling layers; each moves half of the coordinates, the next the other half."),
    ),
    OBJECTIVE,
  ],
  "ot-flow": [
    TRAINING_STEPS,
    real(
      "method.likelihoodWeight",
      msg("Likelihood weight"),
      [0.01, 10_000],
      msg("Weight of the negative log-likelihood (NLL) beside the transport cost."),
    ),
    real(
      "method.hjbWeight",
      msg("HJB weight"),
      [0, 1000],
      msg("Weight of the Hamilton–Jacobi–Bellman (HJB) penalty, 0 where trajectories are straight and cheapest."),
    ),
  ],
  "jko-flow": [
    whole("method.blocks", msg("Blocks"), [1, 32], msg("Blocks that descend the free energy one after the other.")),
    real(
      "method.stepSize",
      msg("Step size"),
      [1e-3, 1000],
      msg("h of the first block: the larger, the farther it goes."),
    ),
    real("method.growth", msg("Growth"), [0.1, 10], msg("The factor from one block's step size to the next one's.")),
  ],
  "closed-form": [
    PATH,
    whole(
      "method.points",
      msg("Points"),
      [1, 10_000],
      msg("Points the field is exact for where P itself has no closed form."),
    ),
  ],
};

const TRAINING_OPTIONS: readonly Option[] = [
  whole("optimizer.batch", msg("Batch"), [1, 65_536], msg("Points in every training step.")),
  real(
    "optimizer.learningRate",
    msg("Learning rate"),
    [1e-6, 10],
    msg("Adam's learning rate at the first training step; it then decays."),
  ),
  real(
    "optimizer.emaDecay",
    msg("Averaging"),
    [0, 0.99999],
    msg("Decay of the average of the weights that is sampled from."),
  ),
];

const CONDITION = choice(
  "condition.kind",
  msg("Condition"),
  [
    { name: "none", title: msg("none", "of a condition") },
    { name: "class", title: msg("class") },
    { name: "numbers", title: msg("numbers") },
  ],
  msg(
    "What the network is told beside the time: nothing, the class of each data point, or numbers that are observed of it. Samples can then be asked to be of a class, or given such numbers.",
  ),
);
const CONDITION_IN_TRAINING: readonly Option[] = [
  real(
    "condition.drop",
    msg("Hide it"),
    [0, 0.9],
    msg(
      "The probability p that training hides the condition: what is learned then is the field of all data, which guidance needs.",
    ),
  ),
  choice(
    "condition.pairs",
    msg("Pairs"),
    [
      { name: "within", title: msg("within it") },
      { name: "across", title: msg("ignoring it") },
    ],
    msg(
      "Among which points the coupling pairs: those of one class and as many noise points, or of nearly the same numbers, or all. Where it ignores the condition, the noise that belongs to one is no longer Q, from which its samples start: they skew (Cheng and Schwing 2025).",
    ),
  ),
];

/** All that can be set of a method, beside what the panels share. */
export function optionsOf(kind: MethodKind): readonly Option[] {
  const condition = canBeTold(kind) ? [CONDITION] : [];
  if (kind === "closed-form") return [...METHOD_OPTIONS[kind], ...condition];
  const inTraining = canBeTold(kind) ? CONDITION_IN_TRAINING : [];
  return [...METHOD_OPTIONS[kind], ...condition, ...inTraining, ...TRAINING_OPTIONS];
}

/** The value that an experiment has at an option's place, by its name. */
export function valueAt(experiment: Experiment | ExperimentInput, option: Option): OptionValue | null {
  const steps = option.place.split(".");
  const value = steps.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], experiment);
  if (typeof value === "number" || typeof value === "string") return value;
  // What there is none of by default, and is left out.
  if (value === undefined && option.type === "choice") return option.choices[0]?.name ?? null;
  // {"sinkhorn": {..}} goes by its only key.
  return typeof value === "object" && value !== null ? (Object.keys(value)[0] ?? null) : null;
}

/**
 * A number as it is typed, with a decimal comma too; NaN where it is none, or may mean two. Points in a whole number, and a comma
 * in another that could group thousands, may.
 */
export function typedNumber({ whole }: Pick<NumberOption, "whole">, text: string): number {
  const typed = text.trim();
  const found = evidenceOf(typed);
  if (found.kind === "doubt" && (found.mark === DECIMAL_SIGN) === whole) return Number.NaN;
  return parseNumber(typed, found.kind === "proof" ? found.decimal : DECIMAL_SIGN);
}

/** Why a value can't be taken, in one sentence; null if it can. */
export function refusalOf(option: NumberOption, text: string): string | null {
  const { title, min, max, whole } = option;
  const value = typedNumber(option, text);
  if (takes(option, value)) return null;
  const typed = text.trim();
  if (evidenceOf(typed).kind === "doubt" && Number.isNaN(value)) {
    const [point, comma] = [".", ","].map((mark) => num(String(parseNumber(typed, mark as "." | ","))));
    return msg(`${title} “${typed}” may mean ${point} or ${comma}: write ${point} or ${comma}.`);
  }
  const [least, most] = [min, max].map((limit) => num(limit.toLocaleString("en-US")));
  return whole
    ? msg(`${title} is a whole number from ${least} to ${most}.`)
    : msg(`${title} is a number from ${least} to ${most}.`);
}

/** Whether an option can have the value. */
export function takes(option: Option, value: OptionValue | undefined): boolean {
  if (option.type === "choice") return option.choices.some(({ name }) => name === value);
  if (typeof value !== "number") return false;
  return value >= option.min && value <= option.max && (!option.whole || Number.isInteger(value));
}

/** An experiment with the options laid over it. */
export function withOptions(experiment: ExperimentInput, options: Options): ExperimentInput {
  const kind = experiment.method?.kind;
  if (kind === undefined) return experiment;
  const copy = structuredClone(experiment) as Record<string, Record<string, unknown>>;
  for (const option of optionsOf(kind)) {
    const value = options[option.place];
    const [part = "", key = ""] = option.place.split(".");
    if (part === "condition" && !isConditioned({ options })) continue;
    if (part === "snapshots" && copy.snapshots === undefined) continue;
    if (value !== undefined) copy[part] = { ...copy[part], [key]: jsonOf(option, value) };
  }
  return copy as ExperimentInput;
}

function jsonOf(option: Option, value: OptionValue): unknown {
  if (option.type === "number") return value;
  return option.choices.find(({ name }) => name === value)?.json ?? value;
}
