// What a figure on paper says below it: everything that is needed to make it again.
import { floorText } from "../evidence/columns";
import { between, inNats, percent, short, withError } from "../evidence/numbers";
import { hasLikelihood } from "../evidence/standing";
import { askedOf } from "../experiment/conditions";
import { energyName } from "../experiment/energies";
import { askedName } from "../experiment/names";
import { drawnBy } from "../experiment/samplers";
import { titleOf } from "../state/panel";
import type { Measured, PanelState, State } from "../state/state";

/** One paragraph: what, of what, with which seed, trained how far, and how good it is. */
export function figureCaption(panel: PanelState, { setup, user, view }: State): string {
  const own = { ...setup, ...panel.own };
  const sentences = [
    `${titleOf(panel)}: data ${dataName(own, user)}${own.data === "points" ? "" : energyName(own.data, own)}, noise ${own.noise}, seed ${own.seed}.`,
    trainingOf(panel),
    `${view.particles.toLocaleString("en-US")} samples by ${drawnBy(panel, own)}${askedName(askedOf(panel, setup, panel), panel)}.`,
    qualityOf(panel, setup),
  ];
  return sentences.filter((one) => one !== "").join(" ");
}

/** A built-in's name, or that of the reader's file. */
export function dataName({ data }: Pick<State["setup"], "data">, user: State["user"]): string {
  return data === "points" ? (user?.name ?? data) : data;
}

function trainingOf({ experiment, origin, step, seconds }: PanelState): string {
  if (experiment === null) return "";
  if (experiment.method.kind === "closed-form") return "The exact field: nothing is trained.";
  const { kind, width, depth } = experiment.network;
  const network = kind === "u-net" ? `A U-Net of ${width} channels` : `A network of ${depth} × ${width}`;
  if (origin === "pretrained") return `${network}, trained beforehand.`;
  if (origin === "loaded" && step === 0) return `${network}, its weights from a file.`;
  if (step === 0) return `${network}, untrained.`;
  return `${network}, after ${step.toLocaleString("en-US")} training steps (${seconds.toFixed(1)} s).`;
}

/** What the table on the page would say, and no more: paper has no second look. */
function qualityOf(panel: PanelState, setup: State["setup"]): string {
  const { measured, step } = panel;
  if (measured === null) return "";
  const likelihoods = hasLikelihood(panel, setup) ? likelihoodsOf(measured) : [];
  const { slicedW2, slicedW2StandardError, nearestDistance, nearestDistanceHeldout, n, likelihoodN } = measured;
  const distances = [
    ...written("sliced W₂²", slicedW2, slicedW2StandardError, withError),
    ...beside(
      "nearest point at",
      nearestDistance,
      nearestDistanceHeldout && `held-out ${short(nearestDistanceHeldout)}`,
    ),
  ];
  const numbers = [...on(likelihoods, likelihoodN), ...on(distances, n), ...ofPictures(panel)];
  if (numbers.length === 0) return "";
  const points = measured.heldOut ? "held-out points" : "points that it was trained on";
  const at = measured.step === step ? "" : `, measured at step ${measured.step.toLocaleString("en-US")}`;
  return `${numbers.join("; ")} ${points}${at}.`;
}

function likelihoodsOf(measured: Measured): string[] {
  const { nll, nllStandardError, kl, klStandardError, bitsPerDim, bitsPerDimStandardError } = measured;
  return [
    ...written("NLL", nll, nllStandardError, inNats),
    ...written("KL", kl, klStandardError, inNats),
    ...written("bits/dim", bitsPerDim, bitsPerDimStandardError, withError),
  ];
}

/** Where their columns are on, and of the same weights. */
function ofPictures({ details, measured }: PanelState): string[] {
  if (details === null || details.step !== measured?.step) return [];
  const { frechet, frechetFloor, frechetFloorSpread, accuracy, n } = details;
  const floor = frechetFloor && `floor ${floorText(frechetFloor, frechetFloorSpread)}`;
  return on([...beside("FD", frechet, floor), ...(accuracy === null ? [] : [`accuracy ${percent(accuracy)}`])], n);
}

function beside(name: string, value: number | null, aside: string | number | null): string[] {
  return value === null ? [] : [`${name} ${short(value)}${aside ? ` (${aside})` : ""}`];
}

function written(name: string, value: number | null, error: number | null, by: typeof inNats): string[] {
  if (value === null) return [];
  const { text, spread } = by(value, error);
  return [`${name} ${text}${spread === "" ? "" : ` ${spread}`}${by === inNats ? " nats" : ""}`];
}

function on(numbers: readonly string[], n: number): string[] {
  return numbers.length === 0 ? [] : [`${numbers.join(", ")} on ${between([n])}`];
}
