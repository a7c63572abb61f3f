// The picture of a link: a title, a sentence, and the stages of a recorded film. Loaded through Vite: it draws as the page does.
import type { RecordedFilm } from "../../src/film/format.ts";
import { captionOf, panelName, sceneOf } from "../../src/film/scene.ts";
import { escaped } from "../../src/markup.ts";
import type { Palette } from "../../src/stage/marks.ts";
import { paletteFrom } from "../../src/stage/palette.ts";
import { heightFor } from "../../src/stage/projection.ts";
import { marksOfScene } from "../../src/stage/scene.ts";
import { svgFromMarks } from "../../src/stage/svg.ts";
import { spelled } from "./accents.ts";

export { readFilm } from "../../src/film/format.ts";
export { entitled } from "../../src/film/titles.ts";

/** What Facebook, Slack, Mastodon and the like show whole. */
export const CARD = { width: 1200, height: 630 } as const;

const MARGIN = 56;
const GAP = 28;
/** The first line's. */
const TITLE_PX = 50;
const ABOUT_PX = 27;
const CAPTION_PX = 21;
const LINE = 1.3;
/** A stage that is narrower shows one end of time in the place of the other. */
const LEAST_OF_BOTH_ENDS = 400;
/** A letter is about so wide, of its height. */
const LETTER = 0.5;
const LETTER_OF_BOLD = 0.54;
const TOP_OF_STAGES = 216;
const MEASURED_PX = 17;
const LINE_OF_MEASURED = 1.3 * MEASURED_PX;
/** Where a film of points rests at an end of time and there is room for both, it is shown on its way. */
const ON_ITS_WAY = 0.3;

/** The properties of a style sheet, as they are where it is light. */
export function lightColors(css: string): ReadonlyMap<string, string> {
  const declared = css.matchAll(/(--[\w-]+): .*?light-dark\((#\w+), #\w+\)/g);
  return new Map([...declared].map(([, name = "", color = ""]) => [name, color]));
}

export interface CardText {
  title: string;
  about: string;
  icon: string;
}

/** Without a film there are its words alone. */
export function cardSvg({ title, about, icon }: CardText, film: RecordedFilm | null, css: string): string {
  const colors = lightColors(css);
  const color = (name: string) => colors.get(name) ?? "#000000";
  const across = CARD.width - 2 * MARGIN;
  const parts = [
    `<rect width="100%" height="100%" fill="${color("--paper")}"/>`,
    `<g transform="translate(${MARGIN} 34) scale(1.1)">${inner(icon)}</g>`,
    lettered("Flow Playground", { x: MARGIN + 48, y: 61, size: 24, fill: color("--ink-soft") }),
    lettered(title, { x: MARGIN, y: 124, size: fitting(title, across, TITLE_PX), fill: color("--ink"), bold: true }),
    ...wrapped(about, across / (LETTER * ABOUT_PX)).map((line, i) =>
      lettered(line, { x: MARGIN, y: 166 + i * LINE * ABOUT_PX, size: ABOUT_PX, fill: color("--ink-soft") }),
    ),
    ...(film === null ? [largeIcon(icon)] : stages(film, paletteFrom(color), color)),
  ];
  const { width, height } = CARD;
  const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${parts.join("\n")}</svg>`;
}

function stages(film: RecordedFilm, palette: Palette, color: (name: string) => string): string[] {
  const n = film.panels.length;
  const most = (CARD.width - 2 * MARGIN - (n - 1) * GAP) / n;
  const isNarrow = most < LEAST_OF_BOTH_ENDS;
  const said = film.panels.map((panel) => (isNarrow ? captionOf(panel).split(" · ") : [captionOf(panel)]));
  const words = LINE * CAPTION_PX + LINE_OF_MEASURED * Math.max(...said.map(({ length }) => length));
  const room = CARD.height - TOP_OF_STAGES - MARGIN / 2 - words;
  const width = widestFor(room, most);
  const height = heightFor(width);
  const [left, top] = [(CARD.width - n * width - (n - 1) * GAP) / 2, TOP_OF_STAGES + (room - height) / 2];
  const { t } = film.view;
  const parts = film.panels.flatMap((panel, i) => {
    const name = panelName(film, i);
    const [x, y] = [left + i * (width + GAP), top];
    const rests = (t === 0 || t === 1) && !isNarrow && panel.picture.pictures === null;
    const scene = sceneOf(film, panel, palette, rests ? ON_ITS_WAY : t);
    const drawn = svgFromMarks(marksOfScene(scene, width, height), { width, height, palette, title: panel.title });
    const box = `<rect width="${width}" height="${height}" rx="8" fill="${color("--surface")}" stroke="${color("--line")}"/>`;
    const captionY = y + height + LINE * CAPTION_PX;
    return [
      `<g transform="translate(${x} ${y})" clip-path="url(#stage)">${box}${inner(drawn)}</g>`,
      lettered(name, {
        ...OF_FIGURE,
        x,
        y: captionY,
        size: fitting(name, width, CAPTION_PX),
        fill: color("--ink"),
        bold: true,
      }),
      ...(said[i] ?? []).map((line, k) => {
        const y = captionY + (k + 1) * LINE_OF_MEASURED;
        return lettered(line, {
          ...OF_FIGURE,
          x,
          y,
          size: fitting(line, width, MEASURED_PX),
          fill: color("--ink-soft"),
        });
      }),
    ];
  });
  // What runs away stays in its stage.
  return [`<clipPath id="stage"><rect width="${width}" height="${height}"/></clipPath>`, ...parts];
}

/** In the place of stages. */
function largeIcon(icon: string): string {
  return `<g transform="translate(${CARD.width / 2 - 152} 262) scale(9.5)">${inner(icon)}</g>`;
}

/** The widest stage that is no higher than there is room. */
function widestFor(height: number, most: number): number {
  for (let width = Math.floor(most); width > 1; width--) if (heightFor(width) <= height) return width;
  return 1;
}

/** No wider than there is room. */
function fitting(text: string, width: number, size: number): number {
  return Math.min(size, width / (LETTER_OF_BOLD * text.length));
}

/** KaTeX's font without serifs has none; a line that holds one is not to be in another font as a whole. */
const SHARP_S = `<tspan font-family="KaTeX_Main">ß</tspan>`;
/** As in a paper: what is said of figures has serifs, and its font has all that is said of numbers. */
const OF_FIGURE = { family: "KaTeX_Main" } as const;

interface Lettering {
  family?: string;
  x: number;
  y: number;
  size: number;
  fill: string;
  bold?: boolean;
}

function lettered(text: string, lettering: Lettering): string {
  const { x, y, size, fill, bold = false, family = "KaTeX_SansSerif" } = lettering;
  const font = `font-family="${family}" font-weight="${bold ? 700 : 400}" font-size="${size.toFixed(1)}"`;
  const { signs, across, down } = spelled(text, `${family.replace("KaTeX_", "")}-${bold ? "Bold" : "Regular"}`);
  const list = (name: string, ems: readonly number[]) =>
    ems.some((em) => em !== 0) ? ` ${name}="${ems.map((em) => (em * size).toFixed(2)).join(" ")}"` : "";
  const moved = list("dx", across) + list("dy", down);
  return `<text x="${x}" y="${y.toFixed(1)}"${moved} ${font} fill="${fill}">${escaped(signs).replaceAll("ß", SHARP_S)}</text>`;
}

/** Two lines at the most. */
export function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= letters) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.length <= 2 ? lines : [lines[0] ?? "", `${lines[1]} …`];
}

/** What is within an SVG. */
function inner(svg: string): string {
  return svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
}
