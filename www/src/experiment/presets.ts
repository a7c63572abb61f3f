// What the page opens with, what it offers, and the comparisons it starts at a press.
import { msg } from "../language";
import { type Asking, DEFAULT_ASKING } from "./conditions";
import { type EnergySetup, energySource, hasEnergy } from "./energies";
import type { DistributionKind, ExperimentInput } from "./experiment";
import type { ColumnId } from "./measures";
import { type MethodId, methodOf, numRounds } from "./methods";
import { isConvolved, kindOfOwn, type NetworkKind, ofPictures, STEPS_OF_UNET } from "./networks";
import { type Options, withOptions } from "./options";
import { DEFAULT_SAMPLER, type SamplerSetup, solverFor } from "./samplers";
import { isOfSnapshots } from "./snapshots";
import { type BuiltInKind, DIMENSIONS, type Side } from "./sources";
import { type Angles, noiseOn, spaceOf } from "./spaces";

export * from "./sources";

/** When training ends: where the method says, or at a limit of the reader's. */
export type BudgetChoice = { kind: "usual" } | { kind: "steps" | "seconds" | "networkEvaluations"; limit: number };

/** What the panels share, unless one has its own. */
export interface Setup extends SamplerSetup, Asking, EnergySetup {
  seed: number;
  data: BuiltInKind | "points";
  noise: BuiltInKind;
  /** what the columns of the reader's own points are */
  angles: Angles;
  width: number;
  depth: number;
  /** of pictures; all others have a perceptron */
  network: NetworkKind;
  /** pixels a side of pictures that are drawn in several sizes */
  side: Side;
  budget: BudgetChoice;
}

/** What changing each starts anew: training, or what is drawn of it. */
export const SETUP_RESTARTS = {
  seed: "training",
  data: "training",
  noise: "training",
  angles: "training",
  width: "training",
  depth: "training",
  network: "training",
  side: "training",
  temperature: "training",
  draws: "training",
  budget: "training",
  solver: "drawing",
  solverSteps: "drawing",
  sampler: "drawing",
  epsilon: "drawing",
  churn: "drawing",
  grid: "drawing",
  asked: "drawing",
  observed: "drawing",
  guidance: "drawing",
} as const satisfies Readonly<Record<keyof Setup, "training" | "drawing">>;

const SETUP_KEYS = Object.keys(SETUP_RESTARTS) as readonly (keyof Setup)[];

/** What a panel may have of its own: what trains it. What columns are is the points' own. */
export type Own = {
  [K in Exclude<keyof Setup, "angles"> as (typeof SETUP_RESTARTS)[K] extends "training" ? K : never]?: Setup[K];
};

export const DEFAULT_SETUP: Setup = {
  seed: 7,
  data: "moons",
  noise: "gaussian",
  angles: "none",
  width: 64,
  depth: 3,
  network: "perceptron",
  side: 16,
  temperature: 1,
  draws: "exact",
  budget: { kind: "usual" },
  ...DEFAULT_SAMPLER,
  ...DEFAULT_ASKING,
};

/** One panel of a comparison. */
export interface PanelChoice {
  method: MethodId;
  own: Own;
  options: Options;
  /** of its own, of what samples are asked to be; nothing if not given */
  asks?: Partial<Asking>;
}

function of(method: MethodId, options: Options = {}, asks?: Partial<Asking>): PanelChoice {
  return { method, own: {}, options, ...(asks && { asks }) };
}

export interface Preset {
  title: string;
  /** what to look for, in one sentence */
  question: string;
  panels: readonly PanelChoice[];
  /** where the comparison needs other than what is chosen */
  setup?: Partial<Setup>;
  /** of the summary table: what the question asks for */
  columns?: readonly ColumnId[];
}

/** The methods that the page opens with, left to right. */
export const DEFAULT_PANELS: readonly PanelChoice[] = [of("normalizing-flow"), of("flow-matching")];

const NUMBERS: Options = { "condition.kind": "numbers" };
const SPLINES: Options = { "method.maps": "spline" };

const PRESET_TABLE = {
  "nf-vs-fm": {
    title: msg("Normalizing flow vs flow matching"),
    question: msg("Which learns faster, and which ends nearer to the data?"),
    panels: DEFAULT_PANELS,
  },
  "normalizing-flows": {
    title: msg("Normalizing flows: continuous and discrete"),
    question: msg("Which has threads of density between the modes, and what does a training step of each cost?"),
    panels: [of("normalizing-flow"), of("coupling-flow")],
    setup: { data: "8-gaussians" },
  },
  "fm-vs-diffusion": {
    title: msg("Flow matching vs diffusion"),
    question: msg("With few evaluations, which samples better, and does a better solver change the answer?"),
    panels: [of("flow-matching"), of("ddpm")],
  },
  couplings: {
    title: msg("Independent vs OT coupling"),
    question: msg("How much straighter do trajectories get when lines hardly cross?"),
    panels: [of("flow-matching"), of("ot-coupling")],
    columns: ["straightness"],
  },
  reflow: {
    title: msg("Reflow 0–3"),
    question: msg("How many Euler steps does each round save, and what does it cost in quality?"),
    panels: [0, 1, 2, 3].map((rounds) => of("reflow", { "method.rounds": rounds })),
  },
  "one-step": {
    title: msg("One step: reflow, MeanFlow, shortcut"),
    question: msg("Who samples best with one evaluation, and who still has a density?"),
    panels: [of("distilled"), of("mean-flow"), of("shortcut")],
    setup: { sampler: "few-steps", solverSteps: 1 },
  },
  "jko-blocks": {
    title: msg("JKO-iFlow blocks"),
    question: msg("How much of the free energy does each further block remove?"),
    panels: [1, 2, 4, 6].map((blocks) => of("jko-iflow", { "method.blocks": blocks })),
  },
  "exact-vs-learned": {
    title: msg("Exact field vs learned"),
    question: msg("Where does the network's velocity differ from the true one?"),
    panels: [of("exact-field"), of("flow-matching")],
    setup: { data: "8-gaussians" },
  },
  guidance: {
    title: msg("Guidance: w = 0, 1, 3"),
    question: msg("Does more guidance bring samples nearer to their class, or past it?"),
    panels: [0, 1, 3].map((guidance) => of("flow-matching", { "condition.kind": "class" }, { guidance })),
    setup: { data: "8-gaussians", asked: 0 },
  },
  "class-couplings": {
    title: msg("OT that ignores the class, or keeps to it"),
    question: msg("Where do a class's samples go when its points were paired with the noise nearest to them?"),
    panels: ["across", "within"].map((pairs) =>
      of("ot-coupling", { "condition.kind": "class", "condition.pairs": pairs }),
    ),
    setup: { data: "8-gaussians", asked: 0 },
  },
  pictures: {
    title: msg("Pictures: flow matching and diffusion"),
    question: msg(
      "Digits from noise, by the same network and as long a training: which need fewer steps to be legible?",
    ),
    panels: [of("flow-matching"), of("ot-coupling"), of("ddpm")],
    setup: { data: "drawn-digits", network: "u-net", side: 16 },
    columns: ["frechet"],
  },
  "few-step-pictures": {
    title: msg("Pictures: few steps"),
    question: msg("After a minute of training each, who draws a digit in one step, and what do further steps add?"),
    panels: [of("flow-matching"), of("distilled"), of("mean-flow")],
    setup: {
      data: "drawn-digits",
      network: "u-net",
      side: 16,
      budget: { kind: "seconds", limit: 60 },
      solver: "euler",
      solverSteps: 4,
      sampler: "few-steps",
    },
    columns: ["frechet"],
  },
  "likelihood-of-pictures": {
    title: msg("Does likelihood scale?"),
    question: msg(
      "The same network on the same pictures: what does a training step of each cost, and who is done today?",
    ),
    panels: DEFAULT_PANELS,
    setup: { data: "drawn-digits", network: "u-net", side: 16 },
  },
  inference: {
    title: msg("Simulation-based inference: the parameter given an observation"),
    question: msg("Given x = 1 the parameter is N(0.8, 0.2): how near does each come, and does it follow as x moves?"),
    panels: [of("exact-field", NUMBERS), of("flow-matching", NUMBERS), of("ddpm", NUMBERS)],
    setup: { data: "linear-gaussian", observed: [1] },
  },
  "two-moons-inference": {
    title: msg("Simulation-based inference: two crescents"),
    question: msg("Two parameters explain what is observed equally well: are there two crescents wherever x is?"),
    panels: [of("flow-matching", NUMBERS), of("ddpm", NUMBERS)],
    setup: { data: "two-moons-sbi", observed: [0, 0] },
  },
  snapshots: {
    title: msg("Snapshots in time"),
    question: msg("One of five is left out of training: how near does the flow come to it?"),
    panels: [of("snapshots", { "snapshots.leaveOut": 2 })],
    setup: { data: "branching" },
    columns: ["left-out-w1"],
  },
  "one-dimension": {
    title: msg("One dimension: every map is the same"),
    question: msg("Trajectories cannot cross on a line: how do different paths come to one and the same map?"),
    panels: [of("normalizing-flow"), of("flow-matching"), of("ot-coupling"), of("ddpm")],
    setup: { data: "bimodal" },
    columns: ["straightness"],
  },
  sphere: {
    title: msg("On a sphere: independent vs OT coupling"),
    question: msg("How much shorter do the ways over the globe get when points are paired with noise near them?"),
    panels: [of("flow-matching"), of("ot-coupling")],
    setup: { data: "von-mises-fisher" },
    columns: ["w2", "transport-cost"],
  },
  "boltzmann-generator": {
    title: msg("Boltzmann generator: from an energy, or from a short chain"),
    question: msg("Which has points in both wells, and does it know the free energy between them?"),
    panels: [
      of("coupling-flow", { ...SPLINES, "method.objective": "reverse-kl" }),
      { ...of("coupling-flow", SPLINES), own: { draws: "chain" } },
      { ...of("flow-matching"), own: { draws: "chain" } },
    ],
    setup: { data: "double-well" },
    columns: ["ess", "log-z", "delta-f"],
  },
} as const satisfies Record<string, Preset>;

export type PresetId = keyof typeof PRESET_TABLE;

export const PRESET_IDS = Object.keys(PRESET_TABLE) as readonly PresetId[];

export function presetOf(id: PresetId): Preset {
  return PRESET_TABLE[id];
}

export const WIDTHS = [16, 32, 64, 96, 128] as const;
export const DEPTHS = [1, 2, 3, 4, 5] as const;
/** The whole experiment of a panel: what is shared, what is its own, and what its method needs. */
export function experimentFor(
  { method, own, options }: PanelChoice,
  shared: Setup,
  user: { columns: readonly string[] } | null = null,
): ExperimentInput {
  const setup = { ...shared, ...own };
  const { network, budget: _, method: how, ...rest } = methodOf(method).experiment;
  const data = setup.data === "points" ? kindOfOwn(user) : setup.data;
  const [space, isOwn] = [spaceOf({ ...setup, data }), data === "points"];
  const convolves = isConvolved(method, { ...setup, data });
  const { solver: kind, steps } = solverFor({ method, options }, setup);
  const usual: ExperimentInput = {
    version: 1,
    seed: setup.seed,
    data: { ...source(setup.data, setup.side), ...energySource(data, setup), ...(space && isOwn && { space }) },
    noise: source(isOfSnapshots(method) ? "gaussian" : noiseOn({ ...setup, data }), setup.side),
    ...rest,
    method: convolves ? ofPictures(how) : how,
    network: convolves ? { kind: "u-net" } : { width: setup.width, depth: setup.depth, ...network },
    solver: { kind, steps },
    budget:
      setup.budget.kind === "usual"
        ? usualBudget({ method, options }, convolves)
        : { [setup.budget.kind]: setup.budget.limit },
  };
  return withOptions(usual, applying(options, data, space !== null));
}

/** What can be chosen of an energy is kept for when there is one again; a path and a condition for where there are some. */
function applying(options: Options, data: DistributionKind, isOnSpace: boolean): Options {
  const rests = (place: string) =>
    (place === "method.objective" && !hasEnergy(data)) || (isOnSpace && /^(method\.path|condition)/.test(place));
  return Object.fromEntries(Object.entries(options).filter(([place]) => !rests(place)));
}

/**
 * The steps that suit the method, as many in each round however many there are: a further round takes none from the first. A
 * U-Net's take longer, and fewer do.
 */
export function usualBudget(
  { method: id, options }: Pick<PanelChoice, "method" | "options">,
  convolves = false,
): { steps: number } {
  const { method, budget } = methodOf(id).experiment;
  const [rounds, usual] = [numRounds(withOptions({ method }, options).method ?? method), numRounds(method)];
  const steps = convolves ? STEPS_OF_UNET * usual : budget.steps;
  return { steps: Math.round((steps * rounds) / usual) };
}

function source(kind: Setup["data"], side: Side): NonNullable<ExperimentInput["data"]> {
  if (kind === "drawn-digits") return { kind, dim: side ** 2 };
  const dim = kind === "points" ? undefined : DIMENSIONS[kind];
  return dim === undefined ? { kind } : { kind, dim };
}

export function restartsTraining(part: Partial<Setup>): boolean {
  return SETUP_KEYS.some((key) => key in part && SETUP_RESTARTS[key] === "training");
}

/** Runs of both are the same: the sampler only draws. */
export function isSameButSampler(one: Setup, other: Setup): boolean {
  const isSame = (key: keyof Setup) => JSON.stringify(one[key]) === JSON.stringify(other[key]);
  return SETUP_KEYS.every((key) => SETUP_RESTARTS[key] === "drawing" || isSame(key));
}

/** What only draws, of all that is set up. */
export type DrawingSetup = SamplerSetup & Asking;
export function drawingOf(setup: DrawingSetup): DrawingSetup {
  const keys = SETUP_KEYS.filter((key): key is keyof DrawingSetup => SETUP_RESTARTS[key] === "drawing");
  return Object.fromEntries(keys.map((key) => [key, setup[key]])) as unknown as DrawingSetup;
}
