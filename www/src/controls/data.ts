// Which data, and which noise: thumbnails of the built-in sources, and one's own points drawn, by file, drop or paste.

import { html, nothing, type TemplateResult } from "lit";
import { chosen } from "../drops";
import { coordinate } from "../evidence/numbers";
import { ERROR_OF_CODES } from "../experiment/codes";
import { arePixels, shapeOf } from "../experiment/pictures";
import { type BuiltInKind, DATA_TITLES, HIGH_DATA, LINE_DATA, PLANAR_DATA, PLANAR_NOISE } from "../experiment/presets";
import { ANGLES, type Angles, noiseOn, SPACE_DATA, SPACE_NOISE, spaceOf } from "../experiment/spaces";
import { msg, num } from "../language";
import { type Camera, SPACE_SCALES } from "../stage/view";
import { endsAt } from "../state/panel";
import type { State } from "../state/state";
import { say, showDialog } from "../state/talk";
import type { Actions, Shown } from "./actions";
import { select } from "./knob";
import { spoken } from "./spoken";

type Kind = BuiltInKind | "points";
export type ThumbnailElements = Readonly<Record<"data" | "noise", Readonly<Record<Kind, SVGElement>>>>;

export function dataControls(state: State, actions: Actions, thumbnails: ThumbnailElements): TemplateResult {
  const { user } = state;
  const data = (kind: Kind) => thumbnail("data", kind, { state, actions, thumbnails });
  return html`
    <fieldset class="data">
      <legend>${endsAt(state) === "snapshots" ? msg("Snapshots") : msg(html`Data <i>P</i>, t = 0`)} <span class="quiet">${dataTitle(state)}</span></legend>
      <div class="thumbnails">${PLANAR_DATA.map(data)} ${LINE_DATA.map(data)} ${HIGH_DATA.map(data)} ${SPACE_DATA.map(data)} ${user === null ? nothing : data("points")}</div>
      <div class="own">
        <button type="button" title=${msg("With mouse, pen or finger")} @click=${() => actions.change(showDialog({ kind: "draw" }))}>${msg("Draw")}</button>
        ${/* No `accept`: iOS knows no type of .npy and would let nobody choose one. */ nothing}
        <label class="button" title=${msg("CSV, TSV, JSON or NumPy: columns of numbers, with or without a header. Pictures: NumPy, MNIST's files with their labels, or PNG, JPEG and WebP, several at once or one sheet of many. You can also drop files anywhere.")}>
          ${msg("Open file")}
          <input type="file" multiple @change=${(event: Event) => readChosenFiles(event, actions)} />
        </label>
        <label class="button" title=${msg("A folder of pictures. Where there are folders in it, they are the classes.")}>
          ${msg("Open folder")}
          <input type="file" webkitdirectory @change=${(event: Event) => readChosenFiles(event, actions)} />
        </label>
        <button type="button" @click=${() => actions.change(showDialog({ kind: "paste" }))}>${msg("Paste")}</button>
        <button type="button" title=${msg("Longitude and latitude of 1,707, on a sphere")} @click=${() => openEarthquakes(actions)}>${msg("Earthquakes of one week")}</button>
      </div>
      ${noticeOf(state)} ${anglesOf(state, actions)} ${scalingOf(state)} ${creditOf(state)}
    </fieldset>
    ${endsAt(state) === "snapshots" ? nothing : noiseControls(state, actions, thumbnails)}
  `;
}

function noiseControls(state: State, actions: Actions, thumbnails: ThumbnailElements): TemplateResult {
  const { setup } = state;
  const isOnSpace = spaceOf(setup) !== null;
  const noise = noiseOn(setup);
  const offered = isOnSpace ? SPACE_NOISE : PLANAR_NOISE;
  // Open too where a choice in it was refused, to say so.
  const isOpen = isOnSpace || noise !== "gaussian" || state.notice?.at === "noise.kind";
  return html`
    <details class="noise" ?open=${isOpen}>
      <summary>${msg(html`Noise <i>Q</i>, t = 1`)} <span class="quiet">${DATA_TITLES[noise]}</span></summary>
      <div class="thumbnails">${offered.map((kind) => thumbnail("noise", kind, { state, actions, thumbnails }))}</div>
      <p class="quiet small">
        ${
          isOnSpace
            ? msg("Noise is on the data's torus or sphere too: everywhere alike, or a Gaussian wrapped around it.")
            : msg("Likelihood methods and diffusions end at a Gaussian; flow matching goes between any two ends.")
        }
      </p>
      ${refusalOf(state, "noise.kind")}
    </details>
  `;
}

export function dataTitle({ setup, user }: Pick<State, "setup" | "user">): string {
  if (setup.data !== "points") return DATA_TITLES[setup.data];
  return user?.name ?? msg("your points");
}

interface Context extends Shown {
  thumbnails: ThumbnailElements;
}

function thumbnail(end: "data" | "noise", kind: Kind, { state, actions, thumbnails }: Context): TemplateResult {
  const title = kind === "points" ? msg("your points") : DATA_TITLES[kind];
  return html`
    <button
      type="button"
      class="thumbnail"
      aria-label=${end === "data" ? title : msg(`noise: ${title}`)}
      aria-pressed=${(end === "noise" ? noiseOn(state.setup) : state.setup.data) === kind}
      title=${kind === "points" ? (state.user?.name ?? title) : title}
      @click=${() => actions.set({ [end]: kind })}
    >
      ${thumbnails[end][kind]}
    </button>
  `;
}

/** What files were refused for, and what was done to them. */
function noticeOf({ notice }: State): TemplateResult {
  const shown = notice?.at === "data" || notice?.at.startsWith("data.") ? notice : null;
  return html`<p class="notice ${shown?.kind ?? ""}">${spoken(shown?.text ?? "")}</p>`;
}

function refusalOf({ notice }: State, at: string): TemplateResult | typeof nothing {
  return notice?.at === at ? html`<p class="notice error" role="alert">${notice.text}</p>` : nothing;
}

const ANGLE_TITLES: Readonly<Record<Angles, string>> = {
  none: msg("numbers"),
  degrees: msg("angles, degrees"),
  radians: msg("angles, radians"),
  globe: msg("longitude, latitude"),
};

/** Two columns may be angles, which go round. */
function anglesOf({ setup, user }: State, actions: Actions): TemplateResult | typeof nothing {
  if (setup.data !== "points" || user?.columns.length !== 2 || arePixels(user.columns)) return nothing;
  return html`<p class="small">
    ${msg("Its columns are")}
    ${select({
      label: msg("What the columns are"),
      value: setup.angles,
      options: ANGLES.map((value) => ({ value, title: ANGLE_TITLES[value] })),
      choose: (angles) => actions.set({ angles: angles as Angles }),
    })}
  </p>`;
}

function scalingOf({ setup, user, panels }: State): TemplateResult | typeof nothing {
  const [panel] = panels;
  if (setup.data !== "points" || user === null || panel === undefined) return nothing;
  const count = num((user.points.length / user.columns.length).toLocaleString("en-US"));
  const space = spaceOf(setup);
  if (space !== null) {
    const names = user.columns.join(msg(" and "));
    return html`<p class="quiet small">${
      space === "torus"
        ? msg(`${count} points on a torus, by ${names}.`)
        : msg(`${count} points on a sphere, by ${names}.`)
    }</p>`;
  }
  if (arePixels(user.columns)) {
    return html`<p class="quiet small">${
      shapeOf(user.columns.length)?.colors === 3
        ? msg(`${count} pictures, as they are: red, green and blue of each pixel from −1, dark, to 1.`)
        : msg(`${count} pictures, as they are: pixels from −1, paper, to 1, ink.`)
    }</p>`;
  }
  if (user.columns.length > 2) {
    return html`<p class="quiet small">${msg(`${count} points of ${user.columns.length} columns, each centered and scaled; the export undoes both.`)}</p>`;
  }
  // Of one column the plane's other coordinate is time.
  const [center, scale] = [panel.center, panel.scale].map((values) => values.slice(2 - user.columns.length)) as [
    number[],
    number[],
  ];
  const centered = center.map((value, j) => coordinate(value, scale[j] ?? 1)).join(msg(", ", "between decimals"));
  const scaled = scale.map((value) => num(String(Number(value.toPrecision(4))))).join(msg(", ", "between decimals"));
  const text = msg(
    `${count} points of ${user.columns.join(msg(" and "))}, centered at ${center.length === 1 ? centered : `(${centered})`}, scaled by (${scaled}); the export undoes both.`,
  );
  return html`<p class="quiet small">${text}</p>`;
}

/** As it stands in links too, in every language. */
const EARTHQUAKES = "usgs-earthquakes-2018.npy";
/** Where most of them are: 140° W, 35° N. */
const PACIFIC: Camera = { x: radians(-140) / SPACE_SCALES.sphere, y: radians(35) / SPACE_SCALES.sphere, zoom: 1 };

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

async function openEarthquakes(actions: Actions): Promise<void> {
  try {
    const { fetchedEarthquakes } = await import("../experiment/earthquakes");
    actions.usePoints(await fetchedEarthquakes(), EARTHQUAKES, PACIFIC);
  } catch {
    const text = msg("The earthquakes could not be fetched. Try again in a few seconds.");
    actions.change(say({ kind: "error", at: "data", text }));
  }
}

/** As their licence asks, and what was made of them. */
function creditOf({ setup, user, panels }: State): TemplateResult | typeof nothing {
  const chosen = [setup, ...panels.map(({ own }) => own)].map(({ data }) => data);
  if (chosen.includes("points") && user?.name === EARTHQUAKES) {
    return html`<p class="quiet small">
      ${msg(html`All earthquakes from 31 January to 7 February 2018, as recorded by then: <a href="https://earthquake.usgs.gov/" target="_blank" rel="noopener">U.S. Geological Survey</a>, public domain.`)}
    </p>`;
  }
  const areCodes = chosen.includes("digit-codes");
  if (!areCodes && !chosen.includes("digits")) return nothing;
  return html`<p class="quiet small">
    ${areCodes ? msg(`Each point is the code of a digit, two numbers of which a small network draws it again; it was trained on four of every five. ${ERROR_OF_CODES}`) : nothing}
    ${msg(html`1,797 digits of 43 writers: E. Alpaydin, C. Kaynak,
    <a href="https://doi.org/10.24432/C50P49" target="_blank" rel="noopener">Optical Recognition of Handwritten Digits</a>, UCI
    Machine Learning Repository, CC BY 4.0. Every fifth is held out.`)}
  </p>`;
}

function readChosenFiles(event: Event, actions: Actions): void {
  const input = event.currentTarget as HTMLInputElement;
  const files = [...(input.files ?? [])];
  if (files.length > 0) actions.read(...chosen(files));
  // The same file, corrected, may be chosen again.
  input.value = "";
}
