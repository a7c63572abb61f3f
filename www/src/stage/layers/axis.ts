import type { Mark } from "../marks";
import { AXIS_PX, type Projection, squareAt } from "../projection";
import type { Layer } from "./layer";

const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;
const LABEL_PX = 13;

/** The squares of the two ends, and the way of time between their centers. */
export const axis: Layer = ({ projection }) => {
  if (projection.kind === "square") return [square(projection, 0)];
  const y = axisY(projection);
  const ticks = TICKS.flatMap((t) => [centerX(projection, t), y - 3, centerX(projection, t), y + 3]);
  return [
    square(projection, 0),
    square(projection, 1),
    line([centerX(projection, 0), y, centerX(projection, 1), y]),
    line(ticks),
    label(projection.offset(0) + 9, 20, "data", "left"),
    label(projection.width - 10, 20, "noise", "right"),
    label(centerX(projection, 0), y + 18, "t = 0", "center"),
    // Time is the data's at 0: what generates goes against it.
    label(centerX(projection, 0.5), y + 18, "← samples, velocities →", "center"),
    label(centerX(projection, 1), y + 18, "t = 1", "center"),
  ];
};

/** Where t stands. */
export const now: Layer = ({ projection, t }) => {
  if (projection.kind === "square") return [label(10, 20, `t = ${t.toFixed(2)}`, "left")];
  const at = Float32Array.from([centerX(projection, t), axisY(projection)]);
  return [{ kind: "dots", at, radius: 4.5, hollow: false, role: "generated", opacity: 1 }];
};

/** The same beside what points somewhere: where both ends share one square, no side of it says where. */
export const nowDirected: Layer = (frame) => {
  const { kind, height } = frame.projection;
  const said = kind === "span" ? [] : [label(10, height - 10, "velocities to noise, samples to data", "left")];
  return [...now(frame), ...said];
};

/** Frames what is drawn of this one instant. */
export const squareOfNow: Layer = ({ projection, t }) => {
  if (projection.kind === "square") return [];
  return [{ kind: "rectangle", ...squareAt(projection, t), role: "label", opacity: 0.35 }];
};

function centerX({ offset, side }: Projection, t: number): number {
  return offset(t) + side / 2;
}

function axisY({ height }: Projection): number {
  return height - AXIS_PX + 10;
}

function square(projection: Projection, t: number): Mark {
  return { kind: "rectangle", ...squareAt(projection, t), role: "frame", opacity: 1 };
}

function line(vertices: readonly number[]): Mark {
  const flat = Float32Array.from(vertices);
  return { kind: "lines", vertices: flat, numVertices: 2, width: 1, dash: [], role: "frame", opacity: 1 };
}

function label(x: number, y: number, text: string, align: "left" | "center" | "right"): Mark {
  return { kind: "text", x, y, text, align, size: LABEL_PX, role: "label", opacity: 1 };
}
