// What is to be drawn, as data that any renderer can draw. Pixels, x to the right, y down.

/** What a mark stands for; a renderer's palette gives it a color. */
export type Role = "data" | "noise" | "generated" | "path" | "trajectory" | "density" | "frame" | "label" | "ink";

interface Styled {
  role: Role;
  opacity: number;
}

export type Mark =
  | ({ kind: "dots" /** flat [x0, y0, x1, y1, ..] */; at: Float32Array; radius: number; hollow: boolean } & Styled)
  | ({ kind: "diamonds"; at: Float32Array; radius: number } & Styled)
  | ({
      kind: "lines";
      /** flat vertices, line after line, `numVertices` each */
      vertices: Float32Array;
      numVertices: number;
      width: number;
      dash: readonly number[];
    } & Styled)
  | ({ kind: "area" /** closed rings, flat vertices each; even-odd */; rings: readonly Float32Array[] } & Styled)
  | ({ kind: "rectangle"; x: number; y: number; width: number; height: number } & Styled)
  | ({ kind: "text"; x: number; y: number; text: string; align: "left" | "center" | "right"; size: number } & Styled);

export type Palette = Record<Role, string>;
