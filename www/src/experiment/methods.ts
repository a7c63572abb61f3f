// The methods that a panel can be given, and what the page says of each. The engine fills in what is left out.
import { msg } from "../language";
import type { BudgetConfig, DistributionKind, ExperimentInput } from "./experiment";

export type MethodGroup = "Likelihood" | "Flow matching" | "Diffusion" | "Truth";

/** What a method trained in rounds shows of them. */
export interface Rounds {
  /** one of them */
  name: string;
  /** what tells how far each has come */
  measure?: { quantity: "freeEnergy" | "straightness"; title: string; meaning: string };
  /** what the button for one more says, where there can be one */
  add?: string;
}

type MethodInput = NonNullable<ExperimentInput["method"]>;

export interface Method {
  group: MethodGroup;
  title: string;
  /** one line */
  idea: string;
  /** what the layer of interpolation paths shows for it */
  paths: string;
  /** what its loss is */
  loss: string;
  experiment: Pick<ExperimentInput, "network" | "optimizer" | "snapshots"> & {
    method: MethodInput;
    budget: Pick<BudgetConfig, "steps">;
  };
  rounds?: Rounds;
  /** why it has no log-density, in one sentence, and for which data it has one all the same */
  noDensity?: { why: string; except?: readonly DistributionKind[] };
}

const NO_PATHS = msg("It has no interpolation paths; dashed: its trajectories from data.");
const SQUARED_ERROR = msg("squared error; its floor is above 0, and what is above the floor can be learned");

const TABLE = {
  "normalizing-flow": {
    group: msg("Likelihood"),
    title: msg("Normalizing flow"),
    idea: msg("maximizes the likelihood of the data, through an ODE solver"),
    paths: NO_PATHS,
    loss: msg("nats, with the kinetic penalty"),
    experiment: { method: { kind: "normalizing-flow" }, budget: { steps: 1000 } },
  },
  ffjord: {
    group: msg("Likelihood"),
    title: "FFJORD",
    idea: msg("the same with the divergence estimated by one random probe"),
    paths: NO_PATHS,
    loss: msg("nats, with the kinetic penalty; estimated"),
    experiment: {
      method: { kind: "normalizing-flow", divergence: "hutchinson" },
      network: { conditioning: "concat-squash" },
      budget: { steps: 1000 },
    },
  },
  "coupling-flow": {
    group: msg("Likelihood"),
    title: msg("Coupling flow"),
    idea: msg("maximizes the likelihood of a chain of maps that a formula inverts (RealNVP)"),
    paths: NO_PATHS,
    loss: msg("nats"),
    experiment: { method: { kind: "coupling-flow" }, budget: { steps: 3000 } },
  },
  "ot-flow": {
    group: msg("Likelihood"),
    title: "OT-Flow",
    idea: msg("likelihood of a potential's flow (2 × 32), with transport costs"),
    paths: NO_PATHS,
    loss: msg("transport cost + 8 × nats + penalty"),
    experiment: {
      method: { kind: "ot-flow" },
      network: { width: 32, depth: 2 },
      budget: { steps: 1500 },
    },
  },
  "jko-iflow": {
    group: msg("Likelihood"),
    title: "JKO-iFlow",
    idea: msg("descends the free energy towards noise, block by block"),
    paths: NO_PATHS,
    loss: msg("free energy (but for a constant) and movement of each block, nats"),
    experiment: {
      method: { kind: "jko-flow", blocks: 6 },
      optimizer: { batch: 256 },
      budget: { steps: 2400 },
    },
    rounds: {
      name: msg("Block"),
      measure: {
        quantity: "freeEnergy",
        title: msg("free energy, nats"),
        meaning: msg("KL of the data after each block to the noise, in nats: what every block descends."),
      },
      add: msg("Add a block"),
    },
  },
  "flow-matching": {
    group: msg("Flow matching"),
    title: msg("Flow matching"),
    idea: msg("regresses the velocity of straight lines from data to noise"),
    paths: msg("Dashed: the conditional paths it learns from, lines between random pairs."),
    loss: SQUARED_ERROR,
    experiment: { method: { kind: "flow-matching" }, budget: { steps: 5000 } },
  },
  "ot-coupling": {
    group: msg("Flow matching"),
    title: msg("Flow matching, OT coupling"),
    idea: msg("straight lines between partners of the batch's optimal pairing"),
    paths: msg("Dashed: the conditional paths it learns from, straight lines that hardly cross."),
    loss: SQUARED_ERROR,
    experiment: {
      method: { kind: "flow-matching", coupling: "minibatch-ot", couplingBatch: 128 },
      budget: { steps: 5000 },
    },
  },
  "sinkhorn-coupling": {
    group: msg("Flow matching"),
    title: msg("Flow matching, Sinkhorn coupling"),
    idea: msg("straight lines, paired by entropic optimal transport"),
    paths: msg("Dashed: the conditional paths it learns from, straight lines between softly paired points."),
    loss: SQUARED_ERROR,
    experiment: {
      method: { kind: "flow-matching", coupling: { sinkhorn: {} }, couplingBatch: 64 },
      budget: { steps: 2000 },
    },
  },
  "cosine-path": {
    group: msg("Flow matching"),
    title: msg("Flow matching, cosine path"),
    idea: msg("regresses the velocity of arcs from data to noise"),
    paths: msg("Dashed: the conditional paths it learns from, quarter turns that keep a variance of 1."),
    loss: SQUARED_ERROR,
    experiment: { method: { kind: "flow-matching", path: "cosine" }, budget: { steps: 5000 } },
  },
  "diffusion-path": {
    group: msg("Flow matching"),
    title: msg("Flow matching, diffusion path"),
    idea: msg("regresses the velocity of a diffusion's noising paths"),
    paths: msg("Dashed: the conditional paths it learns from, which reach the noise long before t = 1."),
    loss: SQUARED_ERROR,
    experiment: { method: { kind: "flow-matching", path: "variance-preserving" }, budget: { steps: 5000 } },
  },
  snapshots: {
    group: msg("Flow matching"),
    title: msg("Snapshots in time"),
    idea: msg("flow matching from each snapshot to the next"),
    paths: msg("Dashed: the conditional paths it learns from, straight lines between snapshots."),
    loss: SQUARED_ERROR,
    experiment: {
      method: { kind: "flow-matching", coupling: "minibatch-ot", couplingBatch: 128 },
      snapshots: {},
      budget: { steps: 4000 },
    },
  },
  reflow: {
    group: msg("Flow matching"),
    title: msg("Rectified flow, reflow ×1"),
    idea: msg("flow matching, then again on its own pairs"),
    paths: msg("Dashed: the paths of its first round; the next joins noise to its own samples."),
    loss: SQUARED_ERROR,
    experiment: { method: { kind: "reflow", rounds: 1 }, budget: { steps: 10_000 } },
    rounds: {
      name: msg("Round"),
      measure: {
        quantity: "straightness",
        title: msg("bend"),
        meaning: msg(
          "How far the trajectories after each round are from lines at constant speed: 0 is straight. The literature calls it straightness.",
        ),
      },
      add: msg("Reflow once more"),
    },
  },
  distilled: {
    group: msg("Flow matching"),
    title: msg("Reflow and distill to one step"),
    idea: msg("a reflow, then its student: sampled with one evaluation"),
    paths: msg("Dashed: the paths of its first round; the next join noise to its own samples."),
    loss: SQUARED_ERROR,
    experiment: {
      method: { kind: "reflow", rounds: 1, distill: 1 },
      budget: { steps: 10_000 },
    },
    rounds: { name: msg("Round") },
    noDensity: {
      why: msg(
        "A distilled student jumps from noise to data: it has no log-density that the formula of a flow can give.",
      ),
    },
  },
  "mean-flow": {
    group: msg("Flow matching"),
    title: "MeanFlow",
    idea: msg("regresses the mean velocity of any jump, by its derivative: one step samples"),
    paths: msg("Dashed: the conditional paths it learns from, lines between random pairs."),
    loss: msg("squared error to a target that the network has a part in"),
    experiment: { method: { kind: "mean-flow" }, budget: { steps: 5000 } },
  },
  shortcut: {
    group: msg("Flow matching"),
    title: msg("Shortcut model"),
    idea: msg("learns that a jump is two jumps of half its length: one step samples"),
    paths: msg("Dashed: the conditional paths it learns from, lines between random pairs."),
    loss: msg("squared error to a target that the network has a part in"),
    experiment: { method: { kind: "shortcut" }, budget: { steps: 5000 } },
  },
  interpolant: {
    group: msg("Flow matching"),
    title: msg("Stochastic interpolant"),
    idea: msg("regresses the velocity of noisy paths, and the noise on them"),
    paths: msg("Dashed: the middles of its paths, without the noise that each has of its own."),
    loss: msg("below 0, by half the squares of what it learns"),
    experiment: { method: { kind: "stochastic-interpolant", bridge: 2 }, budget: { steps: 5000 } },
  },
  "schroedinger-bridge": {
    group: msg("Flow matching"),
    title: msg("Schrödinger bridge"),
    idea: msg("noisy paths between points paired by entropic optimal transport"),
    paths: msg("Dashed: the middles of its Brownian bridges, without the noise that each has of its own."),
    loss: msg("below 0, by half the squares of what it learns"),
    experiment: {
      method: {
        kind: "stochastic-interpolant",
        bridge: 0.25,
        coupling: { sinkhorn: { regularization: 0.5 } },
        couplingBatch: 64,
      },
      budget: { steps: 3000 },
    },
  },
  ddpm: {
    group: msg("Diffusion"),
    title: "DDPM",
    idea: msg("predicts the noise that was added to the data"),
    paths: msg("Dashed: how each data point is noised, to nearly nothing but noise long before t = 1."),
    loss: msg("squared error of the noise; its floor is above 0"),
    experiment: { method: { kind: "diffusion" }, budget: { steps: 6000 } },
  },
  "score-sde": {
    group: msg("Diffusion"),
    title: "Score-SDE",
    idea: msg("predicts the score of the noised data"),
    paths: msg("Dashed: how each data point is noised, to nearly nothing but noise long before t = 1."),
    loss: msg("squared error of the score, times σ²; its floor is above 0"),
    experiment: { method: { kind: "diffusion", prediction: "score" }, budget: { steps: 6000 } },
  },
  scoreflow: {
    group: msg("Diffusion"),
    title: "ScoreFlow",
    idea: msg("predicts the score, weighted so that it bounds the likelihood of sampling with noise"),
    paths: msg("Dashed: how each data point is noised, to nearly nothing but noise long before t = 1."),
    loss: msg("twice a bound of the NLL of the reverse SDE, but for a constant"),
    experiment: {
      method: { kind: "diffusion", prediction: "score", weighting: "likelihood" },
      budget: { steps: 6000 },
    },
  },
  "exact-field": {
    group: msg("Truth"),
    title: msg("Exact field"),
    idea: msg("the true velocity; where it is unknown, that of 500 points"),
    paths: msg("Dashed: the conditional paths whose mean velocity it is at every point."),
    loss: msg("nothing to train"),
    experiment: { method: { kind: "closed-form" }, budget: { steps: 1 } },
    noDensity: {
      why: msg("The field of 500 points ends in those points alone: it has no log-density."),
      except: ["gaussian", "8-gaussians", "checkerboard"],
    },
  },
} as const satisfies Record<string, Method>;

export type MethodId = keyof typeof TABLE;

export const METHOD_IDS = Object.keys(TABLE) as readonly MethodId[];

export function methodOf(id: MethodId): Method {
  return TABLE[id];
}

/** One sentence where a method has no log-density for these data. */
export function whyNoDensity(id: MethodId, data: DistributionKind): string | undefined {
  const { noDensity } = methodOf(id);
  return noDensity?.except?.includes(data) ? undefined : noDensity?.why;
}

/** The methods of each group, in the order in which they are offered. */
export function methodGroups(): { group: MethodGroup; ids: readonly MethodId[] }[] {
  const groups = [...new Set(METHOD_IDS.map((id) => methodOf(id).group))];
  return groups.map((group) => ({ group, ids: METHOD_IDS.filter((id) => methodOf(id).group === group) }));
}

/** How often training starts anew from what the round before left. */
export function numRounds(method: MethodInput): number {
  if (method.kind === "jko-flow") return method.blocks ?? 1;
  return method.kind === "reflow" ? 1 + (method.rounds ?? 0) + Math.sign(method.distill ?? 0) : 1;
}
