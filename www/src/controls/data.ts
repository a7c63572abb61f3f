// Which data: thumbnails of the built-in sets, and one's own points by file, drop or paste.
import { html, nothing, type TemplateResult } from "lit";
import { type BuiltInKind, DATA_TITLES, OFFERED_DATA } from "../experiment/presets";
import { type Notice, type State, showDialog } from "../state";
import type { Actions } from "./actions";

export type Thumbnails = Readonly<Record<BuiltInKind | "points", SVGElement>>;

export function dataControls(state: State, actions: Actions, thumbnails: Thumbnails): TemplateResult {
  return html`
    <fieldset class="data">
      <legend>Data <span class="quiet">${titleOf(state)}</span></legend>
      <div class="thumbnails">
        ${OFFERED_DATA.map((kind) => thumbnail(state, actions, kind, thumbnails))}
      </div>
      <div class="own">
        <label class="button" title="CSV, TSV or .npy: columns of numbers, with or without a header. You can also drop a file anywhere.">
          Open file
          <input type="file" accept=".csv,.tsv,.txt,.npy,text/*" @change=${(event: Event) => readChosenFile(event, actions)} />
        </label>
        <button type="button" @click=${() => actions.change(showDialog({ kind: "paste" }))}>Paste</button>
        ${state.user === null ? nothing : ownPoints(state, actions, thumbnails)}
      </div>
      <p class="notice ${state.notice?.kind ?? ""}" role="status">${noticeText(state.notice)}</p>
      ${scalingOf(state)}
    </fieldset>
  `;
}

function titleOf({ setup, user }: State): string {
  if (setup.data !== "points") return DATA_TITLES[setup.data];
  return user?.name ?? "your points";
}

function thumbnail({ setup }: State, actions: Actions, kind: BuiltInKind, thumbnails: Thumbnails): TemplateResult {
  return html`
    <button
      type="button"
      class="thumbnail"
      aria-label=${DATA_TITLES[kind]}
      aria-pressed=${setup.data === kind}
      title=${DATA_TITLES[kind]}
      @click=${() => actions.restart({ data: kind })}
    >
      ${thumbnails[kind]}
    </button>
  `;
}

function ownPoints({ setup, user }: State, actions: Actions, thumbnails: Thumbnails): TemplateResult {
  return html`
    <button
      type="button"
      class="thumbnail"
      aria-label="your points"
      aria-pressed=${setup.data === "points"}
      title=${user?.name ?? ""}
      @click=${() => actions.restart({ data: "points" })}
    >
      ${thumbnails.points}
    </button>
  `;
}

function noticeText(notice: Notice | null): string {
  return notice?.text ?? "";
}

function scalingOf({ setup, user, panels }: State): TemplateResult | typeof nothing {
  const [panel] = panels;
  if (setup.data !== "points" || user === null || panel === undefined) return nothing;
  const { center, scale } = panel;
  const pair = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(4))).join(", ");
  const count = (user.points.length / 2).toLocaleString("en-US");
  const text = `${count} points of ${user.columns.join(" and ")}, centered at (${pair(center)}), scaled by (${pair(scale)}); the export undoes both.`;
  return html`<p class="quiet small">${text}</p>`;
}

function readChosenFile(event: Event, actions: Actions): void {
  const input = event.currentTarget as HTMLInputElement;
  const file = input.files?.[0];
  if (file !== undefined) actions.read(file, file.name);
  // The same file, corrected, may be chosen again.
  input.value = "";
}
