// Strips of pictures as elements: what is seen in words, and a canvas a column with its name below it.
import { msg } from "../language";
import { packedCells } from "./canvas";
import type { Strip } from "./frame";
import type { Palette } from "./marks";

/** Between two pictures of a column, as a part of their side. */
const GAP = 1 / 8;

export function stripFigure(strip: Strip, palette: Palette): HTMLElement {
  const figure = document.createElement("figure");
  figure.className = "strip";
  const row = document.createElement("div");
  row.setAttribute("role", "img");
  row.setAttribute("aria-label", msg(`${strip.title} Columns: ${strip.columns.join("; ")}.`));
  row.style.setProperty("--columns", String(strip.columns.length));
  row.append(...strip.columns.map((name, column) => columnOf(strip, column, name, palette)));
  const caption = document.createElement("figcaption");
  caption.textContent = strip.title;
  figure.append(caption, row);
  return figure;
}

function columnOf(strip: Strip, column: number, name: string, { ramps }: Palette): HTMLElement {
  const canvas = document.createElement("canvas");
  const { columns, rows, values } = columnCells(strip, column);
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  new Uint32Array(image.data.buffer).set(packedCells({ values, colored: strip.colors === 3 }, ramps.glyph));
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  const label = document.createElement("span");
  label.textContent = name;
  const cell = document.createElement("div");
  cell.append(canvas, label);
  return cell;
}

/** The pictures of one column below each other; NaN between them, and where a pixel ran away. */
export function columnCells({ side, colors, columns: { length }, pixels }: Strip, column: number) {
  const area = side * side * colors;
  const numRows = pixels.length / (length * area);
  const pitch = side + Math.max(1, Math.round(GAP * side));
  const rows = (numRows - 1) * pitch + side;
  const values = new Float32Array(side * rows * colors).fill(Number.NaN);
  for (let row = 0; row < numRows; row++) {
    const from = (row * length + column) * area;
    values.set(
      pixels.subarray(from, from + area).map((value) => (Number.isFinite(value) ? value : Number.NaN)),
      row * pitch * side * colors,
    );
  }
  return { columns: side, rows, values };
}
