// An experiment that was taken away, opened alone: the page that runs it. The engine completes what an experiment leaves out, and
// so says what a panel has to be set to.
import { messageOf } from "../engine/error";
import type { Experiment, ExperimentInput } from "../experiment/experiment";
import { METHOD_IDS, type MethodId, methodOf } from "../experiment/methods";
import { type Options, optionsOf, takes, valueAt } from "../experiment/options";
import {
  type BudgetChoice,
  DEFAULT_SETUP,
  DEPTHS,
  experimentFor,
  OFFERED_DATA,
  OFFERED_NOISE,
  type PanelChoice,
  type Setup,
  SIDES,
  usualBudget,
  WIDTHS,
} from "../experiment/presets";
import { FileError } from "../experiment/table";
import { msg } from "../language";
import { defaultShared, type Shared } from "../state/shared";

/** Completes an experiment; rejects with a sentence. */
type Check = (experiment: ExperimentInput) => Promise<Experiment>;

interface Candidate {
  choice: PanelChoice;
  setup: Setup;
  /** what the page can't be set to, by its place in the experiment */
  left: readonly string[];
}

export interface OpenedExperiment {
  shared: Shared;
  /** what of it the page can't be set to, in one sentence; null where it is all there */
  note: string | null;
}

/** Null where it is none. */
export function experimentIn(bytes: Uint8Array): ExperimentInput | null {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes)) as { method?: { kind?: unknown } };
    return typeof json?.method?.kind === "string" ? (json as ExperimentInput) : null;
  } catch {
    return null;
  }
}

export async function openedExperiment(input: ExperimentInput, check: Check): Promise<OpenedExperiment> {
  const asked = await check(input).catch((error) => {
    throw new FileError(msg(`This experiment can't be opened: ${messageOf(error)}`));
  });
  if (!isOffered(asked.data.kind, OFFERED_DATA) || !isOffered(asked.noise.kind, OFFERED_NOISE)) {
    throw new FileError(
      msg("This experiment is of points of one's own, which it does not have in it. “Save” keeps both in one file."),
    );
  }
  const ids = METHOD_IDS.filter((id) => methodOf(id).experiment.method.kind === asked.method.kind);
  // Some of a kind may not be for these data, as snapshots are not for rings.
  const tried = await Promise.allSettled(ids.map((id) => setTo(id, asked, check)));
  const all = tried.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const [best] = all.sort((one, other) => costOf(one) - costOf(other));
  if (best === undefined) throw (tried[0] as PromiseRejectedResult).reason;
  const { choice, setup, left } = best;
  return {
    shared: { ...defaultShared(), setup, panels: [{ ...choice, step: 0, bits: null }] },
    note:
      left.length === 0
        ? null
        : msg(`The page has no setting for all of this experiment, so these are as usual: ${left.join(", ")}.`),
  };
}

function isOffered<Kind extends string>(kind: string, offered: readonly Kind[]): kind is Kind {
  return (offered as readonly string[]).includes(kind);
}

/** What is missing counts more than what has to be set. */
function costOf({ choice, left }: Candidate): number {
  return 1000 * left.length + Object.keys(choice.options).length;
}

/** A panel of the method, set to what was asked for as far as that can be. */
async function setTo(method: MethodId, asked: Experiment, check: Check): Promise<Candidate> {
  const plain: PanelChoice = { method, own: {}, options: {} };
  const setup = setupOf(plain, asked);
  const usual = await check(experimentFor(plain, setup));
  const others = optionsOf(asked.method.kind).flatMap((option) => {
    const value = valueAt(asked, option);
    return value === null || value === valueAt(usual, option) || !takes(option, value) ? [] : [[option.place, value]];
  });
  const choice: PanelChoice = { ...plain, options: Object.fromEntries(others) as Options };
  const whole = { ...setup, budget: budgetOf(choice, asked) };
  const found = await check(experimentFor(choice, whole));
  return { choice, setup: whole, left: placesOfDifference(found, asked) };
}

function setupOf(choice: PanelChoice, asked: Experiment): Setup {
  const { seed, data, noise, network, solver } = asked;
  const oneOf = <T>(value: unknown, offered: readonly T[], usual: T): T =>
    offered.find((one) => one === value) ?? usual;
  const side = Math.sqrt(data.dim ?? 0);
  return {
    ...DEFAULT_SETUP,
    seed,
    data: oneOf(data.kind, OFFERED_DATA, "moons"),
    noise: oneOf(noise.kind, OFFERED_NOISE, "gaussian"),
    width: oneOf(network.width, WIDTHS, DEFAULT_SETUP.width),
    depth: oneOf(network.depth, DEPTHS, DEFAULT_SETUP.depth),
    network: network.kind === "u-net" ? "u-net" : DEFAULT_SETUP.network,
    side: oneOf(side, SIDES, DEFAULT_SETUP.side),
    temperature: data.temperature ?? DEFAULT_SETUP.temperature,
    draws: data.chain === undefined ? DEFAULT_SETUP.draws : "chain",
    solver: solver.kind,
    solverSteps: solver.steps,
    budget: budgetOf(choice, asked),
  };
}

function budgetOf(choice: PanelChoice, { budget, network }: Experiment): BudgetChoice {
  const { steps, seconds, networkEvaluations } = budget;
  if (seconds !== undefined) return { kind: "seconds", limit: seconds };
  if (networkEvaluations !== undefined) return { kind: "networkEvaluations", limit: networkEvaluations };
  return steps === usualBudget(choice, network.kind === "u-net").steps
    ? { kind: "usual" }
    : { kind: "steps", limit: steps };
}

/** "network.activation": of what is drawn by, which trains nothing, none. */
function placesOfDifference(one: Experiment, other: Experiment): string[] {
  const parts = Object.keys({ ...one, ...other }) as (keyof Experiment)[];
  return parts.filter((part) => part !== "solver").flatMap((part) => differing(part, one[part], other[part]));
}

function differing(place: string, one: unknown, other: unknown): string[] {
  if (!isObject(one) || !isObject(other)) return JSON.stringify(one) === JSON.stringify(other) ? [] : [place];
  return Object.keys({ ...one, ...other }).flatMap((key) => differing(`${place}.${key}`, one[key], other[key]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
