// Which settings change anything of a panel's run. The others are not offered, and only these are kept for another method.
import { canBeTold, isConditioned } from "./conditions";
import { hasEnergy } from "./energies";
import type { DistributionKind, ExperimentInput } from "./experiment";
import { type MethodId, methodOf, whyNoDensity } from "./methods";
import { isConvolved, type NetworkKind, takesUNet } from "./networks";
import { LEFT_OUT_PLACE, type Option, type Options, optionsOf, takes, valueAt, withOptions } from "./options";
import type { Own, PanelChoice, Setup } from "./presets";
import { formulasOf, ownSolverOf, type SamplerSetup, samplerFor, samplersOf } from "./samplers";
import { isOfSnapshots } from "./snapshots";
import { type Angles, noiseOn, spaceOf } from "./spaces";

type MethodInput = NonNullable<ExperimentInput["method"]>;

const OWN_KEYS: readonly (keyof Own)[] = [
  "data",
  "temperature",
  "draws",
  "noise",
  "seed",
  "width",
  "depth",
  "network",
  "side",
  "budget",
];
/** They need the density of their noise, or end in it. */
const ENDS_IN_GAUSSIAN: readonly MethodInput["kind"][] = [
  "normalizing-flow",
  "coupling-flow",
  "ot-flow",
  "jko-flow",
  "diffusion",
];

/** What a panel of the method takes from the shared settings, or has of its own. */
export function ownKeysOf(
  id: MethodId,
  setup: { data: DistributionKind; network: NetworkKind },
): readonly (keyof Own)[] {
  const { method, network = {} } = methodOf(id).experiment;
  const { data } = setup;
  return OWN_KEYS.filter((key) => {
    if (key === "network") return takesUNet(id, data);
    // A U-Net has its own size.
    if (["width", "depth"].includes(key) && isConvolved(id, setup)) return false;
    if (key in network) return false;
    if (key === "side") return data === "drawn-digits";
    if (key === "temperature" || key === "draws") return hasEnergy(data);
    // Of snapshots in time the last stands in its place.
    if (key === "noise") return !ENDS_IN_GAUSSIAN.includes(method.kind) && !isOfSnapshots(id);
    // Nothing is trained: no network, and nothing to spend.
    return method.kind !== "closed-form" || !["width", "depth", "budget"].includes(key);
  });
}

/**
 * With another method and every setting that it has too, but for what tells the two apart, such as the path of “Flow matching,
 * cosine path”: that is what is chosen with the method.
 */
export function withMethod({ method: before, own, options, asks }: PanelChoice, method: MethodId): PanelChoice {
  const [old, chosen] = [methodOf(before).experiment, methodOf(method).experiment];
  const isKept = (option: Option) => {
    const tellsApart = option.place.startsWith("method.") && valueAt(old, option) !== valueAt(chosen, option);
    return takes(option, options[option.place]) && !tellsApart;
  };
  const kept = optionsOf(chosen.method.kind).filter(isKept);
  return {
    method,
    own: pick(own, ownKeysOf(method, { data: "drawn-digits", network: "perceptron" })),
    options: pick(
      options,
      kept.map(({ place }) => place),
    ),
    ...(asks && canBeTold(chosen.method.kind) && { asks }),
  };
}

function pick<T extends object>(from: T, keys: readonly (keyof T)[]): T {
  return Object.fromEntries(keys.filter((key) => key in from).map((key) => [key, from[key]])) as T;
}

/** The method's own options, as far as they matter beside what else is chosen of it. */
export function optionsFor(
  { method: id, options }: PanelChoice,
  data: DistributionKind,
  angles: Angles = "none",
): readonly Option[] {
  const { method: plain } = methodOf(id).experiment;
  const method = withOptions({ method: plain }, options).method ?? plain;
  return optionsOf(method.kind).filter(({ place }) => matters(place, method, { id, options, data, angles }));
}

/** Of what draws, what changes the samples of some panel. A student is drawn by its own solver, a coupling flow by none. */
export function samplerKeysOf(panels: readonly PanelChoice[], shared: Setup): readonly (keyof SamplerSetup)[] {
  const free = panels.filter((panel) => ownSolverOf(panel) === null && formulasOf(panel) === null);
  const setups = free.map((panel) => [panel, { ...shared, ...panel.own }] as const);
  const drawnBy = setups.map(([panel, setup]) => samplerFor(panel, setup).sampler);
  const applies: Record<keyof SamplerSetup, boolean> = {
    sampler: setups.some(([panel, setup]) => samplersOf(panel, noiseOn(setup)).length > 0),
    solver: drawnBy.includes(undefined),
    solverSteps: drawnBy.length > 0,
    epsilon: drawnBy.includes("euler-maruyama"),
    churn: drawnBy.includes("karras-heun"),
    grid: drawnBy.some((sampler) => sampler !== undefined && sampler !== "few-steps"),
  };
  return (Object.keys(applies) as (keyof SamplerSetup)[]).filter((key) => applies[key]);
}

function isCoupled(coupling: unknown): boolean {
  return coupling !== undefined && coupling !== "independent";
}

interface Beside {
  id: MethodId;
  options: Options;
  data: DistributionKind;
  angles: Angles;
}

function matters(place: string, method: MethodInput, { id, options, data, angles }: Beside): boolean {
  // Each must be met by straight pieces, on a space there are its own, and nothing is told beside the time.
  if ((isOfSnapshots(id) || spaceOf({ data, angles }) !== null) && /^(method\.path|condition)/.test(place))
    return false;
  switch (place) {
    case LEFT_OUT_PLACE:
      return isOfSnapshots(id);
    case "method.objective":
      return hasEnergy(data);
    case "condition.drop":
      return isConditioned({ options });
    case "condition.pairs":
      return isConditioned({ options }) && "coupling" in method && isCoupled(method.coupling);
    case "method.couplingBatch":
      return "coupling" in method && isCoupled(method.coupling);
    case "method.pairs":
      return method.kind === "reflow" && (method.rounds ?? 1) + (method.distill ?? 0) > 0;
    case "method.growth":
      return method.kind === "jko-flow" && (method.blocks ?? 1) > 1;
    case "method.points":
      return whyNoDensity(id, data) !== undefined;
    default:
      return true;
  }
}
