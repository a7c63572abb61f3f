// What is printed of a playground in the place of its controls: each panel at five times, or in one picture that has them all,
// what it says, and the way back to it.
import { msg, num } from "../language";
import { MADE_BY } from "../made-by";
import { endsOf, endsSaid } from "../stage/ends";
import { readPalette } from "../stage/palette";
import type { Scene } from "../stage/scene";
import { stripFigure } from "../stage/strip";
import { svgFromScene } from "../stage/svg";
import { titleOf } from "../state/panel";
import type { PanelState, Slot, State } from "../state/state";
import { dataName, figureCaption } from "./caption";
import { codeOf } from "./code";

const TIMES = [0, 0.25, 0.5, 0.75, 1];
/** Below the width at which a stage shows all times beside each other: here each has its own picture. */
const SQUARE_PX = 240;
/** Where x is seen against t. */
const LINE_PX = 640;

/** `host` is where it is to be put: its colors are used, in light. */
export function handoutOf(
  host: HTMLElement,
  state: State,
  scene: (slot: Slot) => Scene | null,
  link: string | null,
): HTMLElement {
  const handout = element("section", "handout");
  // Ink on white, whatever the screen has.
  const probe = element("div", "playground");
  probe.dataset.theme = "light";
  host.append(probe);
  const palette = readPalette(probe);
  probe.remove();
  // Alone on its sheet, it says where it is from.
  if (state.site === null) handout.append(titleOfSheet(state));
  for (const panel of state.panels) {
    const shown = scene(panel.slot);
    if (shown !== null) handout.append(figureOf(panel, state, { ...shown, palette }));
  }
  handout.append(wayBack(link));
  return handout;
}

function titleOfSheet({ panels, setup, user }: State): HTMLElement {
  const title = element("h1");
  title.textContent = `${panels.map(titleOf).join(" · ")}: ${dataName(setup, user)}`;
  return title;
}

function figureOf(panel: PanelState, state: State, scene: Scene): HTMLElement {
  const figure = element("figure", "multiples");
  const heading = element("h3");
  heading.textContent = titleOf(panel);
  const isLine = scene.dim === 1;
  const row = element("div", "row");
  row.classList.toggle("line", isLine);
  row.append(...(isLine ? [multiple(scene, 0, LINE_PX)] : TIMES.map((t) => multiple(scene, t, SQUARE_PX))));
  const { strips, learned } = panel.picture;
  const beside = element("div", "strips");
  beside.append(...[...(strips ?? []), ...(learned ?? [])].map((strip) => stripFigure(strip, scene.palette)));
  const caption = element("figcaption");
  caption.textContent = figureCaption(panel, state);
  figure.append(heading, row, caption, beside);
  return figure;
}

function multiple(scene: Scene, t: number, width: number): HTMLElement {
  const cell = element("div");
  const text = svgFromScene({ ...scene, t }, width);
  const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
  documentElement.removeAttribute("width");
  documentElement.removeAttribute("height");
  const label = element("p");
  if (scene.dim === 1) label.textContent = msg("x against t, with samples at t = 0");
  else label.textContent = [`t = ${num(String(t))}`, endAt(t, scene)].filter((one) => one !== "").join(", ");
  cell.append(document.importNode(documentElement, true), label);
  return cell;
}

function endAt(t: number, { picture }: Scene): string {
  const [first, last] = endsSaid(endsOf([picture.times != null])).short;
  return t === 0 ? first : t === 1 ? last : "";
}

function wayBack(link: string | null): HTMLElement {
  const back = element("div", "way-back");
  const code = link === null ? null : codeOf(link);
  const words = element("p");
  const way =
    link === null
      ? msg("Its points are too many for a link: keep the file beside this page.")
      : code === null
        ? msg("Its link is too long for a code; Copy link has it.")
        : msg("Live, with everything to try:");
  words.textContent = `${MADE_BY}. ${way}`;
  back.append(...(code === null ? [] : [code]), words);
  if (link !== null && code !== null) {
    const address = Object.assign(document.createElement("a"), { href: link, textContent: link });
    words.append(document.createElement("br"), address);
  }
  return back;
}

function element(name: string, className = ""): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  return made;
}
