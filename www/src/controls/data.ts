// Which data, and which noise: thumbnails of the built-in sources, and one's own points drawn, by file, drop or paste.
import { html, nothing, type TemplateResult } from "lit";
import { coordinate } from "../evidence/numbers";
import { newDrawing } from "../experiment/drawing";
import { type BuiltInKind, DATA_TITLES, HIGH_DATA, LINE_DATA, OFFERED_NOISE, PLANAR_DATA } from "../experiment/presets";
import type { State } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions, Shown } from "./actions";

type Kind = BuiltInKind | "points";
export type ThumbnailElements = Readonly<Record<"data" | "noise", Readonly<Record<Kind, SVGElement>>>>;

export function dataControls(state: State, actions: Actions, thumbnails: ThumbnailElements): TemplateResult {
  const { setup, user } = state;
  // Open too where a choice in it was refused, to say so.
  const isNoise = setup.noise !== "gaussian" || state.notice?.at === "noise.kind";
  const data = (kind: Kind) => thumbnail("data", kind, { state, actions, thumbnails });
  return html`
    <fieldset class="data">
      <legend>Data <i>P</i>, t = 0 <span class="quiet">${dataTitle(state)}</span></legend>
      <div class="thumbnails">${PLANAR_DATA.map(data)} ${LINE_DATA.map(data)} ${HIGH_DATA.map(data)} ${user === null ? nothing : data("points")}</div>
      <div class="own">
        <button type="button" title="With mouse, pen or finger" @click=${() => actions.change(showDialog({ kind: "draw", drawing: newDrawing() }))}>Draw</button>
        ${/* No `accept`: iOS knows no type of .npy and would let nobody choose one. */ nothing}
        <label class="button" title="CSV, TSV, JSON or NumPy: columns of numbers, with or without a header. You can also drop a file anywhere.">
          Open file
          <input type="file" @change=${(event: Event) => readChosenFile(event, actions)} />
        </label>
        <button type="button" @click=${() => actions.change(showDialog({ kind: "paste" }))}>Paste</button>
      </div>
      ${noticeOf(state)} ${scalingOf(state)}
    </fieldset>
    <details class="noise" ?open=${isNoise}>
      <summary>Noise <i>Q</i>, t = 1 <span class="quiet">${DATA_TITLES[setup.noise]}</span></summary>
      <div class="thumbnails">${OFFERED_NOISE.map((kind) => thumbnail("noise", kind, { state, actions, thumbnails }))}</div>
      <p class="quiet small">
        Likelihood methods and diffusions end at a Gaussian; flow matching goes between any two ends.
      </p>
      ${refusalOf(state, "noise.kind")}
    </details>
  `;
}

export function dataTitle({ setup, user }: Pick<State, "setup" | "user">): string {
  if (setup.data !== "points") return DATA_TITLES[setup.data];
  return user?.name ?? "your points";
}

interface Context extends Shown {
  thumbnails: ThumbnailElements;
}

function thumbnail(end: "data" | "noise", kind: Kind, { state, actions, thumbnails }: Context): TemplateResult {
  const title = kind === "points" ? "your points" : DATA_TITLES[kind];
  return html`
    <button
      type="button"
      class="thumbnail"
      aria-label=${end === "data" ? title : `noise: ${title}`}
      aria-pressed=${state.setup[end] === kind}
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
  return html`<p class="notice ${shown?.kind ?? ""}" role="status">${shown?.text ?? ""}</p>`;
}

function refusalOf({ notice }: State, at: string): TemplateResult | typeof nothing {
  return notice?.at === at ? html`<p class="notice error" role="alert">${notice.text}</p>` : nothing;
}

function scalingOf({ setup, user, panels }: State): TemplateResult | typeof nothing {
  const [panel] = panels;
  if (setup.data !== "points" || user === null || panel === undefined) return nothing;
  const count = (user.points.length / user.columns.length).toLocaleString("en-US");
  if (user.columns.length > 2) {
    return html`<p class="quiet small">${count} points of ${user.columns.length} columns, each centered and scaled; the export undoes both.</p>`;
  }
  // Of one column the plane's other coordinate is time.
  const [center, scale] = [panel.center, panel.scale].map((values) => values.slice(2 - user.columns.length)) as [
    number[],
    number[],
  ];
  const centered = center.map((value, j) => coordinate(value, scale[j] ?? 1)).join(", ");
  const scaled = scale.map((value) => Number(value.toPrecision(4))).join(", ");
  const text = `${count} points of ${user.columns.join(" and ")}, centered at ${center.length === 1 ? centered : `(${centered})`}, scaled by (${scaled}); the export undoes both.`;
  return html`<p class="quiet small">${text}</p>`;
}

function readChosenFile(event: Event, actions: Actions): void {
  const input = event.currentTarget as HTMLInputElement;
  const file = input.files?.[0];
  if (file !== undefined) actions.read(file, file.name);
  // The same file, corrected, may be chosen again.
  input.value = "";
}
