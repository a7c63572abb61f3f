// One picture that may be a sheet of many: how they lie in it, asked beside the first as they would be cut.

import { html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { FEWEST_POINTS } from "../experiment/limits";
import { type Laid, roomFor, SMALLEST_TILE, startsOf, type Tiling, tilesIn } from "../experiment/sheets";
import { msg, num } from "../language";
import type { Dialog } from "../state/state";
import { showDialog } from "../state/talk";
import type { Actions } from "./actions";

type SheetDialog = Extract<Dialog, { kind: "sheet" }>;

const TILING_FIELDS: readonly [keyof Laid, string, least: number][] = [
  ["tiles", msg("pictures"), 1],
  ["pixels", msg("pixels of each"), SMALLEST_TILE],
  ["margin", msg("margin"), 0],
  ["gap", msg("gap between"), 0],
];

const SIDE_TITLES: Readonly<Record<keyof Tiling, string>> = { across: msg("across"), down: msg("down") };

/** The first that are shown, and how large. */
const SHOWN = { columns: 8, rows: 3, side: 48 };

export function sheetForm(dialog: SheetDialog, actions: Actions, close: () => void): TemplateResult {
  const { file, sheet, width, height, isSeen } = dialog;
  const count = sheet.across.tiles * sheet.down.tiles;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    close();
    actions.read(file.source, file.name, { ...file.options, sheet });
  };
  const row = ([name, title, least]: (typeof TILING_FIELDS)[number]) => {
    const cell = (side: keyof Tiling, length: number) => html`
      <td>
        <input
          type="number" required min=${least} max=${length} aria-label="${title} ${SIDE_TITLES[side]}" .value=${String(sheet[side][name])}
          @input=${({ target }: Event) => {
            const value = Math.floor((target as HTMLInputElement).valueAsNumber);
            if (!(value >= least && value <= length)) return;
            actions.change(
              showDialog({ ...dialog, sheet: { ...sheet, [side]: changed(sheet[side], name, value, length) } }),
            );
          }}
        />
      </td>
    `;
    return html`<tr><th scope="row">${title}</th>${cell("across", width)}${cell("down", height)}</tr>`;
  };
  const first = Math.min(count, SHOWN.columns * SHOWN.rows);
  return html`
    <form @submit=${submit}>
      <h2 id="dialog-title">${msg("A sheet of pictures?")}</h2>
      <p>
        ${
          isSeen
            ? msg(`${file.name} is one picture of ${width} × ${height} pixels. It looks like a sheet of these:`)
            : msg(
                `${file.name} is one picture of ${width} × ${height} pixels. No lattice was seen in it, and of one picture nothing is learned: ${FEWEST_POINTS} are needed. If it is a sheet, say how they lie in it.`,
              )
        }
      </p>
      <canvas
        class="tiles" role="img" aria-label=${msg(`The first ${first} of ${count} pictures`)}
        ${ref((canvas) => canvas && drawFirst(canvas as HTMLCanvasElement, dialog))}
      ></canvas>
      <table class="reading sheet">
        <thead><tr><td></td><th scope="col">${SIDE_TITLES.across}</th><th scope="col">${SIDE_TITLES.down}</th></tr></thead>
        <tbody>${TILING_FIELDS.map(row)}</tbody>
      </table>
      <div class="row">
        <button type="submit" class="primary" ?disabled=${count < FEWEST_POINTS}>${msg(`Use these ${num(count.toLocaleString("en-US"))} pictures`)}</button>
        <button type="button" @click=${close}>${msg("Cancel")}</button>
      </div>
    </form>
  `;
}

/** What follows from it changes with it: the room for so many, or how many there is room for. */
function changed(laid: Laid, name: keyof Laid, value: number, length: number): Laid {
  const next = { ...laid, [name]: value };
  if (name === "tiles") return { ...next, pixels: Math.max(1, roomFor(next, length)) };
  return { ...next, tiles: tilesIn(next, length) };
}

/** By file, whose picture is decoded once. */
const BITMAPS = new WeakMap<Blob, Promise<ImageBitmap>>();

async function drawFirst(canvas: HTMLCanvasElement, { file, sheet }: SheetDialog): Promise<void> {
  const { source } = file;
  const blob = source instanceof Blob || typeof source === "string" ? source : source[0]?.blob;
  if (!(blob instanceof Blob)) return;
  const decoded = BITMAPS.get(blob) ?? createImageBitmap(blob);
  BITMAPS.set(blob, decoded);
  const bitmap = await decoded;
  const { across, down } = sheet;
  const scale = SHOWN.side / Math.max(across.pixels, down.pixels);
  const [columns, rows] = [Math.min(SHOWN.columns, across.tiles), Math.min(SHOWN.rows, down.tiles)];
  const step = SHOWN.side + 2;
  [canvas.width, canvas.height] = [columns * step, rows * step];
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.imageSmoothingEnabled = scale < 1;
  startsOf({ ...down, tiles: rows }).forEach((top, y) => {
    startsOf({ ...across, tiles: columns }).forEach((left, x) => {
      const [width, height] = [across.pixels * scale, down.pixels * scale];
      context.drawImage(bitmap, left, top, across.pixels, down.pixels, x * step, y * step, width, height);
    });
  });
}
