// What a figure on paper says below it: everything that is needed to make it again.
import { between, withError } from "../evidence/numbers";
import { askedName, askedOf } from "../experiment/conditions";
import { whyNoDensity } from "../experiment/methods";
import { drawnBy } from "../experiment/samplers";
import { titleOf } from "../state/panel";
import type { PanelState, State } from "../state/state";

/** One paragraph: what, of what, with which seed, trained how far, and how good it is. */
export function figureCaption(panel: PanelState, { setup, user, view }: State): string {
  const own = { ...setup, ...panel.own };
  const sentences = [
    `${titleOf(panel)}: data ${dataName(own, user)}, noise ${own.noise}, seed ${own.seed}.`,
    trainingOf(panel),
    `${view.particles.toLocaleString("en-US")} samples by ${drawnBy(panel, own)}${askedName(askedOf(panel, setup, panel.classes.length), panel.classes)}.`,
    qualityOf(panel, own.data),
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
  const { width, depth } = experiment.network;
  const network = `A network of ${depth} × ${width}`;
  if (origin === "pretrained") return `${network}, trained beforehand.`;
  if (origin === "loaded" && step === 0) return `${network}, its weights from a file.`;
  if (step === 0) return `${network}, untrained.`;
  return `${network}, after ${step.toLocaleString("en-US")} training steps (${seconds.toFixed(1)} s).`;
}

/** What the table on the page would say, and no more: paper has no second look. */
function qualityOf({ measured, method, step }: PanelState, data: State["setup"]["data"]): string {
  if (measured === null) return "";
  const { nll, nllStandardError, kl, klStandardError, slicedW2, slicedW2StandardError, n, likelihoodN } = measured;
  const hasLikelihood = measured.converged && whyNoDensity(method, data) === undefined;
  const likelihoods = hasLikelihood
    ? [...written("NLL", nll, nllStandardError, " nats"), ...written("KL", kl, klStandardError, " nats")]
    : [];
  const distances = written("sliced W₂²", slicedW2, slicedW2StandardError, "");
  const numbers = [...on(likelihoods, likelihoodN), ...on(distances, n)];
  if (numbers.length === 0) return "";
  const points = measured.heldOut ? "held-out points" : "points that it was trained on";
  const at = measured.step === step ? "" : `, measured at step ${measured.step.toLocaleString("en-US")}`;
  return `${numbers.join("; ")} ${points}${at}.`;
}

function written(name: string, value: number | null, error: number | null, unit: string): string[] {
  if (value === null) return [];
  const { text, spread } = withError(value, error);
  return [`${name} ${text}${spread === "" ? "" : ` ${spread}`}${unit}`];
}

function on(numbers: readonly string[], n: number): string[] {
  return numbers.length === 0 ? [] : [`${numbers.join(", ")} on ${between([n])}`];
}
