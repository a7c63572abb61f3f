// What is to be drawn, as data that any renderer can draw. Pixels, x to the right, y down, every one of them finite.

/** What a mark stands for; a renderer's palette gives it a color. */
export type Role =
  | "data"
  | "noise"
  | "generated"
  | "path"
  | "trajectory"
  | "density"
  | "frame"
  | "label"
  | "ink"
  | "velocity"
  | "lattice"
  | RampRole;

/** Roles whose color says a number too. */
export type RampRole = "time" | "curvature" | "divergence" | "glyph" | "class";

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Styled {
  role: Role;
  opacity: number;
  /** in [0, 1]: where on its role's ramp the color is taken */
  shade?: number;
  /** nothing outside is drawn */
  clip?: Rectangle;
}

export type Mark =
  | ({
      kind: "dots";
      /** flat [x0, y0, x1, y1, ..] */
      at: Float32Array;
      radius: number;
      hollow: boolean;
      /** one of those in shapes.ts; a disc if not given */
      shape?: number;
    } & Styled)
  | ({ kind: "diamonds"; at: Float32Array; radius: number } & Styled)
  | ({
      kind: "lines";
      /** flat vertices, line after line, `numVertices` each */
      vertices: Float32Array;
      numVertices: number;
      width: number;
      dash: readonly number[];
    } & Styled)
  | ({
      kind: "arrows";
      /** flat [x, y, dx, dy, ..]: where each begins, and how far it points */
      vectors: Float32Array;
      width: number;
      /** length of the head; shorter on arrows that are too short for it */
      head: number;
    } & Styled)
  | ({
      kind: "area";
      /** closed rings, flat vertices each; even-odd */
      rings: readonly Float32Array[];
      /** its outline alone */
      hollow: boolean;
    } & Styled)
  | ({
      kind: "cells";
      columns: number;
      rows: number;
      /** in [0, 1], or NaN for nothing; row by row from the top */
      values: Float32Array;
      /** whether each cell has three of them, its red, green and blue, in the place of a shade of its role */
      colored?: boolean;
      smooth: boolean;
      role: RampRole;
    } & Rectangle &
      Styled)
  | ({ kind: "rectangle" } & Rectangle & Styled)
  | ({ kind: "text"; x: number; y: number; text: string; align: "left" | "center" | "right"; size: number } & Styled);

export type OfKind<K extends Mark["kind"]> = Extract<Mark, { kind: K }>;

/** Every color as rgb(r, g, b). */
export interface Palette {
  colors: Readonly<Record<Role, string>>;
  /** from 0 to 1, evenly */
  ramps: Readonly<Record<RampRole, readonly string[]>>;
}

export function isRampRole(role: Role, { ramps }: Palette): role is RampRole {
  return role in ramps;
}

/** The ramp's color nearest to a value in [0, 1]. */
export function rampIndex(ramp: readonly string[], value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * (ramp.length - 1));
}

export function colorOf({ role, shade }: Mark, palette: Palette): string {
  if (shade === undefined || !isRampRole(role, palette)) return palette.colors[role];
  const ramp = palette.ramps[role];
  return ramp[rampIndex(ramp, shade)] ?? palette.colors[role];
}

export interface Arrowhead {
  /** where the shaft ends */
  neck: readonly [number, number];
  left: readonly [number, number];
  right: readonly [number, number];
  tip: readonly [number, number];
}

/** Share of an arrow's length that its head may take. */
const LARGEST_HEAD = 0.6;
/** half its width, of its length */
const HALF_HEAD = 0.45;

/** The head of an arrow, the same in every renderer. */
export function arrowhead([x, y]: readonly [number, number], dx: number, dy: number, head: number): Arrowhead {
  const length = Math.hypot(dx, dy);
  const part = length === 0 ? 0 : Math.min(LARGEST_HEAD, head / length);
  const neck = [x + (1 - part) * dx, y + (1 - part) * dy] as const;
  const [outX, outY] = [-dy * part * HALF_HEAD, dx * part * HALF_HEAD];
  return {
    neck,
    left: [neck[0] + outX, neck[1] + outY],
    right: [neck[0] - outX, neck[1] - outY],
    tip: [x + dx, y + dy],
  };
}
