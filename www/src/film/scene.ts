// A film's panels as the stage draws them, and what is said of each in a line.
import { msg, num } from "../language";
import { LAYER_NAMES, type LayerSwitches } from "../stage/layers";
import type { Palette } from "../stage/marks";
import type { Scene } from "../stage/scene";
import type { FilmPanel, RecordedFilm } from "./format";

export function sceneOf(
  { view }: RecordedFilm,
  { picture, dim, center, scale }: FilmPanel,
  palette: Palette,
  t: number,
): Scene {
  const layers = Object.fromEntries(LAYER_NAMES.map((name) => [name, view.layers.includes(name)])) as LayerSwitches;
  const options = { trajectoryColor: view.trajectoryColor };
  return { picture, dim, center, scale, camera: view.camera, layers, options, palette, t };
}

const LETTERS = "ABCD";

/** "A Flow matching"; without its letter where it is alone. */
export function panelName({ panels }: RecordedFilm, i: number): string {
  const title = panels[i]?.title ?? "";
  return panels.length === 1 ? title : `${LETTERS[i]} ${title}`;
}

/** "8,000 training steps · NLL 2.43 ± 0.04 · NFE 40" */
export function captionOf({ step, numbers }: FilmPanel): string {
  const { nll, nllError, nfe } = numbers;
  const trained = step === null ? "" : stepsText(step);
  const likelihood =
    nll === null ? "" : `NLL ${num(nll.toFixed(2))}${nllError === null ? "" : ` ± ${num(nllError.toFixed(2))}`}`;
  const evaluations = nfe === null ? "" : `NFE ${nfe}`;
  return [trained, likelihood, evaluations].filter((part) => part !== "").join(" · ");
}

function stepsText(step: number): string {
  return step === 1 ? msg("1 training step") : msg(`${num(step.toLocaleString("en-US"))} training steps`);
}
