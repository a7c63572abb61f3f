// An experiment as one file of Python: what it is made of is picked from python/, function by function, so that nothing is
// in it that this experiment does not use.
import type { AskedFor, Known } from "../experiment/conditions";
import type { DistributionKind, Experiment, MethodConfig, SolverKind } from "../experiment/experiment";
import { MADE_BY } from "../made-by";
import { isDistributed } from "./distributed";
import affine from "./python/affine.py?raw";
import conditions from "./python/conditions.py?raw";
import coupling from "./python/coupling.py?raw";
import couplings from "./python/couplings.py?raw";
import data from "./python/data.py?raw";
import energies from "./python/energies.py?raw";
import fields from "./python/fields.py?raw";
import losses from "./python/losses.py?raw";
import main from "./python/main.py?raw";
import network from "./python/network.py?raw";
import paths from "./python/paths.py?raw";
import potential from "./python/potential.py?raw";
import rounds from "./python/rounds.py?raw";
import snapshots from "./python/snapshots.py?raw";
import solver from "./python/solver.py?raw";
import spline from "./python/spline.py?raw";
import stretches from "./python/stretches.py?raw";
import training from "./python/training.py?raw";
import unet from "./python/unet.py?raw";
import { TABLEAUS } from "./tableaus";

export interface Exported extends Known {
  experiment: Experiment;
  /** what it is called: "flow-matching" */
  name: string;
  /** what drew the page's samples, where this file has it not: no ODE solver, and no learned jumps */
  sampledBy: string | null;
  /** the learned jumps that drew them; 0 for none */
  jumps: number;
  /** the page that it was made on, with all of it */
  link: string | null;
  /** of the data, in its own units */
  columns: readonly string[];
  center: readonly number[];
  scale: readonly number[];
  /** what the page's samples are asked to be */
  asked: AskedFor | null;
  /** when each snapshot in time is passed, from 0 to 1; none where the data are no snapshots */
  clock?: readonly number[] | null;
}

/** Distributions that are a few lines; all others come as points in a file beside it. */
const DRAWN: Partial<Record<DistributionKind, string>> = {
  gaussian: "gaussian",
  bimodal: "bimodal",
  moons: "moons",
  "two-spirals": "two_spirals",
  checkerboard: "checkerboard",
  pinwheel: "pinwheel",
  "swiss-roll": "swiss_roll",
  line: "line",
  cosine: "cosine",
};

export function needsFile(kind: DistributionKind): boolean {
  return DRAWN[kind] === undefined;
}

/** What a method is made of, by the names in python/. */
interface Parts {
  /** the whole files that it needs */
  base: readonly string[];
  weights: string | null;
  velocity: string | null;
  generate: string;
  losses: readonly string[];
  /** what comes before a round, and what is kept of it */
  rounds: readonly [string, string];
  /** how its way is cut, and its steps are equal */
  carried: readonly [string, string];
}

const LIKELIHOOD = ["draw_probe", "velocity_and_trace"];
const NETWORK: Omit<Parts, "losses"> = {
  base: [network],
  weights: "network_new_weights",
  velocity: "network_velocity",
  generate: "network_generate",
  rounds: ["none_prepare", "none_finished"],
  carried: ["whole_stretches", "whole_carry_within"],
};

/** In equal steps of √t, as the engine goes on a diffusion's path. */
const ROOT = ["whole_stretches", "root_carry_within"] as const;

function isSmoothInRoot({ path }: Extract<MethodConfig, { kind: "flow-matching" }>): boolean {
  return path === "variance-preserving";
}

/** Of a method that may be trained from an energy alone, what its loss is then called. */
function reverseOf(method: MethodConfig): "" | "_reverse" {
  return "objective" in method && method.objective === "reverse-kl" ? "_reverse" : "";
}

/** The energy that it is trained from, and its temperature in the energy's own units; nothing of all others. */
function energyOf({ method, data: { kind, temperature = 1 } }: Experiment): string[] {
  if (reverseOf(method) === "") return [];
  const unit = kind === "mueller-brown" ? 15 : 1;
  return [`TEMPERATURE = ${unit * temperature}`, pick(energies, `${kind.replaceAll("-", "_")}_energy`, "energy")];
}

function partsOf({ method, snapshots: areSnapshots }: Experiment): Parts {
  switch (method.kind) {
    case "flow-matching":
      if (areSnapshots) return { ...NETWORK, losses: ["snapshots_loss"] };
      return { ...NETWORK, losses: ["flow_matching_loss"], ...(isSmoothInRoot(method) && { carried: ROOT }) };
    case "reflow":
      return { ...NETWORK, losses: ["reflow_loss"], rounds: ["reflow_prepare", "none_finished"] };
    case "mean-flow":
    case "shortcut": {
      const losses = [`${method.kind.replace("-", "_")}_loss`, "jumps_loss"];
      const [weights, velocity, generate] = ["jumping_new_weights", "jumping_velocity", "jumping_generate"];
      return { ...NETWORK, weights, velocity, generate, losses };
    }
    case "stochastic-interpolant":
      return {
        ...NETWORK,
        weights: "interpolant_new_weights",
        velocity: "interpolant_velocity",
        losses: ["interpolant_loss"],
      };
    case "diffusion": {
      const losses =
        method.weighting === "likelihood" ? ["diffusion_loss", "likelihood_primitive"] : ["diffusion_loss"];
      return { ...NETWORK, velocity: "diffusion_velocity", losses, carried: ROOT };
    }
    case "normalizing-flow":
      return { ...NETWORK, losses: [`normalizing_flow${reverseOf(method)}_loss`, ...LIKELIHOOD] };
    case "coupling-flow":
      return {
        ...NETWORK,
        base: [network, coupling, method.maps === "spline" ? spline : affine],
        weights: null,
        velocity: null,
        generate: "coupling_generate",
        losses: [`coupling_flow${reverseOf(method)}_loss`],
        carried: ["blocks_stretches", "blocks_carry_within"],
      };
    case "ot-flow":
      return {
        ...NETWORK,
        base: [potential],
        weights: null,
        velocity: null,
        losses: ["ot_flow_loss", "velocity_and_trace"],
      };
    case "jko-flow":
      return {
        ...NETWORK,
        velocity: "jko_velocity",
        losses: ["jko_flow_loss", ...LIKELIHOOD],
        rounds: ["jko_prepare", "jko_finished"],
        carried: ["blocks_stretches", "blocks_carry_within"],
      };
    case "closed-form":
      throw new Error("an exact field has no Python");
  }
}

/** With the experiment's own network. A U-Net's weights have a place for all that it is told, in every block. */
function withNetwork(parts: Parts, { network: { kind }, method }: Experiment): Parts {
  if (!isUNet(kind)) return parts;
  const weights = method.kind === "stochastic-interpolant" ? parts.weights : "network_new_weights";
  return { ...parts, base: [unet], weights };
}

function isUNet(kind: Experiment["network"]["kind"]): boolean {
  return kind === "u-net";
}

export function pytorchFile(exported: Exported): string {
  const { experiment } = exported;
  const parts = withNetwork(partsOf(experiment), experiment);
  return `${[
    head(exported),
    constants(exported),
    ...ends(exported),
    ...pathParts(experiment),
    ...withCondition(exported, [
      ...parts.base.map((file) => file.trim()),
      ...(parts.weights === null ? [] : [pick(fields, parts.weights, "new_weights")]),
      ...(parts.velocity === null ? [] : [pick(fields, parts.velocity, "velocity")]),
    ]),
    ...(experiment.method.kind === "jko-flow" ? [pick(fields, "num_blocks")] : []),
    ...energyOf(experiment),
    ...parts.losses.map((name, i) => pick(losses, name, i === 0 ? "loss" : name)),
    ...timesOf(experiment.method),
    solver.trim(),
    pick(fields, parts.generate, "generate"),
    pick(stretches, parts.carried[0], "stretches"),
    pick(stretches, parts.carried[1], "carry_within"),
    pick(rounds, parts.rounds[0], "prepare"),
    pick(rounds, parts.rounds[1], "finished"),
    training.trim(),
    main.trim(),
  ].join("\n\n\n")}\n`;
}

/** A network that is told a condition, and what asks it: around those that know of none. */
function withCondition({ classes, numbers, experiment }: Exported, parts: readonly string[]): string[] {
  if (classes.length + numbers.length === 0) return [...parts];
  const hasPlace = isUNet(experiment.network.kind);
  const names = hasPlace ? "network|velocity" : "network|new_weights|velocity";
  const bare = parts.map((part) => part.replace(new RegExp(`(?<=^|\\n)def (${names})\\(`, "g"), "def bare_$1("));
  if (numbers.length > 0) {
    const told = pick(conditions, "told_new_weights", "new_weights");
    const rows = told.replaceAll("CLASSES", "NUMBERS").replace("each class", "each number");
    const asked = pick(conditions, "observing_velocity", "velocity");
    return [...bare, pick(conditions, "observing_network", "network"), ...(hasPlace ? [] : [rows]), asked];
  }
  const told = [
    pick(conditions, "network"),
    ...(hasPlace ? [] : [pick(conditions, "told_new_weights", "new_weights")]),
    pick(conditions, "guided_velocity", "velocity"),
  ];
  return [...bare, ...told];
}

/** A function of a file, under another name where one is given. */
export function pick(file: string, name: string, as = name): string {
  const found = file.split(/\n\n\n(?=def )/).find((one) => one.startsWith(`def ${name}(`));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.trim().replace(`def ${name}(`, `def ${as}(`);
}

const ALL_ROWS = `
data.npy holds all rows of the file that was opened. The weights beside it were trained on those that the playground did not
hold out to measure with; --train learns from every one, and leaves none to measure on.
`;

const OF_NOISE =
  "Time runs from data at t = 0 to noise at t = 1: dx/dt = f(x, t), and samples are carried from 1 to 0.";
/** Which of them `main` writes, and how any other is had. */
const OF_SNAPSHOTS = `Time runs from the first snapshot, P, at t = 0 to the last, Q, at t = 1: dx/dt = f(x, t), and CLOCK says when each is passed.
samples.csv holds points of the last, carried back to the first. SNAPSHOTS[k] are those of snapshot k, and in a notebook
own_units(carry(load(), SNAPSHOTS[k], CLOCK[k], CLOCK[k + 1])) predicts the next from it, seen in training or not.`;

const ALONE = `
Grown out of it? One process is one run: start several seeds under any launcher (torchrun, a cluster's queue), each in a folder
of its own.`;
const DISTRIBUTED = `
Grown out of it? distributed.py beside it trains this network, or a wider one, on as many GPUs and machines as there are, and on
pictures of one's own.`;

function head({ name, link, sampledBy, experiment }: Exported): string {
  const { data, solver } = experiment;
  const rows = data.kind === "points" || data.kind === "pictures" ? ALL_ROWS : "";
  const from = link === null ? "" : `\nMade on ${link}\n`;
  const by = `The page drew its samples by ${sampledBy}; this file solves the flow's ODE instead, by ${solver.kind} × ${solver.steps}.`;
  const other = sampledBy === null ? "" : `\n${by}\n`;
  return `"""${name}: an experiment of ${MADE_BY}, in PyTorch.
${from}${other}
    pip install torch numpy scipy safetensors
    python ${name}.py                     # samples with the weights beside it, into samples.csv
    python ${name}.py --train             # trains anew and writes the weights
    python ${name}.py --train --device cuda

${experiment.snapshots ? OF_SNAPSHOTS : OF_NOISE}
With the weights beside it f is the playground's to rounding. Training draws its own random numbers: the same experiment, not
the same bits.
${rows}${isDistributed(experiment) ? DISTRIBUTED : ALONE} The playground's native runner takes experiment.json as it is, on the CPU or a graphics card:
    cargo run --release --example run --features gpu -- experiment.json
"""

import argparse
import csv
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file`;
}

const JUMPING: readonly MethodConfig["kind"][] = ["mean-flow", "shortcut"];

function jumpsArgument({ experiment: { method }, jumps }: Exported): string {
  if (!JUMPING.includes(method.kind)) return "";
  return `\nparser.add_argument("--jumps", type=int, default=${jumps}, help="learned jumps to a sample; 0 solves the ODE")`;
}

function askedArguments({ classes, numbers, asked }: Exported): string {
  if (classes.length + numbers.length === 0) return "";
  const given = asked === null ? "None" : JSON.stringify("class" in asked ? asked.class : asked.numbers);
  const what =
    numbers.length > 0
      ? `type=float, nargs=${numbers.length}, default=${given}, help="the numbers that are observed; none without")`
      : `type=int, default=${given}, help="the number of the class to sample; none without")`;
  return `
parser.add_argument("--asked", ${what}
parser.add_argument("--guidance", type=float, default=${asked?.guidance ?? 1}, help="the weight w of guidance, 1 for none")`;
}

/** Whose networks are told no time, whatever the experiment says of it, as in the engine. */
const AUTONOMOUS: readonly MethodConfig["kind"][] = ["coupling-flow", "jko-flow"];

function toldOf({ method, network }: Experiment): Experiment["network"] {
  return AUTONOMOUS.includes(method.kind) ? { ...network, conditioning: "none" } : network;
}

function constants(exported: Exported): string {
  const { experiment, name, columns, center, scale } = exported;
  const { budget, method } = experiment;
  const evaluations = budget.networkEvaluations ?? Number.POSITIVE_INFINITY;
  const steps = Math.max(1, Math.min(budget.steps, Math.floor(evaluations / passesPerStep(method, columns.length))));
  const json = JSON.stringify({ ...experiment, network: toldOf(experiment), budget: { ...budget, steps } }, null, 2);
  const kinds = new Set<SolverKind>([experiment.solver.kind, "rk4", "rk4-38"]);
  const tableaus = [...kinds].map((kind) => `    "${kind}": (${TABLEAUS[kind]}),`).join("\n");
  const isStandardized = ["points", "digit-codes"].includes(experiment.data.kind);
  const values = (numbers: readonly number[]) => `np.array(${JSON.stringify([...numbers])})`;
  return `EXPERIMENT = json.loads(
    r"""
${json}
"""
)
METHOD, NETWORK, OPTIMIZER = EXPERIMENT["method"], EXPERIMENT["network"], EXPERIMENT["optimizer"]
SOLVER, BUDGET = EXPERIMENT["solver"], EXPERIMENT["budget"]
ROUNDS = ${numRoundsOf(experiment.method)}
DIM = ${columns.length}${toldConstants(exported)}
COLUMNS = ${JSON.stringify(columns)}
# Explicit Runge-Kutta methods: the rows of their stages, and the weights of these.
TABLEAUS = {
${tableaus}
}

# A notebook's cell has no file, and arguments that are its own.
IS_SCRIPT = __name__ == "__main__" and "__file__" in globals()
HERE = Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()
WEIGHTS = HERE / "weights.safetensors"
parser = argparse.ArgumentParser(description="${name}")
parser.add_argument("--train", action="store_true", help="train anew")
parser.add_argument("--samples", type=int, default=2000)
parser.add_argument("--device", default="cpu")${jumpsArgument(exported)}${askedArguments(exported)}
ARGUMENTS = parser.parse_args(None if IS_SCRIPT else [])
DEVICE = torch.device(ARGUMENTS.device)
# The data's own units: own = model * SCALE + CENTER.
CENTER, SCALE = ${isStandardized ? `${values(center)}, ${values(scale)}` : "0.0, 1.0"}`;
}

function toldConstants({ classes, numbers }: Exported): string {
  if (numbers.length > 0) {
    const known = numbers.map(({ name, mean, deviation }) => [name, mean, deviation]);
    return `
# The name, the mean and the standard deviation of each number that is observed.
NUMBERS = ${JSON.stringify(known)}
# The columns of each point of a batch, and what of them the network is told: a row for each, or one for all.
LABELS, TOLD = [None], [None]`;
  }
  if (classes.length === 0) return "";
  return `
CLASSES = ${JSON.stringify(classes)}
# The class of each point of a batch, and which of them the network is told: a number for each, or one for all; the last is none.
LABELS, TOLD = [None], [len(CLASSES)]`;
}

/** Network passes of a training step over its batch, as the engine counts them. */
export function passesPerStep(method: MethodConfig, dim: number): number {
  switch (method.kind) {
    case "normalizing-flow":
      return 8 * method.trainingSteps * (1 + (method.divergence === "exact" ? dim : 1));
    case "coupling-flow":
      return 2 * method.layers;
    case "ot-flow":
      return 8 * method.trainingSteps * (1 + dim);
    case "jko-flow":
      return 8 * method.substeps * (1 + (method.divergence === "exact" ? dim : 1));
    case "stochastic-interpolant":
      return 4;
    case "mean-flow":
    case "shortcut":
      return 2 + Math.ceil(2 * method.jumps);
    default:
      return 2;
  }
}

function numRoundsOf(method: MethodConfig): number {
  if (method.kind === "reflow") return 1 + method.rounds + (method.distill > 0 ? 1 : 0);
  return method.kind === "jko-flow" ? method.blocks : 1;
}

const LABELLED = `${pick(conditions, "labelled_points_from_file")}


sample_data = labelled_points_from_file("data.npy", "labels.npy")`;

const OBSERVED = `${pick(conditions, "told_of")}


${pick(conditions, "observed_points_from_file")}


sample_data = observed_points_from_file("data.npy", "numbers.npy")`;

/** How points of P and of Q are drawn, in the model's units. */
function ends({ experiment, classes, numbers, clock }: Exported): string[] {
  if (clock) return [snapshots.trim().replace("CLOCK = []", `CLOCK = ${JSON.stringify(clock)}`)];
  const kinds = [
    ["data", experiment.data.kind],
    ["noise", experiment.noise.kind],
  ] as const;
  const drawn = kinds.map(([end, kind]) => {
    const known = DRAWN[kind];
    if (end === "data" && classes.length > 0) return LABELLED;
    if (end === "data" && numbers.length > 0) return OBSERVED;
    if (known !== undefined) return pick(data, known, `sample_${end}`);
    return `sample_${end} = points_from_file("${end}.npy")`;
  });
  const reads = drawn.some((one) => one.includes("= points_from_file("));
  return [...(reads ? [pick(data, "points_from_file")] : []), ...drawn];
}

/** The path between both ends, and how they are paired. */
function pathParts({ method, condition }: Experiment): string[] {
  const times = pick(paths, "draw_times");
  const along = (path: string) => {
    const earliest = path === "variance-preserving" ? "1e-3" : "0.0";
    const schedule = pick(paths, `${path.replaceAll("-", "_")}_schedule`, "schedule");
    return [`EARLIEST = ${earliest}`, schedule, pick(paths, "coefficients"), times];
  };
  switch (method.kind) {
    case "flow-matching":
    case "stochastic-interpolant":
      return [...along(method.path), ...couplingOf(method.coupling, pairOf(condition))];
    case "diffusion":
      return along("variance-preserving");
    case "reflow":
    case "mean-flow":
    case "shortcut":
      return [times];
    default:
      return [];
  }
}

/** Which times a loss draws, and what its mean over them is multiplied by. */
function timesOf(method: MethodConfig): string[] {
  if (method.kind !== "flow-matching" && method.kind !== "diffusion") return [];
  const name = method.weighting.replaceAll("-", "_");
  const scale = name === "likelihood" ? "likelihood_scale" : "uniform_scale";
  const times = pick(losses, `${name}_times`, "loss_times");
  return method.kind === "diffusion" ? [times, pick(losses, scale, "loss_scale")] : [times];
}

/** What keeps pairs to a condition; null where nothing does. */
function pairOf(condition: Experiment["condition"]): "within_pair" | "near_pair" | null {
  if (!condition || condition.pairs === "across") return null;
  return condition.kind === "numbers" ? "near_pair" : "within_pair";
}

function couplingOf(
  coupling: Extract<MethodConfig, { kind: "flow-matching" }>["coupling"],
  within: "within_pair" | "near_pair" | null,
): string[] {
  const name = typeof coupling === "string" ? coupling.replaceAll("-", "_") : "sinkhorn";
  if (within === null) return [pick(couplings, `${name}_pair`, "pair")];
  return [pick(couplings, `${name}_pair`, "bare_pair"), pick(conditions, within, "pair")];
}
