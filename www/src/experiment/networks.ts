// The velocity networks that can be chosen, and for what.
import { msg } from "../language";
import type { DistributionKind, Experiment, ExperimentInput, MethodConfig } from "./experiment";
import { type MethodId, methodOf } from "./methods";
import { arePixels, PICTURE_DATA, SMALLEST_SIDE, shapeOf } from "./pictures";

/** What a velocity network can be: of pictures, or of any points. */
export const NETWORK_KINDS = ["perceptron", "u-net"] as const;
export type NetworkKind = (typeof NETWORK_KINDS)[number];
export const NETWORK_TITLES: Record<NetworkKind, string> = { perceptron: "perceptron", "u-net": "U-Net" };
const NO_UNET: readonly MethodConfig["kind"][] = ["coupling-flow", "ot-flow", "jko-flow", "closed-form"];
/** Training steps, with which drawn digits are legible. */
export const STEPS_OF_UNET = 1500;
/** A reflow's own pairs: as many as points of few coordinates have would take longer to make than all training. */
const PAIRS_OF_UNET = { pairs: 1000, pairSteps: 8 } as const;
/**
 * The weights of the paper (Geng 2025, section 4.3): the targets of long jumps are so noisy in many coordinates that without them
 * no digit is legible after as long a training.
 */
const WEIGHTS_OF_UNET = { adaptive: 1 } as const;

/** A method as it learns pictures by a U-Net. */
export function ofPictures(method: NonNullable<ExperimentInput["method"]>): typeof method {
  if (method.kind === "reflow") return { ...method, ...PAIRS_OF_UNET };
  return method.kind === "mean-flow" ? { ...method, ...WEIGHTS_OF_UNET } : method;
}

/** What a reader's own points are: pictures, where a U-Net can halve their sides. */
export function kindOfOwn(user: { columns: readonly string[] } | null): "points" | "pictures" {
  if (user === null || !arePixels(user.columns)) return "points";
  const { side } = shapeOf(user.columns.length) ?? { side: 0 };
  return side % (side > SMALLEST_SIDE ? 4 : 2) === 0 ? "pictures" : "points";
}

/** Settings, with what a reader's own points are. */
export function seenAs<T extends { data: DistributionKind }>(setup: T, user: Parameters<typeof kindOfOwn>[0]): T {
  return setup.data === "points" ? { ...setup, data: kindOfOwn(user) } : setup;
}

/** Whether the method's network can be a U-Net on such data. */
export function takesUNet(id: MethodId, data: DistributionKind): boolean {
  return PICTURE_DATA.includes(data) && !NO_UNET.includes(methodOf(id).experiment.method.kind);
}

/** Whether it is one. */
export function isConvolved(
  id: MethodId,
  { data, network }: { data: DistributionKind; network: NetworkKind },
): boolean {
  return network === "u-net" && takesUNet(id, data);
}

type WithNetwork = Pick<Experiment, "network">;

/** Whether samples take so long that fewer are drawn, and measured: a convolutional network takes a hundred times as long for each. */
export function isCostly({ network }: WithNetwork): boolean {
  return network.kind === "u-net";
}

const MOST_PICTURES = 64;

/** Whether a training step solves an ODE of pictures forth and back, as a likelihood takes it: hours, in all. */
export function isHeavy({ network, method }: Pick<Experiment, "network" | "method">): boolean {
  return network.kind === "u-net" && method.kind === "normalizing-flow";
}

/** As many as are asked for, of pictures as many as can be told apart. */
export function numShown(experiment: WithNetwork, particles: number): number {
  return isCostly(experiment) ? Math.min(particles, MOST_PICTURES) : particles;
}

/** Why the page computes no log-density on its own, as the engine says it or because nobody would wait for it; undefined where it does. */
export function whyNoLikelihood({
  whyNoDensity,
  experiment,
}: {
  whyNoDensity: string | null;
  experiment: Experiment;
}): string | undefined {
  if (whyNoDensity !== null) return whyNoDensity;
  return isCostly(experiment) ? OF_UNET : undefined;
}

const OF_UNET = msg("A U-Net's likelihood takes thousands of passes: it is measured when it is asked for.");
