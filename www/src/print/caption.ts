// What a figure on paper says below it: everything that is needed to make it again.

import { floorText } from "../evidence/columns";
import { between, inNats, percent, short, withError } from "../evidence/numbers";
import { hasLikelihood } from "../evidence/standing";
import { askedOf } from "../experiment/conditions";
import { energyName } from "../experiment/energies";
import { askedName } from "../experiment/names";
import { kindSaid } from "../experiment/presets";
import { drawnSaid } from "../experiment/said";
import { drawnBy } from "../experiment/samplers";
import { isOfSnapshots } from "../experiment/snapshots";
import { noiseOn } from "../experiment/spaces";
import { msg, num } from "../language";
import { titleOf } from "../state/panel";
import type { Measured, PanelState, State } from "../state/state";

/** One paragraph: what, of what, with which seed, trained how far, and how good it is. */
export function figureCaption(panel: PanelState, { setup, user, view }: State): string {
  const own = { ...setup, ...panel.own };
  const data = `${dataName(own, user)}${own.data === "points" ? "" : energyName(own.data, own)}`;
  const drawn = drawnSaid(`${drawnBy(panel, own)}${askedName(askedOf(panel, setup, panel), panel)}`);
  const sentences = [
    isOfSnapshots(panel.method)
      ? msg(`${titleOf(panel)}: data ${data}, seed ${own.seed}.`)
      : msg(`${titleOf(panel)}: data ${data}, noise ${kindSaid(noiseOn(own))}, seed ${own.seed}.`),
    trainingOf(panel),
    msg(`${num(view.particles.toLocaleString("en-US"))} samples by ${drawn}.`),
    qualityOf(panel, setup),
  ];
  return sentences.filter((one) => one !== "").join(" ");
}

/** A built-in's name, or that of the reader's file. */
export function dataName({ data }: Pick<State["setup"], "data">, user: State["user"]): string {
  return data === "points" ? (user?.name ?? data) : kindSaid(data);
}

function trainingOf({ experiment, origin, step, seconds }: PanelState): string {
  if (experiment === null) return "";
  if (experiment.method.kind === "closed-form") return msg("The exact field: nothing is trained.");
  const { kind, width, depth } = experiment.network;
  const network = kind === "u-net" ? msg(`A U-Net of ${width} channels`) : msg(`A network of ${depth} × ${width}`);
  if (origin === "pretrained") return msg(`${network}, trained beforehand.`);
  if (origin === "loaded" && step === 0) return msg(`${network}, its weights from a file.`);
  if (step === 0) return msg(`${network}, untrained.`);
  const [steps, took] = [step.toLocaleString("en-US"), seconds.toFixed(1)].map((one) => num(one));
  return msg(`${network}, after ${steps} training steps (${took} s).`);
}

/** What the table on the page would say, and no more: paper has no second look. */
function qualityOf(panel: PanelState, setup: State["setup"]): string {
  const { measured, step } = panel;
  if (measured === null) return "";
  const likelihoods = hasLikelihood(panel, setup) ? likelihoodsOf(measured) : [];
  const { slicedW2, slicedW2StandardError, nearestDistance, nearestDistanceHeldout, n, likelihoodN } = measured;
  const distances = [
    ...written(msg("sliced W₂²"), slicedW2, slicedW2StandardError, withError),
    ...beside(
      msg("nearest point at"),
      nearestDistance,
      nearestDistanceHeldout && msg(`held-out ${short(nearestDistanceHeldout)}`),
    ),
  ];
  const numbers = [...on(likelihoods, likelihoodN), ...on(distances, n), ...ofPictures(panel)];
  if (numbers.length === 0) return "";
  const all = numbers.join("; ");
  const found = measured.heldOut ? msg(`${all} held-out points`) : msg(`${all} points that it was trained on`);
  if (measured.step === step) return `${found}.`;
  return msg(`${found}, measured at step ${num(measured.step.toLocaleString("en-US"))}.`);
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
  const floor = frechetFloor && msg(`floor ${floorText(frechetFloor, frechetFloorSpread)}`);
  return on([...beside("FD", frechet, floor), ...(accuracy === null ? [] : [msg(`accuracy ${percent(accuracy)}`)])], n);
}

function beside(name: string, value: number | null, aside: string | number | null): string[] {
  return value === null ? [] : [`${name} ${short(value)}${aside ? ` (${aside})` : ""}`];
}

function written(name: string, value: number | null, error: number | null, by: typeof inNats): string[] {
  if (value === null) return [];
  const { text, spread } = by(value, error);
  return [`${name} ${text}${spread === "" ? "" : ` ${spread}`}${by === inNats ? msg(" nats") : ""}`];
}

function on(numbers: readonly string[], n: number): string[] {
  return numbers.length === 0 ? [] : [msg(`${numbers.join(msg(", ", "between decimals"))} on ${between([n])}`)];
}
